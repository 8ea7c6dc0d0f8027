package millrace.local.generate;

import com.google.protobuf.CodedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import millrace.contracts.orders.v1.OrderCreated;
import millrace.core.failed.FailureClass;
import millrace.local.generate.OrderEvents.Wish;
import millrace.local.publish.OutgoingEvent;

/** Events that must not become rows, a few of every kind that a producer can cause. */
final class FailedEvents {
  /** A type of the orders source that has no contract. */
  static final String UNKNOWN_TYPE = "orders.v1.OrderCancelled";

  private static final List<FailureClass> KINDS =
      List.of(
          FailureClass.MALFORMED,
          FailureClass.MALFORMED,
          FailureClass.MALFORMED,
          FailureClass.UNKNOWN_TYPE,
          FailureClass.UNKNOWN_TYPE,
          FailureClass.UNKNOWN_TYPE,
          FailureClass.EMPTY,
          FailureClass.EMPTY,
          FailureClass.CONTENT_TYPE,
          FailureClass.CONTENT_TYPE,
          FailureClass.NO_IDENTITY,
          FailureClass.NO_IDENTITY);

  private final Randomness random;

  /** Order numbers of their own, so that no failed order is missing among the good ones. */
  private final OrderEvents orders;

  FailedEvents(Randomness random) {
    this.random = random;
    this.orders = new OrderEvents(random, 100);
  }

  static int count() {
    return KINDS.size();
  }

  GeneratedEvent create(int index, Instant time) {
    FailureClass kind = KINDS.get(index);
    OrderCreated order = orders.create(time, List.of(new Wish(0, 1, 499)));
    String type = OrderCreated.getDescriptor().getFullName();
    String id = order.getEventId();
    OutgoingEvent event =
        switch (kind) {
          case MALFORMED -> outgoing(type, id, OutgoingEvent.PROTOBUF, cutOff(order.toByteArray()));
          case UNKNOWN_TYPE -> outgoing(UNKNOWN_TYPE, id, OutgoingEvent.PROTOBUF, cancelled(order));
          case EMPTY -> outgoing(type, id, OutgoingEvent.PROTOBUF, new byte[0]);
          case CONTENT_TYPE ->
              outgoing(
                  type,
                  id,
                  "application/json",
                  ("{\"order_id\":\"" + order.getOrderId() + "\"}")
                      .getBytes(StandardCharsets.UTF_8));
          case NO_IDENTITY ->
              // the client library still gives a message-id, which must not stand in for the
              // contract's own
              outgoing(
                  type,
                  random.uuid(),
                  OutgoingEvent.PROTOBUF,
                  order.toBuilder().clearEventId().build().toByteArray());
          case RULE, BAD_BATCH ->
              throw new IllegalArgumentException(kind + " is not the fault of one event");
        };
    return new GeneratedEvent(event, Optional.of(kind), false);
  }

  private static OutgoingEvent outgoing(
      String type, String id, String contentType, byte[] payload) {
    return new OutgoingEvent("orders", type, id, contentType, payload);
  }

  /** Ends inside the first field, so that no prefix of it is a message. */
  private static byte[] cutOff(byte[] whole) {
    return Arrays.copyOf(whole, 10);
  }

  /**
   * {@code event_id = 1, order_id = 2, cancelled_at = 3, reason = 4}: what a release of the type
   * could say.
   */
  private static byte[] cancelled(OrderCreated order) {
    var bytes = new ByteArrayOutputStream();
    CodedOutputStream out = CodedOutputStream.newInstance(bytes);
    try {
      out.writeString(1, order.getEventId());
      out.writeString(2, order.getOrderId());
      out.writeMessage(3, order.getCreatedAt());
      out.writeString(4, "CUSTOMER_REQUEST");
      out.flush();
    } catch (IOException impossible) {
      throw new IllegalStateException("writing to memory failed", impossible);
    }
    return bytes.toByteArray();
  }
}

package millrace.core.receive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import millrace.core.failed.MillraceFailure.EnvironmentFailure;
import millrace.event.v1.Event;
import org.junit.jupiter.api.Test;

/** What every queue of deliveries does, in memory or at a broker. */
public interface DeliveryQueueContract {
  /** Long enough for a broker on a busy machine; the twin does not wait. */
  Duration PATIENCE = Duration.ofSeconds(20);

  /** One queue, empty and with dead letters, and the broker around it. */
  interface Harness {
    DeliveryQueue queue();

    void publish(Event event);

    /** How many events lie in the dead letters of the queue. */
    long deadLetters();

    /** Breaks every connection of the queue, as a network does. */
    void breakConnections();
  }

  Harness harness(int prefetch);

  @Test
  default void hands_out_what_was_published_in_order() {
    Harness broker = harness(10);
    List<Event> events = publish(broker, 5);

    try (Deliveries deliveries = broker.queue().open()) {
      assertThat(take(deliveries, 5)).extracting(Delivery::event).matches(sameAs(events));
      assertThat(deliveries.next(Duration.ofMillis(10))).isEmpty();
    }
  }

  @Test
  default void what_is_acknowledged_does_not_come_again() {
    Harness broker = harness(10);
    publish(broker, 5);

    try (Deliveries deliveries = broker.queue().open()) {
      deliveries.acknowledge(take(deliveries, 5));
    }

    try (Deliveries deliveries = broker.queue().open()) {
      assertThat(deliveries.next(Duration.ofMillis(500))).isEmpty();
    }
    assertThat(broker.queue().backlog()).isZero();
  }

  @Test
  default void what_is_not_acknowledged_comes_again_and_says_so() {
    Harness broker = harness(10);
    List<Event> events = publish(broker, 4);
    try (Deliveries deliveries = broker.queue().open()) {
      List<Delivery> taken = take(deliveries, 4);
      assertThat(taken).noneMatch(Delivery::redelivered);
      deliveries.acknowledge(taken.subList(0, 2));
    }

    try (Deliveries deliveries = broker.queue().open()) {
      List<Delivery> again = take(deliveries, 2);
      assertThat(again).extracting(Delivery::event).matches(sameAs(events.subList(2, 4)));
      assertThat(again).allMatch(Delivery::redelivered);
    }
  }

  @Test
  default void acknowledging_out_of_order_keeps_what_lies_between() {
    Harness broker = harness(10);
    List<Event> events = publish(broker, 6);
    try (Deliveries deliveries = broker.queue().open()) {
      List<Delivery> taken = take(deliveries, 6);
      deliveries.acknowledge(List.of(taken.get(1), taken.get(5), taken.get(3)));
      deliveries.acknowledge(List.of(taken.get(0)));
    }

    try (Deliveries deliveries = broker.queue().open()) {
      assertThat(take(deliveries, 2))
          .extracting(Delivery::event)
          .matches(sameAs(List.of(events.get(2), events.get(4))));
      assertThat(deliveries.next(Duration.ofMillis(300))).isEmpty();
    }
  }

  @Test
  default void dead_letters_leave_the_queue_and_are_kept() {
    Harness broker = harness(10);
    publish(broker, 3);

    try (Deliveries deliveries = broker.queue().open()) {
      List<Delivery> taken = take(deliveries, 3);
      deliveries.deadLetter(List.of(taken.get(1)));
      deliveries.acknowledge(List.of(taken.get(0), taken.get(2)));
    }

    await(() -> broker.deadLetters() == 1);
    try (Deliveries deliveries = broker.queue().open()) {
      assertThat(deliveries.next(Duration.ofMillis(300))).isEmpty();
    }
  }

  @Test
  default void no_more_than_the_prefetch_is_out_at_a_time() {
    Harness broker = harness(3);
    publish(broker, 10);

    try (Deliveries deliveries = broker.queue().open()) {
      List<Delivery> taken = take(deliveries, 3);
      assertThat(deliveries.next(Duration.ofMillis(300))).isEmpty();
      // some brokers count what is handed out, too
      assertThat(broker.queue().backlog()).isBetween(7L, 10L);
      deliveries.acknowledge(taken.subList(0, 1));
      take(deliveries, 1);
      assertThat(deliveries.next(Duration.ofMillis(300))).isEmpty();
    }
  }

  @Test
  default void after_a_lost_connection_nothing_can_be_settled_and_everything_comes_again() {
    Harness broker = harness(10);
    publish(broker, 3);
    try (Deliveries deliveries = broker.queue().open()) {
      List<Delivery> taken = take(deliveries, 3);
      broker.breakConnections();
      assertThatThrownBy(() -> untilLost(deliveries)).isInstanceOf(EnvironmentFailure.class);
      assertThatThrownBy(() -> deliveries.acknowledge(taken))
          .isInstanceOf(EnvironmentFailure.class);
      assertThatThrownBy(() -> deliveries.deadLetter(taken)).isInstanceOf(EnvironmentFailure.class);
    }

    try (Deliveries deliveries = broker.queue().open()) {
      assertThat(take(deliveries, 3)).allMatch(Delivery::redelivered);
    }
  }

  @Test
  default void stopping_ends_the_flow_and_still_lets_settle() {
    Harness broker = harness(2);
    publish(broker, 5);
    try (Deliveries deliveries = broker.queue().open()) {
      List<Delivery> taken = take(deliveries, 1);
      deliveries.stop();
      assertThat(deliveries.next(Duration.ofMillis(100))).isEmpty();
      deliveries.acknowledge(taken);
    }

    await(() -> broker.queue().backlog() == 4);
  }

  @Test
  default void counts_what_waits() {
    Harness broker = harness(10);
    assertThat(broker.queue().backlog()).isZero();

    publish(broker, 4);

    await(() -> broker.queue().backlog() == 4);
  }

  private static List<Event> publish(Harness broker, int count) {
    List<Event> events =
        IntStream.range(0, count)
            .mapToObj(
                i ->
                    Event.newBuilder()
                        .setId("e" + i)
                        .setSource("orders")
                        .setType("orders.v1.OrderCreated")
                        .setPayload(ByteString.copyFromUtf8("payload " + i))
                        .build())
            .toList();
    events.forEach(broker::publish);
    return events;
  }

  private static List<Delivery> take(Deliveries deliveries, int count) {
    var taken = new ArrayList<Delivery>();
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (taken.size() < count && System.nanoTime() < deadline) {
      Optional<Delivery> next = deliveries.next(Duration.ofMillis(200));
      next.ifPresent(taken::add);
    }
    assertThat(taken).as("deliveries").hasSize(count);
    return taken;
  }

  /** A broker adds what it knows, such as the time received. */
  private static Predicate<List<? extends Event>> sameAs(List<Event> expected) {
    return actual ->
        actual.stream()
            .map(DeliveryQueueContract::essence)
            .toList()
            .equals(expected.stream().map(DeliveryQueueContract::essence).toList());
  }

  private static String essence(Event event) {
    return event.getId() + " " + event.getType() + " " + event.getPayload().toStringUtf8();
  }

  private static void untilLost(Deliveries deliveries) {
    await(() -> deliveries.next(Duration.ofMillis(100)).isPresent());
  }

  private static void await(BooleanSupplier condition) {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as("gave up waiting").isLessThan(deadline);
      Thread.onSpinWait();
    }
  }
}

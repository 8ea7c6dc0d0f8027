package millrace.writer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import millrace.core.batch.FrameLimits;
import millrace.event.v1.Event;
import millrace.testing.v1.TransportId;
import org.junit.jupiter.api.Test;

class ReceiveBatchesTest {
  private final WriterWorld world = new WriterWorld();

  @Test
  void messages_beyond_what_one_invocation_can_hold_wait_for_the_next_one() {
    Event event =
        WriterWorld.event(
            "TransportId", "1", TransportId.newBuilder().setText("x".repeat(1000)).build());
    List<QueueMessage> messages =
        List.of(world.message(event), world.message(event), world.message(event));
    var receiving = new ReceiveBatches(world.store, FrameLimits.QUEUE, 1500, world.logger);

    ReceiveBatches.Received received = receiving.receive(messages);

    assertThat(received.deliveries())
        .extracting(ReceiveBatches.Brought::messageId)
        .containsExactly(messages.get(0).id(), messages.get(1).id());
    assertThat(received.retried()).containsExactly(messages.get(2).id());
  }

  @Test
  void a_message_that_is_larger_than_that_by_itself_is_still_worked_on() {
    Event event =
        WriterWorld.event(
            "TransportId", "1", TransportId.newBuilder().setText("x".repeat(1000)).build());
    var receiving = new ReceiveBatches(world.store, FrameLimits.QUEUE, 1, world.logger);

    assertThat(receiving.receive(List.of(world.message(event))).deliveries()).hasSize(1);
  }
}

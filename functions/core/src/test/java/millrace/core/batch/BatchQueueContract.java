package millrace.core.batch;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import millrace.core.batch.BatchQueue.Message;
import millrace.core.batch.BatchQueue.Outcome;
import org.junit.jupiter.api.Test;

/** What every queue of batches does, in memory or in SQS. */
public interface BatchQueueContract {
  /** An empty queue. */
  BatchQueue emptyQueue();

  /** Every message that the queue of {@link #emptyQueue} holds, in any order. */
  List<Message> received(int expected);

  Map<String, String> ATTRIBUTES =
      Map.of("batch-id", "b1", "source", "orders", "count", "3", "codec", "zstd");

  @Test
  default void accepted_messages_arrive_with_body_and_attributes() {
    BatchQueue queue = emptyQueue();
    Message message = new Message("m1:AAAA", ATTRIBUTES);

    List<Outcome> outcomes = queue.send(List.of(message));

    assertThat(outcomes).singleElement().isInstanceOf(Outcome.Accepted.class);
    assertThat(received(1)).containsExactly(message);
  }

  @Test
  default void ten_messages_have_ten_outcomes_of_their_own() {
    BatchQueue queue = emptyQueue();
    List<Message> messages =
        IntStream.range(0, 10).mapToObj(i -> new Message("m1:AAA" + i, ATTRIBUTES)).toList();

    assertThat(queue.send(messages)).hasSize(10).allMatch(o -> o instanceof Outcome.Accepted);
    assertThat(received(10)).containsExactlyInAnyOrderElementsOf(messages);
  }

  @Test
  default void a_message_of_exactly_the_limit_is_accepted() {
    BatchQueue queue = emptyQueue();
    int attributes = new Message("", ATTRIBUTES).bytes();
    Message message = new Message("A".repeat(BatchQueue.MAX_BYTES - attributes), ATTRIBUTES);

    assertThat(queue.send(List.of(message))).singleElement().isInstanceOf(Outcome.Accepted.class);
  }

  @Test
  default void a_message_beyond_the_limit_is_refused_and_not_tried_again() {
    BatchQueue queue = emptyQueue();
    Message message = new Message("A".repeat(BatchQueue.MAX_BYTES + 1), Map.of());

    assertThat(queue.send(List.of(message))).singleElement().isInstanceOf(Outcome.Refused.class);
  }

  @Test
  default void a_message_that_can_never_be_taken_does_not_harm_its_neighbours() {
    BatchQueue queue = emptyQueue();
    Message good = new Message("m1:good", ATTRIBUTES);
    Message bad = new Message("m1:\u0000", ATTRIBUTES);

    List<Outcome> outcomes = queue.send(List.of(good, bad, good));

    assertThat(outcomes.get(0)).isInstanceOf(Outcome.Accepted.class);
    assertThat(outcomes.get(1)).isInstanceOf(Outcome.Refused.class);
    assertThat(outcomes.get(2)).isInstanceOf(Outcome.Accepted.class);
    assertThat(received(2)).containsExactly(good, good);
  }
}

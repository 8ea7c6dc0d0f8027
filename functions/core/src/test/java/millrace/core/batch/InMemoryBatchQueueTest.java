package millrace.core.batch;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import millrace.core.batch.BatchQueue.Message;
import millrace.core.batch.BatchQueue.Outcome;
import org.junit.jupiter.api.Test;

class InMemoryBatchQueueTest implements BatchQueueContract {
  private final InMemoryBatchQueue queue = new InMemoryBatchQueue();

  @Override
  public BatchQueue emptyQueue() {
    return queue;
  }

  @Override
  public List<Message> received(int expected) {
    return queue.messages();
  }

  @Test
  void answers_as_told_once() {
    var message = new Message("m1:", Map.of("source", "orders"));
    queue.answerNext(new Outcome.Retry("throttled"));

    assertThat(queue.send(List.of(message))).containsExactly(new Outcome.Retry("throttled"));
    assertThat(queue.send(List.of(message))).containsExactly(new Outcome.Accepted("m1"));
    assertThat(queue.messages()).hasSize(1);
  }
}

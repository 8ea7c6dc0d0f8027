package millrace.aws;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import millrace.core.batch.BatchQueue;
import millrace.core.batch.BatchQueue.Message;
import millrace.core.batch.BatchQueue.Outcome;
import millrace.core.batch.BatchQueueContract;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.sqs.SqsClient;

class SqsBatchQueueIT implements BatchQueueContract {
  private static final SqsClient SQS = Emulator.get().clients().sqs();

  private String queueUrl = "";

  @Override
  public BatchQueue emptyQueue() {
    queueUrl = SQS.createQueue(q -> q.queueName(Emulator.uniqueName("batches"))).queueUrl();
    return new SqsBatchQueue(SQS, queueUrl);
  }

  @Override
  public List<Message> received(int expected) {
    var received = new ArrayList<Message>();
    for (int empty = 0; received.size() < expected && empty < 10; ) {
      var messages =
          SQS.receiveMessage(
                  r ->
                      r.queueUrl(queueUrl)
                          .maxNumberOfMessages(10)
                          .messageAttributeNames("All")
                          .waitTimeSeconds(1))
              .messages();
      empty += messages.isEmpty() ? 1 : 0;
      for (var message : messages) {
        Map<String, String> attributes = new HashMap<>();
        message
            .messageAttributes()
            .forEach((name, value) -> attributes.put(name, value.stringValue()));
        received.add(new Message(message.body(), attributes));
      }
    }
    return received;
  }

  @Test
  void a_queue_that_is_not_there_is_tried_again_since_somebody_may_bring_it_back() {
    BatchQueue queue = new SqsBatchQueue(SQS, emptyQueueUrl() + "-gone");

    assertThat(queue.send(List.of(new Message("m1:", ATTRIBUTES))))
        .singleElement()
        .isInstanceOf(Outcome.Retry.class);
  }

  private String emptyQueueUrl() {
    emptyQueue();
    return queueUrl;
  }
}

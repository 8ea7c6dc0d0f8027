package millrace.aws;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import millrace.core.batch.BatchQueue.Message;
import millrace.core.batch.BatchQueue.Outcome;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.BatchResultErrorEntry;
import software.amazon.awssdk.services.sqs.model.SendMessageBatchRequest;
import software.amazon.awssdk.services.sqs.model.SendMessageBatchResponse;
import software.amazon.awssdk.services.sqs.model.SendMessageBatchResultEntry;
import software.amazon.awssdk.services.sqs.model.SqsException;

/** What no emulator answers: a call that succeeds and has failed for some. */
class SqsBatchQueueTest {
  private final ScriptedSqs sqs = new ScriptedSqs();
  private final SqsBatchQueue queue = new SqsBatchQueue(sqs, "http://queue");

  @Test
  void each_message_has_the_outcome_of_its_own_entry_whatever_the_order_of_the_answer() {
    sqs.answer(
        SendMessageBatchResponse.builder()
            .successful(success("2"), success("0"))
            .failed(
                failure("1", "InternalError", false), failure("3", "InvalidMessageContents", true))
            .build());

    assertThat(queue.send(messages(4)))
        .extracting(o -> o.getClass().getSimpleName())
        .containsExactly("Accepted", "Retry", "Accepted", "Refused");
  }

  @Test
  void an_entry_that_the_answer_forgets_is_tried_again() {
    sqs.answer(SendMessageBatchResponse.builder().successful(success("0")).build());

    assertThat(queue.send(messages(2)))
        .extracting(o -> o.getClass().getSimpleName())
        .containsExactly("Accepted", "Retry");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "KmsThrottled",
        "KMS.AccessDeniedException",
        "RequestThrottled",
        "AccessDenied",
        "AWS.SimpleQueueService.NonExistentQueue",
        "OverLimit",
        "ExpiredToken"
      })
  void what_a_person_can_cure_is_not_the_fault_of_the_message(String code) {
    sqs.answer(SendMessageBatchResponse.builder().failed(failure("0", code, true)).build());

    assertThat(queue.send(messages(1))).singleElement().isInstanceOf(Outcome.Retry.class);
  }

  @Test
  void a_call_without_answer_is_tried_again_as_a_whole() {
    sqs.fail(SdkClientException.create("connection reset"));

    assertThat(queue.send(messages(3)))
        .hasSize(3)
        .allSatisfy(o -> assertThat(o).isEqualTo(new Outcome.Retry("connection reset")));
  }

  @Test
  void when_one_message_fails_the_call_each_is_sent_alone() {
    sqs.fail(error("InvalidMessageContents"));
    sqs.answer(SendMessageBatchResponse.builder().successful(success("0")).build());
    sqs.fail(error("InvalidMessageContents"));
    sqs.answer(SendMessageBatchResponse.builder().successful(success("0")).build());

    assertThat(queue.send(messages(3)))
        .extracting(o -> o.getClass().getSimpleName())
        .containsExactly("Accepted", "Refused", "Accepted");
    assertThat(sqs.requests).extracting(r -> r.entries().size()).containsExactly(3, 1, 1, 1);
  }

  @Test
  void a_refused_call_that_is_no_fault_of_messages_is_tried_again() {
    sqs.fail(error("AccessDenied"));

    assertThat(queue.send(messages(2))).hasSize(2).allMatch(o -> o instanceof Outcome.Retry);
  }

  private static List<Message> messages(int count) {
    var messages = new ArrayList<Message>();
    for (int i = 0; i < count; i++) {
      messages.add(new Message("m1:" + i, Map.of("source", "orders")));
    }
    return messages;
  }

  private static SendMessageBatchResultEntry success(String id) {
    return SendMessageBatchResultEntry.builder().id(id).messageId("m" + id).build();
  }

  private static BatchResultErrorEntry failure(String id, String code, boolean senderFault) {
    return BatchResultErrorEntry.builder()
        .id(id)
        .code(code)
        .message("")
        .senderFault(senderFault)
        .build();
  }

  private static RuntimeException error(String code) {
    return SqsException.builder()
        .message(code)
        .awsErrorDetails(AwsErrorDetails.builder().errorCode(code).build())
        .build();
  }

  private static final class ScriptedSqs implements SqsClient {
    final List<SendMessageBatchRequest> requests = new ArrayList<>();
    private final Deque<Function<SendMessageBatchRequest, SendMessageBatchResponse>> script =
        new ArrayDeque<>();

    void answer(SendMessageBatchResponse response) {
      script.add(request -> response);
    }

    void fail(RuntimeException failure) {
      script.add(
          request -> {
            throw failure;
          });
    }

    @Override
    public SendMessageBatchResponse sendMessageBatch(SendMessageBatchRequest request) {
      requests.add(request);
      return script.remove().apply(request);
    }

    @Override
    public String serviceName() {
      return "sqs";
    }

    @Override
    public void close() {}
  }
}

package millrace.aws;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import millrace.core.batch.BatchQueue;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.BatchResultErrorEntry;
import software.amazon.awssdk.services.sqs.model.MessageAttributeValue;
import software.amazon.awssdk.services.sqs.model.SendMessageBatchRequestEntry;

/**
 * The queue in SQS. A call may succeed as a whole and still have refused some of its entries; the
 * SDK neither throws for those nor tries them again, so each entry's result is read.
 */
public final class SqsBatchQueue implements BatchQueue {
  /** A message that SQS calls faulty for one of these is as good as any, once somebody acts. */
  private static final List<String> ENVIRONMENT_CODES =
      List.of(
          "kms",
          "throttl",
          "denied",
          "unauthorized",
          "overlimit",
          "nonexistent",
          "notexist",
          "expired",
          "signature",
          "token",
          "credential",
          "unavailable",
          "internal");

  /** Faults of messages that SQS may state for a whole call. */
  private static final Set<String> MESSAGE_CODES =
      Set.of(
          "InvalidMessageContents",
          "BatchRequestTooLong",
          "InvalidParameterValue",
          "AWS.SimpleQueueService.BatchRequestTooLong",
          "InvalidAttributeValue",
          "MessageTooLong");

  private final SqsClient sqs;
  private final String queueUrl;

  public SqsBatchQueue(SqsClient sqs, String queueUrl) {
    this.sqs = sqs;
    this.queueUrl = queueUrl;
  }

  @Override
  public List<Outcome> send(List<Message> messages) {
    try {
      return sendCall(messages);
    } catch (AwsServiceException refused) {
      return refusedCall(messages, refused);
    } catch (SdkException unanswered) {
      return all(messages, new Outcome.Retry(reason(unanswered)));
    }
  }

  private List<Outcome> sendCall(List<Message> messages) {
    var entries = new ArrayList<SendMessageBatchRequestEntry>();
    for (int i = 0; i < messages.size(); i++) {
      Message message = messages.get(i);
      entries.add(
          SendMessageBatchRequestEntry.builder()
              .id(Integer.toString(i))
              .messageBody(message.body())
              .messageAttributes(attributes(message))
              .build());
    }
    var result = sqs.sendMessageBatch(r -> r.queueUrl(queueUrl).entries(entries));
    Map<String, Outcome> byId = new HashMap<>();
    result.successful().forEach(s -> byId.put(s.id(), new Outcome.Accepted(s.messageId())));
    result.failed().forEach(f -> byId.put(f.id(), failed(f)));
    var outcomes = new ArrayList<Outcome>();
    for (int i = 0; i < messages.size(); i++) {
      outcomes.add(
          byId.getOrDefault(Integer.toString(i), new Outcome.Retry("SQS did not mention it")));
    }
    return outcomes;
  }

  /** One bad message fails the whole call with some faults; alone, each shows which one it is. */
  private List<Outcome> refusedCall(List<Message> messages, AwsServiceException refused) {
    String code = refused.awsErrorDetails() == null ? "" : refused.awsErrorDetails().errorCode();
    if (!MESSAGE_CODES.contains(code)) {
      return all(messages, new Outcome.Retry(reason(refused)));
    }
    if (messages.size() == 1) {
      return List.of(new Outcome.Refused(reason(refused)));
    }
    var outcomes = new ArrayList<Outcome>();
    for (Message message : messages) {
      outcomes.addAll(send(List.of(message)));
    }
    return outcomes;
  }

  private static Outcome failed(BatchResultErrorEntry failed) {
    String reason = failed.code() + ": " + failed.message();
    String code = String.valueOf(failed.code()).toLowerCase(java.util.Locale.ROOT);
    boolean environment = ENVIRONMENT_CODES.stream().anyMatch(code::contains);
    return Boolean.TRUE.equals(failed.senderFault()) && !environment
        ? new Outcome.Refused(reason)
        : new Outcome.Retry(reason);
  }

  private static Map<String, MessageAttributeValue> attributes(Message message) {
    Map<String, MessageAttributeValue> attributes = new HashMap<>();
    message
        .attributes()
        .forEach(
            (name, value) ->
                attributes.put(
                    name,
                    MessageAttributeValue.builder().dataType("String").stringValue(value).build()));
    return attributes;
  }

  private static List<Outcome> all(List<Message> messages, Outcome outcome) {
    return messages.stream().map(message -> outcome).toList();
  }

  private static String reason(SdkException failure) {
    return failure.getMessage() == null ? failure.getClass().getSimpleName() : failure.getMessage();
  }
}

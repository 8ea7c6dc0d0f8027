package millrace.local.run;

import java.util.List;
import java.util.Map;
import millrace.core.failed.MillraceFailure.EnvironmentFailure;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

/** How many batches wait in SQS. */
public final class QueueDepth {
  private static final List<QueueAttributeName> COUNTS =
      List.of(
          QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES,
          QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES_NOT_VISIBLE,
          QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES_DELAYED);

  private final SqsClient sqs;
  private final String queueUrl;
  private final String deadLetterQueueUrl;

  public QueueDepth(SqsClient sqs, String queueUrl, String deadLetterQueueUrl) {
    this.sqs = sqs;
    this.queueUrl = queueUrl;
    this.deadLetterQueueUrl = deadLetterQueueUrl;
  }

  /** Batches that wait, and those in the hands of the writer. */
  public long batches() {
    return depth(queueUrl);
  }

  /** Batches that the writer gave up on. */
  public long deadLetters() {
    return depth(deadLetterQueueUrl);
  }

  private long depth(String url) {
    try {
      Map<QueueAttributeName, String> counts =
          sqs.getQueueAttributes(request -> request.queueUrl(url).attributeNames(COUNTS))
              .attributes();
      return COUNTS.stream()
          .mapToLong(name -> Long.parseLong(counts.getOrDefault(name, "0")))
          .sum();
    } catch (SdkException e) {
      throw new EnvironmentFailure("SQS does not say how much waits: " + e.getMessage(), e);
    }
  }
}

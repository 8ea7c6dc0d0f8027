package millrace.local.deploy;

import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What a deployed stack says about itself. */
public record StackOutputs(Map<String, String> values) {
  public StackOutputs {
    values = Map.copyOf(values);
  }

  /** Bucket of all objects. */
  public String bucketName() {
    return value("BucketName");
  }

  /** Queue of batches. */
  public String queueUrl() {
    return value("QueueUrl");
  }

  /** Batches the writer gave up on. */
  public String deadLetterQueueUrl() {
    return value("DeadLetterQueueUrl");
  }

  /** Topic of new files. */
  public String topicArn() {
    return value("TopicArn");
  }

  /** Function on the queue. */
  public String writerName() {
    return value("WriterName");
  }

  private String value(String name) {
    @Nullable String value = values.get(name);
    if (value == null) {
      throw new IllegalStateException(
          "the stack has no output " + name + ", only " + new TreeMap<>(values).keySet());
    }
    return value;
  }
}

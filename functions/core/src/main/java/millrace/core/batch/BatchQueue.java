package millrace.core.batch;

import java.util.List;
import java.util.Map;

/** The queue that carries batches to the writer: SQS, or its twin in memory. */
public interface BatchQueue {
  /** Most messages in one call. */
  int MAX_MESSAGES = 10;

  /**
   * Most bytes of one message, and of all messages of one call: bodies plus names, types and values
   * of attributes.
   */
  int MAX_BYTES = 1 << 20;

  /**
   * Sends messages; each has an outcome of its own, since the queue may accept some and not others.
   *
   * @param messages at most {@link #MAX_MESSAGES}, together at most {@link #MAX_BYTES}
   * @return as many outcomes, in the same order; a call that failed as a whole is {@link
   *     Outcome.Retry} for all
   */
  List<Outcome> send(List<Message> messages);

  /**
   * A message to send.
   *
   * @param body as {@link BatchBody} makes it
   * @param attributes as {@link BatchAttributes} makes them
   */
  record Message(String body, Map<String, String> attributes) {
    /** Upper bound of what counts against {@link #MAX_BYTES}. */
    public int bytes() {
      return body.length()
          + attributes.entrySet().stream()
              .mapToInt(a -> a.getKey().length() + a.getValue().length() * 3 + 6)
              .sum();
    }
  }

  /** What became of one message. */
  sealed interface Outcome {
    /** Stored by the queue: what it carries may be acknowledged. */
    record Accepted(String messageId) implements Outcome {}

    /** Not stored, through the fault of the environment: send again. */
    record Retry(String reason) implements Outcome {}

    /** Not stored, through a fault of the message: sending it again cannot help. */
    record Refused(String reason) implements Outcome {}
  }
}

package millrace.writer;

import java.time.Instant;
import java.util.Map;

/**
 * A message of the queue.
 *
 * @param id what the answer names it by; changes when a message is sent again, so nothing else may
 *     depend on it
 * @param body as {@link millrace.core.batch.BatchBody} makes it
 * @param attributes as {@link millrace.core.batch.BatchAttributes} makes them
 * @param sentAt when the queue took it
 */
public record QueueMessage(String id, String body, Map<String, String> attributes, Instant sentAt) {
  public QueueMessage {
    attributes = Map.copyOf(attributes);
  }
}

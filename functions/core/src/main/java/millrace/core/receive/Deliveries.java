package millrace.core.receive;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * One session with a queue. What is neither acknowledged nor dead-lettered when it ends, by {@link
 * #close} or by loss of the connection, goes back to the queue and is delivered again.
 *
 * <p>Every method but {@code close} throws {@link
 * millrace.core.failed.MillraceFailure.EnvironmentFailure} once the connection is lost: the tags of
 * the session are void then, and nothing of it can be acknowledged any more.
 *
 * <p>For one thread.
 */
public interface Deliveries extends AutoCloseable {
  /** The next delivery; empty when none comes within the wait. */
  Optional<Delivery> next(Duration wait);

  /** Tells the queue to forget these. The last effect of an event. */
  void acknowledge(List<Delivery> accepted);

  /** Moves these to the dead letters of the queue. */
  void deadLetter(List<Delivery> refused);

  /** Asks for no more deliveries; what was handed out can still be settled. */
  void stop();

  @Override
  void close();
}

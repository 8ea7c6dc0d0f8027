package millrace.consumer;

import java.util.Collection;
import java.util.HashSet;
import java.util.Set;

/**
 * Says once that all queues were opened: from then on the broker has a place for what is published,
 * before it refuses it.
 */
final class Readiness {
  private final Set<String> unopened;
  private final Runnable whenAllAreOpen;

  Readiness(Collection<String> queues, Runnable whenAllAreOpen) {
    this.unopened = new HashSet<>(queues);
    this.whenAllAreOpen = whenAllAreOpen;
  }

  /** A queue is open, maybe again. */
  synchronized void opened(String queue) {
    if (unopened.remove(queue) && unopened.isEmpty()) {
      whenAllAreOpen.run();
    }
  }
}

package millrace.consumer;

import java.time.Duration;

/** The wish to end, and waiting that gives way to it. */
public interface Stop {
  boolean requested();

  /** Whether the time for draining is over. Never before {@link #requested}. */
  boolean overdue();

  /** Waits; a request that arrives meanwhile ends the wait. */
  void pause(Duration duration);
}

package millrace.core.retry;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * How long to wait before the next try: any time up to a bound that doubles with each failure, so
 * that many who failed together do not come back in step.
 *
 * @param first bound after the first failure
 * @param longest largest bound
 */
public record Backoff(Duration first, Duration longest, RandomGenerator random) {
  /** Even the luckiest draw must not become a busy loop. */
  private static final long LEAST_MILLIS = 10;

  /**
   * @param failures so far in a row, at least 1
   */
  public Duration after(int failures) {
    int doublings = Math.min(failures - 1, 30);
    long bound = Math.min(longest.toMillis(), first.toMillis() << doublings);
    return Duration.ofMillis(LEAST_MILLIS + random.nextLong(Math.max(1, bound)));
  }
}

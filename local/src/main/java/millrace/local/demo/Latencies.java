package millrace.local.demo;

import java.time.Duration;
import java.util.Optional;

/**
 * Latencies of millions of events in the memory of a few thousand numbers; exact to 5 ms up to ten
 * minutes.
 */
final class Latencies {
  private static final int STEP_MILLIS = 5;
  private static final int STEPS = 10 * 60 * 1_000 / STEP_MILLIS;

  private final long[] counts = new long[STEPS + 1];
  private long count;

  /**
   * Clocks of two processes may differ by a moment: what seems to have taken less than nothing took
   * nothing.
   */
  void add(Duration latency, long events) {
    long step = Math.clamp(latency.toMillis() / STEP_MILLIS, 0, STEPS);
    counts[(int) step] += events;
    count += events;
  }

  /** The latency that 95 of 100 events stayed within; empty without events. */
  Optional<Duration> p95() {
    long wanted = count - count / 20;
    long seen = 0;
    for (int step = 0; step <= STEPS; step++) {
      seen += counts[step];
      if (seen >= wanted && seen > 0) {
        return Optional.of(Duration.ofMillis((long) step * STEP_MILLIS));
      }
    }
    return Optional.empty();
  }
}

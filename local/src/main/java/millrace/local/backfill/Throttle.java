package millrace.local.backfill;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * Keeps all workers together below a rate. What was not used is not saved up, so that a pause is
 * never followed by a rush on the database.
 */
public final class Throttle {
  /** Shorter waits than this cost more than they hold back. */
  private static final long LEAST_NANOS = Duration.ofMillis(20).toNanos();

  private final long nanosPerRow;
  private final LongSupplier nanoTime;
  private final Pause pause;
  private long next;

  /** Waits; {@link Thread#sleep} outside of tests. */
  @FunctionalInterface
  public interface Pause {
    void of(Duration duration) throws InterruptedException;
  }

  /**
   * @param rowsPerSecond 0 for no bound
   * @param nanoTime a monotonic clock
   */
  public Throttle(long rowsPerSecond, LongSupplier nanoTime, Pause pause) {
    this.nanosPerRow = rowsPerSecond == 0 ? 0 : Duration.ofSeconds(1).toNanos() / rowsPerSecond;
    this.nanoTime = nanoTime;
    this.pause = pause;
    this.next = nanoTime.getAsLong();
  }

  /** Returns when one more row may be sent. */
  public void row() throws InterruptedException {
    if (nanosPerRow == 0) {
      return;
    }
    long wait;
    synchronized (this) {
      long now = nanoTime.getAsLong();
      next = Math.max(next, now) + nanosPerRow;
      wait = next - now;
    }
    if (wait >= LEAST_NANOS) {
      pause.of(Duration.ofNanos(wait));
    }
  }
}

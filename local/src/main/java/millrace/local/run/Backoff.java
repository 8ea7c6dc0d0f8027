package millrace.local.run;

import java.time.Duration;

/**
 * Pause before a restart: doubles with every start that failed, up to a limit.
 *
 * @param first pause before the first restart
 * @param limit longest pause
 */
record Backoff(Duration first, Duration limit) {
  static final Backoff USUAL = new Backoff(Duration.ofMillis(200), Duration.ofSeconds(10));

  Duration before(int restartsInARow) {
    long factor = 1L << Math.min(restartsInARow, 20);
    Duration pause = first.multipliedBy(factor);
    return pause.compareTo(limit) > 0 ? limit : pause;
  }
}

package millrace.local.demo;

import java.time.Duration;

/**
 * @param events how many events to publish; repeats come on top
 * @param seed of the generator
 * @param format format of event files, {@code parquet} or {@code ndjson}
 * @param patience how long the load may stand still before the run gives up
 */
public record DemoSettings(int events, long seed, String format, Duration patience) {
  /** Longer than SQS hides a batch that a killed writer had in its hands. */
  private static final Duration PATIENCE = Duration.ofMinutes(6);

  public static DemoSettings of(int events, long seed, String format) {
    return new DemoSettings(events, seed, format, PATIENCE);
  }
}

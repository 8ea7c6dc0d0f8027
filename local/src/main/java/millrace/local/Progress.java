package millrace.local;

import java.io.PrintStream;
import java.time.Duration;
import java.util.Locale;
import java.util.function.LongSupplier;

/** Tells a person what a long step is doing. Standard output stays free for results. */
@FunctionalInterface
public interface Progress {
  void say(String sentence);

  /** Says nothing, for scripts and tests. */
  static Progress silent() {
    return sentence -> {};
  }

  /**
   * Lines such as {@code [ 3.2 s] warehouse: 14 migrations applied}.
   *
   * @param nanoTime a monotonic clock; its first reading is zero on the lines
   */
  static Progress elapsed(PrintStream out, LongSupplier nanoTime) {
    long start = nanoTime.getAsLong();
    return sentence -> {
      double seconds = Duration.ofNanos(nanoTime.getAsLong() - start).toMillis() / 1000.0;
      out.println(String.format(Locale.ROOT, "[%5.1f s] %s", seconds, sentence));
    };
  }
}

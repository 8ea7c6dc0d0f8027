package millrace.local.backfill;

import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/** One line that is written over and over: rows, rate, time left. For several threads. */
public final class ProgressBar {
  private static final long EVERY_NANOS = Duration.ofMillis(250).toNanos();
  private static final int WIDTH = 24;

  private final Consumer<String> out;
  private final LongSupplier nanoTime;
  private final AtomicLong rows = new AtomicLong();
  private final AtomicLong due = new AtomicLong();

  /** The pass that runs now, in words. */
  private volatile String pass = "";

  /** Rows of this pass, done in earlier runs and expected in all; expected is -1 when unknown. */
  private volatile long before;

  private volatile long expected = -1;
  private volatile long beganAt;

  /**
   * @param out takes text without line ends, to be written as it is
   * @param nanoTime a monotonic clock
   */
  public ProgressBar(Consumer<String> out, LongSupplier nanoTime) {
    this.out = out;
    this.nanoTime = nanoTime;
    this.beganAt = nanoTime.getAsLong();
  }

  /** For scripts, and where nobody sees it. */
  public static ProgressBar silent() {
    return new ProgressBar(text -> {}, () -> 0);
  }

  /**
   * Begins a pass.
   *
   * @param words what it does
   * @param alreadyDone rows that an earlier run did
   * @param inAll rows expected, with those; -1 when unknown
   */
  void begin(String words, long alreadyDone, long inAll) {
    pass = words;
    before = alreadyDone;
    expected = inAll;
    rows.set(0);
    beganAt = nanoTime.getAsLong();
    show();
  }

  /** One more row. */
  void row() {
    rows.incrementAndGet();
    long now = nanoTime.getAsLong();
    long showAt = due.get();
    if (now - showAt >= 0 && due.compareAndSet(showAt, now + EVERY_NANOS)) {
      show();
    }
  }

  /** Ends the pass, and its line. */
  void end() {
    show();
    out.accept("\n");
  }

  private void show() {
    Duration since = Duration.ofNanos(nanoTime.getAsLong() - beganAt);
    out.accept("\r" + line(pass, before, rows.get(), expected, since) + "\u001b[K");
  }

  /**
   * The line.
   *
   * @param before rows of earlier runs
   * @param rows rows since
   * @param expected in all; -1 when unknown
   * @param since how long this run has been at it
   */
  static String line(String pass, long before, long rows, long expected, Duration since) {
    double seconds = Math.max(since.toMillis(), 1) / 1000.0;
    double rate = rows / seconds;
    long done = before + rows;
    var line = new StringBuilder(pass).append(' ');
    if (expected > 0) {
      // an estimate of the catalogue may be short of what is really there
      double share = Math.min(1.0, (double) done / expected);
      int full = (int) (share * WIDTH);
      line.append('[')
          .append("#".repeat(full))
          .append(".".repeat(WIDTH - full))
          .append(String.format(Locale.ROOT, "] %3d %% ", (int) (share * 100)));
    }
    line.append(String.format(Locale.ROOT, "%,d rows, %,.0f/s", done, rate));
    if (expected > done && rate > 0) {
      line.append(", ").append(left(Duration.ofSeconds((long) ((expected - done) / rate))));
    }
    return line.toString();
  }

  private static String left(Duration time) {
    if (time.compareTo(Duration.ofHours(1)) >= 0) {
      return time.toHours() + " h " + time.toMinutesPart() + " min left";
    }
    return time.toMinutes() > 0
        ? time.toMinutes() + " min " + time.toSecondsPart() + " s left"
        : time.toSeconds() + " s left";
  }
}

package millrace.local.run;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import millrace.core.failed.MillraceFailure.EnvironmentFailure;
import millrace.local.Progress;

/**
 * Lets everything that is on its way arrive. First the broker's queues become empty, then the
 * consumer ends, which sends what it holds and acknowledges it, then batches and files follow.
 */
final class Drain {
  /** Effects of the outside world, so that the order can be tested. */
  interface Steps {
    Backlog backlog();

    void stopConsumer();
  }

  private static final Duration SAY_EVERY = Duration.ofSeconds(3);

  private final Steps steps;
  private final Progress progress;
  private final LongSupplier nanoTime;
  private final Runnable pause;

  Drain(Steps steps, Progress progress, LongSupplier nanoTime, Runnable pause) {
    this.steps = steps;
    this.progress = progress;
    this.nanoTime = nanoTime;
    this.pause = pause;
  }

  /** A drain that looks four times a second. */
  static Drain of(Steps steps, Progress progress) {
    return new Drain(steps, progress, System::nanoTime, Drain::quarterOfASecond);
  }

  private static void quarterOfASecond() {
    try {
      TimeUnit.MILLISECONDS.sleep(250);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new EnvironmentFailure("interrupted while draining", e);
    }
  }

  /**
   * Returns what is left: empty after a full drain.
   *
   * @param patience how long it may take in all
   */
  Backlog run(Duration patience) {
    long end = nanoTime.getAsLong() + patience.toNanos();
    await(() -> steps.backlog(), Drain::brokerIsEmpty, end);
    steps.stopConsumer();
    return await(() -> steps.backlog(), Backlog::isEmpty, end);
  }

  private static boolean brokerIsEmpty(Backlog backlog) {
    return backlog.broker() == 0;
  }

  private Backlog await(
      Supplier<Backlog> look, java.util.function.Predicate<Backlog> done, long end) {
    long saidAt = nanoTime.getAsLong();
    Backlog now = look.get();
    while (!done.test(now) && nanoTime.getAsLong() < end) {
      pause.run();
      now = look.get();
      if (nanoTime.getAsLong() - saidAt > SAY_EVERY.toNanos()) {
        saidAt = nanoTime.getAsLong();
        progress.say("draining: " + now.sentence());
      }
    }
    return now;
  }
}

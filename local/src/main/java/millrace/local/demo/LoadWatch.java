package millrace.local.demo;

import java.time.Duration;
import java.util.Locale;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import millrace.core.failed.MillraceFailure.EnvironmentFailure;
import millrace.local.Progress;
import millrace.local.warehouse.WarehouseException;

/**
 * Waits until everything that was published is loaded, and says what is stuck when it does not go
 * on.
 */
final class LoadWatch {
  private static final Duration SAY_EVERY = Duration.ofSeconds(3);

  /** Before the first look. */
  private static final State NOTHING = new State(Long.MAX_VALUE, 0, 0, 0, 0, 0, 0, 0, "");

  private final Supplier<State> look;
  private final Duration patience;
  private final Progress progress;
  private final LongSupplier nanoTime;
  private final Pause pause;

  /**
   * Where the events are.
   *
   * @param published messages that the broker has confirmed
   * @param inBroker messages that wait in its queues
   * @param inQueue batches in SQS, those in the hands of the writer included
   * @param deadLetters batches that the writer gave up on
   * @param written rows that the keys of all files state
   * @param files files in the bucket
   * @param filesLoaded files loaded
   * @param rows rows in the raw tables
   * @param loadError first file that could not be loaded, with its error; empty without one
   */
  record State(
      long published,
      long inBroker,
      long inQueue,
      long deadLetters,
      long written,
      long files,
      long filesLoaded,
      long rows,
      String loadError) {
    /** Every message became a row at least once and nothing is on its way. */
    boolean isComplete() {
      return inBroker == 0
          && inQueue == 0
          && rows >= published
          && files == filesLoaded
          && rows == written;
    }

    String sentence() {
      return String.format(
          Locale.ROOT,
          "%,d of %,d events loaded; %,d in the broker, %,d batches in SQS, %,d of %,d files"
              + " loaded",
          rows,
          published,
          inBroker,
          inQueue,
          filesLoaded,
          files);
    }

    /** The first step from which nothing comes on. */
    String stuck() {
      if (inBroker > 0) {
        return inBroker + " messages wait in the broker: see the log of the consumer";
      }
      if (inQueue > 0) {
        return inQueue + " batches wait in SQS: see the log of the lambda";
      }
      if (files > filesLoaded) {
        return (files - filesLoaded) + " files are not loaded: see the log of the pipes";
      }
      if (rows != written) {
        return "the files have "
            + written
            + " rows and the raw tables "
            + rows
            + ": see the log of the pipes";
      }
      return (published - rows) + " events are nowhere: see the log of the consumer";
    }
  }

  /** Lets time pass. */
  @FunctionalInterface
  interface Pause {
    void rest() throws InterruptedException;
  }

  LoadWatch(
      Supplier<State> look,
      Duration patience,
      Progress progress,
      LongSupplier nanoTime,
      Pause pause) {
    this.look = look;
    this.patience = patience;
    this.progress = progress;
    this.nanoTime = nanoTime;
    this.pause = pause;
  }

  /**
   * Returns the final state.
   *
   * @throws EnvironmentFailure when nothing has changed for the time of patience, a batch is dead
   *     or a file is refused
   */
  State await() throws InterruptedException {
    State before = NOTHING;
    long changedAt = nanoTime.getAsLong();
    long saidAt = changedAt;
    while (true) {
      String problem = "";
      State now = before;
      try {
        now = look.get();
      } catch (EnvironmentFailure | WarehouseException e) {
        // a store that was killed comes back, and so does what it had promised to keep
        problem = "; " + e.getMessage();
      }
      if (now.deadLetters() > 0) {
        throw new EnvironmentFailure(
            now.deadLetters()
                + " batches are in the dead letters of SQS: see the log of the lambda",
            null);
      }
      if (!now.loadError().isEmpty()) {
        throw new EnvironmentFailure("a file was not loaded: " + now.loadError(), null);
      }
      if (now.isComplete()) {
        return now;
      }
      long at = nanoTime.getAsLong();
      if (!now.equals(before)) {
        changedAt = at;
      } else if (at - changedAt > patience.toNanos()) {
        throw new EnvironmentFailure(
            "nothing has moved for "
                + patience.toSeconds()
                + " s: "
                + (now.equals(NOTHING) ? "not one look at all stores worked" : now.stuck())
                + problem,
            null);
      }
      if (at - saidAt > SAY_EVERY.toNanos()) {
        saidAt = at;
        progress.say(now.equals(NOTHING) ? "waiting for the stores to answer" : now.sentence());
      }
      before = now;
      pause.rest();
    }
  }
}

package millrace.local.backfill;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import millrace.core.batch.BatchQueue;
import millrace.core.batch.InMemoryBatchQueue;

/**
 * Queue and ledger of a process that dies at a named moment: from then on nothing of it has any
 * effect, as after kill -9.
 */
public final class Mortal {
  private final AtomicBoolean dead = new AtomicBoolean();
  private final AtomicInteger left;
  private final Moment moment;

  /** Where it dies. */
  public enum Moment {
    BEFORE_THE_QUEUE_ACCEPTS,
    AFTER_THE_QUEUE_ACCEPTED,
    BEFORE_THE_STATE_IS_WRITTEN,
    AFTER_THE_STATE_IS_WRITTEN
  }

  /** Not an Exception: nothing may catch it and go on. */
  public static final class Killed extends Error {
    Killed() {
      super("killed", null, false, false);
    }
  }

  /**
   * @param times how often the moment passes before the one that kills
   */
  public Mortal(Moment moment, int times) {
    this.moment = moment;
    this.left = new AtomicInteger(times);
  }

  private void at(Moment here) {
    if (here == moment && left.getAndDecrement() == 0) {
      dead.set(true);
    }
    if (dead.get()) {
      throw new Killed();
    }
  }

  public BatchQueue queue(InMemoryBatchQueue queue) {
    return messages -> {
      synchronized (queue) {
        at(Moment.BEFORE_THE_QUEUE_ACCEPTS);
        List<BatchQueue.Outcome> outcomes = queue.send(messages);
        at(Moment.AFTER_THE_QUEUE_ACCEPTED);
        return outcomes;
      }
    };
  }

  public Ledger ledger(Ledger ledger) {
    return new Ledger() {
      @Override
      public Optional<BackfillState> read() {
        return ledger.read();
      }

      @Override
      public void write(BackfillState state) {
        at(Moment.BEFORE_THE_STATE_IS_WRITTEN);
        ledger.write(state);
        at(Moment.AFTER_THE_STATE_IS_WRITTEN);
      }

      @Override
      public String place() {
        return ledger.place();
      }

      @Override
      public void close() {
        ledger.close();
      }
    };
  }
}

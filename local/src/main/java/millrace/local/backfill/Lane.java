package millrace.local.backfill;

import java.time.InstantSource;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import millrace.core.batch.BatchPacker;
import millrace.core.batch.PackerLimits;
import millrace.core.batch.SealedBatch;
import millrace.local.backfill.RowEvents.RowEvent;
import millrace.local.backfill.SourceTable.Page;
import millrace.local.backfill.SourceTable.Position;
import millrace.local.backfill.SourceTable.SourceRow;
import org.jspecify.annotations.Nullable;

/**
 * Rows in one order on their way to the queue: read, make events, pack, send, record. One thread,
 * so that the order of effects is the order of the code: a place is recorded only after the queue
 * has accepted the row there and every row before it.
 */
final class Lane {
  private final Pages pages;
  private final Consumer<Accepted> record;
  private final Surroundings with;
  private final RowEvents events;
  private final BatchPacker<Token> packer;

  /** Where rows come from. */
  @FunctionalInterface
  interface Pages {
    Page after(@Nullable Position position);
  }

  /**
   * A batch that the queue has accepted.
   *
   * @param last row of it
   * @param unreadable rows of it that their contract could not hold
   */
  record Accepted(Position last, int rows, int unreadable) {
    BackfillState count(BackfillState state) {
      return state.accepted(rows, unreadable);
    }
  }

  /**
   * What lanes share.
   *
   * @param mismatches takes each row that its contract cannot hold, in words
   * @param stopped whether another lane has failed
   */
  record Surroundings(
      RowMapping mapping,
      BatchSender sender,
      PackerLimits limits,
      Throttle throttle,
      ProgressBar bar,
      InstantSource clock,
      Consumer<String> mismatches,
      BooleanSupplier stopped) {}

  private record Token(Position position, boolean isUnreadable) {}

  Lane(Pages pages, Consumer<Accepted> record, Surroundings surroundings) {
    this.pages = pages;
    this.record = record;
    this.with = surroundings;
    this.events = new RowEvents(surroundings.mapping());
    // New ids each time: a batch that is sent again may hold other versions of its rows, and a file
    // of the same name would be taken for the one that is there.
    this.packer =
        new BatchPacker<>(
            surroundings.limits(), surroundings.clock(), RandomGenerator.getDefault());
  }

  /**
   * Sends what comes after a place.
   *
   * @param begin null for the first row
   * @return false when it was stopped before the end
   */
  boolean send(@Nullable Position begin) throws InterruptedException {
    @Nullable Position after = begin;
    boolean isLast = false;
    while (!isLast) {
      Page page = pages.after(after);
      for (SourceRow row : page.rows()) {
        if (with.stopped().getAsBoolean()) {
          return false;
        }
        with.throttle().row();
        deliver(pack(row));
        deliver(packer.sealDue());
        with.bar().row();
        after = row.position();
      }
      isLast = page.isLast();
    }
    deliver(packer.sealAll());
    return true;
  }

  private List<SealedBatch<Token>> pack(SourceRow row) {
    RowEvent event = events.of(row, with.clock().instant());
    event.mismatch().ifPresent(with.mismatches());
    return packer.add(event.event(), new Token(row.position(), event.mismatch().isPresent()));
  }

  private void deliver(List<SealedBatch<Token>> sealed) throws InterruptedException {
    for (SealedBatch<Token> batch : sealed) {
      with.sender().send(batch);
      int unreadable = (int) batch.tokens().stream().filter(Token::isUnreadable).count();
      record.accept(
          new Accepted(batch.tokens().getLast().position(), batch.tokens().size(), unreadable));
    }
  }
}

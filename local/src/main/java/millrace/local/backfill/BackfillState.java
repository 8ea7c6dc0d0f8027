package millrace.local.backfill;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import millrace.local.backfill.SourceTable.KeyRange;
import millrace.local.backfill.SourceTable.Position;
import org.jspecify.annotations.Nullable;

/**
 * How far a backfill has come. What it says was accepted by the queue before; what was accepted and
 * is not in it comes again.
 *
 * @param subject what is sent where: another backfill cannot go on with it
 * @param startedAt when it began first
 * @param ranges of the table, in the order of the keys
 * @param watermark how far changes are followed; null without a watermark
 * @param rows sent, repeats counted each time
 * @param unreadable rows of them that their contract could not hold
 * @param batches accepted
 * @param isFinished whether nothing is left to do
 */
public record BackfillState(
    Map<String, String> subject,
    Instant startedAt,
    List<Range> ranges,
    @Nullable Watermark watermark,
    long rows,
    long unreadable,
    long batches,
    boolean isFinished) {
  public BackfillState {
    subject = Map.copyOf(new TreeMap<>(subject));
    ranges = List.copyOf(ranges);
  }

  /**
   * @param after key of the last row that was accepted; null for none yet
   * @param isDone whether all of it was accepted
   */
  public record Range(KeyRange keys, @Nullable List<String> after, boolean isDone) {}

  /**
   * How far changes are followed.
   *
   * @param reached all changes up to here were accepted, as far as they were visible a look-back
   *     later; null while no row has a watermark
   * @param passes over what changed that came to their end
   * @param target what the pass that runs now will reach; null when none runs
   * @param after the last row that was accepted in that pass
   * @param isCaughtUp whether the last pass found nothing newer
   */
  public record Watermark(
      @Nullable Instant reached,
      int passes,
      @Nullable Instant target,
      @Nullable Position after,
      boolean isCaughtUp) {
    Watermark begin(@Nullable Instant newTarget) {
      return new Watermark(reached, passes, newTarget, null, false);
    }

    Watermark at(Position accepted) {
      return new Watermark(reached, passes, target, accepted, isCaughtUp);
    }

    Watermark end(boolean nothingNew) {
      return new Watermark(target == null ? reached : target, passes + 1, null, null, nothingNew);
    }
  }

  BackfillState with(int range, Range changed) {
    var all = new ArrayList<>(ranges);
    all.set(range, changed);
    return new BackfillState(
        subject, startedAt, all, watermark, rows, unreadable, batches, isFinished);
  }

  BackfillState with(Watermark changed) {
    return new BackfillState(
        subject, startedAt, ranges, changed, rows, unreadable, batches, isFinished);
  }

  BackfillState accepted(int moreRows, int moreUnreadable) {
    return new BackfillState(
        subject,
        startedAt,
        ranges,
        watermark,
        rows + moreRows,
        unreadable + moreUnreadable,
        batches + 1,
        isFinished);
  }

  BackfillState finished() {
    return new BackfillState(
        subject, startedAt, ranges, watermark, rows, unreadable, batches, true);
  }
}

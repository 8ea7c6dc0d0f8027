package millrace.local.backfill;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The rows of one table, in pages. Every page is one statement in one snapshot of its own, so that
 * no snapshot is held open while rows travel: a long one would keep the database from cleaning up.
 */
public interface SourceTable {
  /**
   * Keys that cut the table into so many ranges of about as many rows, in the order of the keys.
   *
   * @param ranges at least 1
   * @return at most {@code ranges - 1} keys; none for a table that is too small to cut
   */
  List<List<String>> borders(int ranges);

  /**
   * The greatest watermark that is not in the future of the database's own clock; empty when no row
   * has one.
   */
  Optional<Instant> newest();

  /** A reader for one thread. */
  Reader open();

  /** Reads pages. For one thread. */
  interface Reader extends AutoCloseable {
    /**
     * The next rows of a range, by key.
     *
     * @param after the key of the last row that was read; null at the begin
     */
    Page rows(KeyRange range, @Nullable List<String> after, PageLimits limits);

    /**
     * The next rows that changed, by watermark and key.
     *
     * @param since least watermark; null for every row that has one
     * @param after the last row that was read; null at the begin
     */
    Page changed(@Nullable Instant since, @Nullable Position after, PageLimits limits);

    @Override
    void close();
  }

  /**
   * @param from least key; null for no bound
   * @param to the key that is not in the range any more; null for no bound
   */
  record KeyRange(@Nullable List<String> from, @Nullable List<String> to) {}

  /**
   * A row's place.
   *
   * @param watermark null when the row has none, or one outside of the years 1 to 9999
   * @param key as text, so that a file can keep it
   */
  record Position(@Nullable Instant watermark, List<String> key) {
    public Position {
      key = List.copyOf(key);
    }
  }

  /**
   * When a page ends.
   *
   * @param rows most rows
   * @param bytes about the most bytes; a page has one row at least
   */
  record PageLimits(int rows, long bytes) {}

  /**
   * @param isLast whether the range had no more rows
   */
  record Page(List<SourceRow> rows, boolean isLast) {
    public Page {
      rows = List.copyOf(rows);
    }
  }

  /**
   * @param values as many as the selection has columns, of the classes that {@link ColumnKind}
   *     names; owned by the row
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record SourceRow(Position position, @Nullable Object[] values) {}
}

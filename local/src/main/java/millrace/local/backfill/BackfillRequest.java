package millrace.local.backfill;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a user asks for.
 *
 * @param table with or without schema
 * @param type of the contract
 * @param source null for the contract's only one
 * @param maps {@code column=field}, one for each field whose name is not the column's; a field may
 *     be that of a message in the event, such as {@code customer.name}
 * @param key column that identifies a row; null for the primary key
 * @param watermark column that grows with each change; null when rows never change
 * @param versions how the versions of a row are told apart
 * @param lookBack how much is read again before the last watermark: longer than any transaction
 *     that writes the table
 */
public record BackfillRequest(
    String table,
    String type,
    @Nullable String source,
    List<String> maps,
    @Nullable String key,
    @Nullable String watermark,
    Versions versions,
    Duration lookBack) {
  public BackfillRequest {
    maps = List.copyOf(maps);
  }

  /** What the user says of the event id of a row that changes. */
  public enum Versions {
    /** Nothing: good where the event id cannot stay the same while the row changes. */
    NOT_SAID,
    /** Rows are never changed: the event id is the producer's own. */
    NEVER,
    /** Rows change: the event id gets the watermark behind it. */
    BY_WATERMARK
  }
}

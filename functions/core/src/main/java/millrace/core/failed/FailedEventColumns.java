package millrace.core.failed;

import java.util.List;
import millrace.core.event.EventIdentity;
import millrace.core.row.Column;
import millrace.core.row.ColumnType.Scalar;
import millrace.event.v1.IdOrigin;
import org.jspecify.annotations.Nullable;

/** Rows of raw.failed_events. */
public final class FailedEventColumns {
  public static final List<Column> COLUMNS =
      List.of(
          new Column("_event_id", 1, Scalar.STRING, true),
          new Column("_id_origin", 2, Scalar.STRING, true),
          new Column("_source", 3, Scalar.STRING, false),
          new Column("_type", 4, Scalar.STRING, true),
          new Column("_batch_id", 5, Scalar.STRING, false),
          new Column("_batch_row", 6, Scalar.INT32, false),
          new Column("_received_at", 7, Scalar.TIMESTAMP, true),
          new Column("class", 8, Scalar.STRING, false),
          new Column("reason", 9, Scalar.STRING, false),
          new Column("quarantine_key", 10, Scalar.STRING, false),
          new Column("quarantine_row", 11, Scalar.INT32, false));

  private FailedEventColumns() {}

  /**
   * @param quarantineKey object that holds the event's bytes
   * @param quarantineRow position of the event in that object, from 0, counted over all its frames
   */
  public static @Nullable Object[] values(
      FailedEvent failed, String quarantineKey, int quarantineRow) {
    return new @Nullable Object[] {
      failed.eventId(),
      failed.idOrigin() == IdOrigin.ID_ORIGIN_UNSPECIFIED
          ? null
          : EventIdentity.originName(failed.idOrigin()),
      failed.source(),
      failed.type(),
      failed.batchId(),
      failed.batchRow(),
      failed.receivedAt(),
      failed.failureClass().name(),
      failed.reason(),
      quarantineKey,
      quarantineRow
    };
  }
}

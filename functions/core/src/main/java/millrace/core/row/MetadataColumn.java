package millrace.core.row;

import java.util.Locale;
import millrace.core.row.ColumnType.Scalar;

/**
 * The columns that every row has beside its payload. The load adds _file, _file_row and _loaded_at.
 */
public enum MetadataColumn {
  EVENT_ID(Scalar.STRING, false),
  ID_ORIGIN(Scalar.STRING, false),
  SOURCE(Scalar.STRING, false),
  TYPE(Scalar.STRING, false),
  OCCURRED_AT(Scalar.TIMESTAMP, true),
  PUBLISHED_AT(Scalar.TIMESTAMP, true),
  RECEIVED_AT(Scalar.TIMESTAMP, false),
  SCHEMA_VERSION(Scalar.STRING, true),
  PAYLOAD_HASH(Scalar.STRING, true),
  BATCH_ID(Scalar.STRING, false),
  BATCH_ROW(Scalar.INT32, false),
  UNKNOWN_FIELDS(Scalar.STRING, true),
  TRACEPARENT(Scalar.STRING, true);

  /** Above every protobuf field number, so that a payload field can never take it. */
  private static final int FIRST_FIELD_ID = 1 << 29;

  private final Column column;

  MetadataColumn(Scalar type, boolean nullable) {
    this.column =
        new Column(
            "_" + name().toLowerCase(Locale.ROOT), FIRST_FIELD_ID + ordinal(), type, nullable);
  }

  public Column column() {
    return column;
  }
}

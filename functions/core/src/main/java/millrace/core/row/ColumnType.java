package millrace.core.row;

import java.util.List;

/**
 * Type of a value in a row, and the Java class that holds it. A row file format maps these types
 * and no others, so all formats give equal values.
 */
public sealed interface ColumnType {
  /** A single value. */
  enum Scalar implements ColumnType {
    /** Boolean. */
    BOOLEAN,
    /** Integer. */
    INT32,
    /** Long, 0 to 2^32-1. */
    UINT32,
    /** Long. */
    INT64,
    /** BigInteger, 0 to 2^64-1. */
    UINT64,
    /** Float; NaN and infinities included. */
    FLOAT,
    /** Double; NaN and infinities included. */
    DOUBLE,
    /** String. */
    STRING,
    /** com.google.protobuf.ByteString. */
    BYTES,
    /** java.time.Instant, UTC, read in microseconds. */
    TIMESTAMP,
    /** String that holds one JSON value. */
    JSON
  }

  /** java.util.List of elements, none of them null. */
  record ListOf(ColumnType element) implements ColumnType {}

  /** java.util.SortedMap from String to values, none of them null. Keys are text, as in JSON. */
  record MapOf(ColumnType value) implements ColumnType {}

  /** {@code @Nullable Object[]} with a value for each column. */
  record Fields(List<Column> columns) implements ColumnType {
    public Fields {
      columns = List.copyOf(columns);
    }
  }
}

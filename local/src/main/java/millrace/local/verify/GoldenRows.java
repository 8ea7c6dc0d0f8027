package millrace.local.verify;

import com.google.protobuf.ByteString;
import java.math.BigInteger;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import millrace.core.row.Column;
import millrace.core.row.ColumnType;
import millrace.core.row.ColumnType.Fields;
import millrace.core.row.ColumnType.ListOf;
import millrace.core.row.ColumnType.MapOf;
import millrace.core.row.ColumnType.Scalar;
import millrace.core.row.MetadataColumn;
import millrace.core.row.RowSchema;
import org.jspecify.annotations.Nullable;

/**
 * Rows that are hard to load: ordinary values, the ends of every range, and nothing wherever there
 * may be nothing. The same for the same schema.
 */
final class GoldenRows {
  private static final Instant ORDINARY = Instant.parse("2026-11-21T10:11:12.123456Z");
  private static final Instant BEFORE_1970 = Instant.parse("1969-12-31T23:59:59.999999Z");
  private static final BigInteger LARGEST_UINT64 = BigInteger.TWO.pow(64).subtract(BigInteger.ONE);

  private enum Kind {
    ORDINARY,
    EXTREME,
    ABSENT
  }

  private GoldenRows() {}

  static List<@Nullable Object[]> of(RowSchema schema) {
    var rows = new ArrayList<@Nullable Object[]>();
    for (Kind kind : Kind.values()) {
      @Nullable Object[] row = values(schema.columns(), kind);
      // readers sort by it, and a file has each place once
      row[schema.position(MetadataColumn.BATCH_ROW)] = rows.size();
      rows.add(row);
    }
    return rows;
  }

  private static @Nullable Object[] values(List<Column> columns, Kind kind) {
    return columns.stream().map(column -> value(column, kind)).toArray();
  }

  private static @Nullable Object value(Column column, Kind kind) {
    if (kind == Kind.ABSENT) {
      return column.nullable() ? null : value(column.type(), column.name(), Kind.ORDINARY);
    }
    return value(column.type(), column.name(), kind);
  }

  private static Object value(ColumnType type, String name, Kind kind) {
    boolean extreme = kind == Kind.EXTREME;
    return switch (type) {
      case ListOf list -> extreme ? List.of() : List.of(value(list.element(), name, Kind.ORDINARY));
      case MapOf map -> extreme ? new TreeMap<>() : entries(map, name);
      case Fields fields -> values(fields.columns(), kind);
      case Scalar scalar -> scalar(scalar, name, extreme);
    };
  }

  private static SortedMap<String, Object> entries(MapOf map, String name) {
    var entries = new TreeMap<String, Object>();
    entries.put("key", value(map.value(), name, Kind.ORDINARY));
    return entries;
  }

  private static Object scalar(Scalar scalar, String name, boolean extreme) {
    return switch (scalar) {
      case BOOLEAN -> extreme;
      case INT32 -> extreme ? Integer.MIN_VALUE : 7;
      case UINT32 -> extreme ? 0xFFFF_FFFFL : 7L;
      case INT64 -> extreme ? Long.MIN_VALUE : 1_234_567_890_123L;
      case UINT64 -> extreme ? LARGEST_UINT64 : BigInteger.valueOf(7);
      case FLOAT -> extreme ? Float.NEGATIVE_INFINITY : 1.5f;
      case DOUBLE -> extreme ? Double.NaN : 0.1d;
      case STRING -> extreme ? "NULL \\N \"'; \u2028 \u00e4 \ud83d\ude00" : name + " 1";
      case BYTES ->
          extreme ? ByteString.copyFrom(new byte[] {0, -1, 127}) : ByteString.copyFromUtf8("bytes");
      case TIMESTAMP -> extreme ? BEFORE_1970 : ORDINARY;
      case JSON ->
          extreme ? "{\"a\":[1,null,\"x\"],\"b\":{},\"c\":false}" : "{\"carrier\":\"post\"}";
    };
  }
}

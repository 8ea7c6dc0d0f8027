package millrace.parquet;

import com.google.protobuf.ByteString;
import java.math.BigInteger;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import millrace.core.event.Times;
import millrace.core.row.Column;
import millrace.core.row.ColumnType;
import millrace.core.row.ColumnType.Fields;
import millrace.core.row.ColumnType.ListOf;
import millrace.core.row.ColumnType.MapOf;
import millrace.core.row.ColumnType.Scalar;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericFixed;
import org.jspecify.annotations.Nullable;

/** Values of rows as Avro's writer takes them. */
final class AvroValues {
  private AvroValues() {}

  static @Nullable Object[] record(List<Column> columns, @Nullable Object[] values) {
    var record = new @Nullable Object[values.length];
    for (int i = 0; i < values.length; i++) {
      Object value = values[i];
      record[i] = value == null ? null : value(columns.get(i).type(), value);
    }
    return record;
  }

  @SuppressWarnings("unchecked") // ColumnType states the class of every value
  private static Object value(ColumnType type, Object value) {
    return switch (type) {
      case Scalar scalar -> scalar(scalar, value);
      case ListOf list -> {
        var elements = new ArrayList<Object>();
        for (Object element : (List<Object>) value) {
          elements.add(value(list.element(), element));
        }
        yield elements;
      }
      case MapOf map -> {
        var entries = new LinkedHashMap<String, Object>();
        for (Map.Entry<String, Object> entry : ((Map<String, Object>) value).entrySet()) {
          entries.put(entry.getKey(), value(map.value(), entry.getValue()));
        }
        yield entries;
      }
      case Fields fields ->
          fields.columns().isEmpty() ? "{}" : record(fields.columns(), (@Nullable Object[]) value);
    };
  }

  private static Object scalar(Scalar type, Object value) {
    return switch (type) {
      case BOOLEAN, INT32, UINT32, INT64, FLOAT, DOUBLE, STRING, JSON -> value;
      case UINT64 -> new Fixed((BigInteger) value);
      case BYTES -> ((ByteString) value).toByteArray();
      case TIMESTAMP -> Times.micros((Instant) value);
    };
  }

  /** Lets Avro take the arrays of a row for records. */
  static final class Rows extends GenericData {
    @Override
    public @Nullable Object getField(Object record, String name, int position) {
      return ((@Nullable Object[]) record)[position];
    }
  }

  /** A two's complement number, big-endian, as Parquet holds decimals. */
  private static final class Fixed implements GenericFixed {
    private final byte[] bytes = new byte[ParquetSchema.UINT64_BYTES];

    Fixed(BigInteger notNegative) {
      byte[] shortest = notNegative.toByteArray();
      System.arraycopy(shortest, 0, bytes, bytes.length - shortest.length, shortest.length);
    }

    @Override
    public byte[] bytes() {
      return bytes;
    }

    @Override
    public Schema getSchema() {
      throw new UnsupportedOperationException("the writer knows the schema");
    }
  }
}

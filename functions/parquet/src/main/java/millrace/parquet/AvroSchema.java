package millrace.parquet;

import java.util.ArrayList;
import java.util.List;
import millrace.core.row.Column;
import millrace.core.row.ColumnType;
import millrace.core.row.ColumnType.Fields;
import millrace.core.row.ColumnType.ListOf;
import millrace.core.row.ColumnType.MapOf;
import millrace.core.row.ColumnType.Scalar;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;

/**
 * Columns as an Avro schema: it only leads {@link org.apache.parquet.avro.AvroWriteSupport} through
 * the values, so it bears no logical types; those stand in {@link ParquetSchema}.
 */
final class AvroSchema {
  private AvroSchema() {}

  static Schema of(String name, List<Column> columns) {
    return record(name, columns);
  }

  /** Records are named by their path, because one message may be the type of several fields. */
  private static Schema record(String path, List<Column> columns) {
    var fields = new ArrayList<Schema.Field>();
    for (Column column : columns) {
      Schema type = type(column.type(), path + "." + column.name());
      fields.add(
          new Schema.Field(
              column.name(),
              column.nullable()
                  ? SchemaBuilder.unionOf().nullType().and().type(type).endUnion()
                  : type));
    }
    int dot = path.lastIndexOf('.');
    return Schema.createRecord(
        path.substring(dot + 1), null, dot < 0 ? null : path.substring(0, dot), false, fields);
  }

  private static Schema type(ColumnType type, String path) {
    return switch (type) {
      case Scalar scalar -> scalar(scalar, path);
      case ListOf list -> Schema.createArray(type(list.element(), path));
      case MapOf map -> Schema.createMap(type(map.value(), path));
      case Fields fields ->
          fields.columns().isEmpty()
              ? Schema.create(Schema.Type.STRING)
              : record(path, fields.columns());
    };
  }

  private static Schema scalar(Scalar type, String path) {
    return switch (type) {
      case BOOLEAN -> Schema.create(Schema.Type.BOOLEAN);
      case INT32 -> Schema.create(Schema.Type.INT);
      case UINT32, INT64, TIMESTAMP -> Schema.create(Schema.Type.LONG);
      case UINT64 -> {
        int dot = path.lastIndexOf('.');
        yield Schema.createFixed(
            path.substring(dot + 1), null, path.substring(0, dot), ParquetSchema.UINT64_BYTES);
      }
      case FLOAT -> Schema.create(Schema.Type.FLOAT);
      case DOUBLE -> Schema.create(Schema.Type.DOUBLE);
      case STRING, JSON -> Schema.create(Schema.Type.STRING);
      case BYTES -> Schema.create(Schema.Type.BYTES);
    };
  }
}

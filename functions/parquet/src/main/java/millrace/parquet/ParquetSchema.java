package millrace.parquet;

import static org.apache.parquet.schema.LogicalTypeAnnotation.decimalType;
import static org.apache.parquet.schema.LogicalTypeAnnotation.jsonType;
import static org.apache.parquet.schema.LogicalTypeAnnotation.stringType;
import static org.apache.parquet.schema.LogicalTypeAnnotation.timestampType;

import java.util.List;
import millrace.core.row.Column;
import millrace.core.row.ColumnType;
import millrace.core.row.ColumnType.Fields;
import millrace.core.row.ColumnType.ListOf;
import millrace.core.row.ColumnType.MapOf;
import millrace.core.row.ColumnType.Scalar;
import org.apache.parquet.schema.LogicalTypeAnnotation.TimeUnit;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Type;
import org.apache.parquet.schema.Type.Repetition;
import org.apache.parquet.schema.Types;

/** Columns as a Parquet schema. */
final class ParquetSchema {
  /** Decimal digits of 2^64 - 1. */
  static final int UINT64_DIGITS = 20;

  /** Bytes of a two's complement number of so many digits. */
  static final int UINT64_BYTES = 9;

  private ParquetSchema() {}

  static MessageType of(String name, List<Column> columns) {
    return new MessageType(name, columns.stream().map(ParquetSchema::field).toList());
  }

  private static Type field(Column column) {
    Repetition repetition = column.nullable() ? Repetition.OPTIONAL : Repetition.REQUIRED;
    return type(column.type(), repetition, column.name()).withId(column.fieldId());
  }

  private static Type type(ColumnType type, Repetition repetition, String name) {
    return switch (type) {
      case Scalar scalar -> scalar(scalar, repetition, name);
      case ListOf list ->
          Types.list(repetition)
              .element(type(list.element(), Repetition.REQUIRED, "element"))
              .named(name);
      case MapOf map ->
          Types.map(repetition)
              .key(scalar(Scalar.STRING, Repetition.REQUIRED, "key"))
              .value(type(map.value(), Repetition.REQUIRED, "value"))
              .named(name);
      case Fields fields ->
          fields.columns().isEmpty()
              ? scalar(Scalar.JSON, repetition, name) // Parquet has no group without fields
              : Types.buildGroup(repetition)
                  .addFields(
                      fields.columns().stream().map(ParquetSchema::field).toArray(Type[]::new))
                  .named(name);
    };
  }

  private static Type scalar(Scalar type, Repetition repetition, String name) {
    return switch (type) {
      case BOOLEAN -> Types.primitive(PrimitiveTypeName.BOOLEAN, repetition).named(name);
      case INT32 -> Types.primitive(PrimitiveTypeName.INT32, repetition).named(name);
      case UINT32, INT64 -> Types.primitive(PrimitiveTypeName.INT64, repetition).named(name);
      case UINT64 ->
          Types.primitive(PrimitiveTypeName.FIXED_LEN_BYTE_ARRAY, repetition)
              .length(UINT64_BYTES)
              .as(decimalType(0, UINT64_DIGITS))
              .named(name);
      case FLOAT -> Types.primitive(PrimitiveTypeName.FLOAT, repetition).named(name);
      case DOUBLE -> Types.primitive(PrimitiveTypeName.DOUBLE, repetition).named(name);
      case STRING ->
          Types.primitive(PrimitiveTypeName.BINARY, repetition).as(stringType()).named(name);
      case BYTES -> Types.primitive(PrimitiveTypeName.BINARY, repetition).named(name);
      case TIMESTAMP ->
          Types.primitive(PrimitiveTypeName.INT64, repetition)
              .as(timestampType(true, TimeUnit.MICROS))
              .named(name);
      case JSON -> Types.primitive(PrimitiveTypeName.BINARY, repetition).as(jsonType()).named(name);
    };
  }
}

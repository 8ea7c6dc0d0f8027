package millrace.derive.artifact;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import java.util.List;
import millrace.core.contract.Contract;
import millrace.core.row.Column;
import millrace.core.row.ColumnType;
import millrace.core.row.ColumnType.Fields;
import millrace.core.row.ColumnType.ListOf;
import millrace.core.row.ColumnType.MapOf;
import millrace.core.row.ColumnType.Scalar;
import millrace.core.row.RowSchema;
import millrace.core.row.Values;
import millrace.parquet.ParquetEncoder;
import org.jspecify.annotations.Nullable;

/** The schema of a type's rows for readers outside of the warehouse. */
final class Schemas {
  private static final ObjectMapper JSON = new ObjectMapper();

  private Schemas() {}

  /** As the files have it: field ids are the protobuf field numbers. */
  static String parquet(Contract contract) {
    return ParquetEncoder.schemaText(contract.type(), RowSchema.of(contract).columns());
  }

  /** Avro with logical types and the contract's descriptions. */
  static String avro(Contract contract) {
    ObjectNode schema =
        record(contract.type(), RowSchema.of(contract).columns(), contract.descriptor());
    String description = Comments.of(contract.descriptor());
    if (!description.isEmpty()) {
      schema.put("doc", description);
    }
    try {
      return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(schema) + "\n";
    } catch (JsonProcessingException impossible) {
      throw new IllegalStateException("a tree of JSON nodes can always be written", impossible);
    }
  }

  /** Records are named by their path, because one message may be the type of several fields. */
  private static ObjectNode record(
      String path, List<Column> columns, @Nullable Descriptor message) {
    ObjectNode record = JSON.createObjectNode();
    int dot = path.lastIndexOf('.');
    record.put("type", "record").put("name", path.substring(dot + 1));
    record.put("namespace", path.substring(0, dot));
    ArrayNode fields = record.putArray("fields");
    for (Column column : columns) {
      FieldDescriptor declared = message == null ? null : message.findFieldByName(column.name());
      String doc = "";
      if (declared != null) {
        doc = Comments.of(declared);
      } else if (message != null) {
        doc = MetadataTexts.of(column.name());
      }
      ObjectNode field = fields.addObject().put("name", column.name());
      var type = type(column.type(), path + "." + column.name(), declared);
      if (column.nullable()) {
        field.putArray("type").add("null").add(type);
        field.putNull("default");
      } else {
        field.set("type", type);
      }
      if (!doc.isEmpty()) {
        field.put("doc", doc);
      }
    }
    return record;
  }

  private static com.fasterxml.jackson.databind.JsonNode type(
      ColumnType type, String path, @Nullable FieldDescriptor field) {
    return switch (type) {
      case Scalar scalar -> scalar(scalar, path);
      case ListOf list ->
          JSON.createObjectNode()
              .put("type", "array")
              .set("items", type(list.element(), path, field));
      case MapOf map ->
          JSON.createObjectNode()
              .put("type", "map")
              .set("values", type(map.value(), path, mapValue(field)));
      case Fields fields when fields.columns().isEmpty() ->
          JSON.getNodeFactory().textNode("string");
      case Fields fields -> record(path, fields.columns(), messageOf(field));
    };
  }

  private static @Nullable FieldDescriptor mapValue(@Nullable FieldDescriptor field) {
    return field == null ? null : field.getMessageType().findFieldByNumber(2);
  }

  private static @Nullable Descriptor messageOf(@Nullable FieldDescriptor field) {
    return field == null || Values.isWellKnown(field.getMessageType())
        ? null
        : field.getMessageType();
  }

  private static com.fasterxml.jackson.databind.JsonNode scalar(Scalar type, String path) {
    return switch (type) {
      case BOOLEAN -> plain("boolean");
      case INT32 -> plain("int");
      case UINT32, INT64 -> plain("long");
      case UINT64 ->
          JSON.createObjectNode()
              .put("type", "fixed")
              .put("name", path.substring(path.lastIndexOf('.') + 1))
              .put("namespace", path.substring(0, path.lastIndexOf('.')))
              .put("size", 9)
              .put("logicalType", "decimal")
              .put("precision", 20)
              .put("scale", 0);
      case FLOAT -> plain("float");
      case DOUBLE -> plain("double");
      case STRING, JSON -> plain("string");
      case BYTES -> plain("bytes");
      case TIMESTAMP ->
          JSON.createObjectNode().put("type", "long").put("logicalType", "timestamp-micros");
    };
  }

  private static com.fasterxml.jackson.databind.JsonNode plain(String type) {
    return JSON.getNodeFactory().textNode(type);
  }
}

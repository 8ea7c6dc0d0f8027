package millrace.core.row;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import java.io.IOException;
import java.io.StringWriter;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.util.List;
import java.util.TreeMap;
import millrace.core.row.ColumnType.Scalar;
import org.jspecify.annotations.Nullable;

/** Protobuf's well-known types: timestamps, durations, wrappers and free JSON. */
final class WellKnownValues {
  /** Of RFC 3339: 0001-01-01T00:00:00Z to 9999-12-31T23:59:59Z. */
  private static final long MIN_SECONDS = -62_135_596_800L;

  private static final long MAX_SECONDS = 253_402_300_799L;

  private static final JsonFactory JSON = new JsonFactory();

  private WellKnownValues() {}

  /** The type of its values, or null when it is not one of them. */
  static @Nullable ColumnType type(Descriptor message) {
    return switch (message.getFullName()) {
      case "google.protobuf.Timestamp" -> Scalar.TIMESTAMP;
      case "google.protobuf.Duration", "google.protobuf.FieldMask", "google.protobuf.StringValue" ->
          Scalar.STRING;
      case "google.protobuf.BoolValue" -> Scalar.BOOLEAN;
      case "google.protobuf.Int32Value" -> Scalar.INT32;
      case "google.protobuf.UInt32Value" -> Scalar.UINT32;
      case "google.protobuf.Int64Value" -> Scalar.INT64;
      case "google.protobuf.UInt64Value" -> Scalar.UINT64;
      case "google.protobuf.FloatValue" -> Scalar.FLOAT;
      case "google.protobuf.DoubleValue" -> Scalar.DOUBLE;
      case "google.protobuf.BytesValue" -> Scalar.BYTES;
      case "google.protobuf.Struct",
          "google.protobuf.Value",
          "google.protobuf.ListValue",
          "google.protobuf.Empty" ->
          Scalar.JSON;
      default -> null;
    };
  }

  static Object read(Message message) {
    Descriptor type = message.getDescriptorForType();
    return switch (type.getFullName()) {
      case "google.protobuf.Timestamp" ->
          timestamp(field(message, "seconds"), field(message, "nanos"));
      case "google.protobuf.Duration" ->
          duration(field(message, "seconds"), field(message, "nanos"));
      case "google.protobuf.FieldMask" ->
          String.join(
              ",", ((List<?>) field(message, "paths")).stream().map(Object::toString).toList());
      case "google.protobuf.UInt32Value" ->
          Integer.toUnsignedLong((Integer) field(message, "value"));
      case "google.protobuf.UInt64Value" ->
          new BigInteger(Long.toUnsignedString((Long) field(message, "value")));
      case "google.protobuf.BytesValue" -> (ByteString) field(message, "value");
      case "google.protobuf.Struct", "google.protobuf.Value", "google.protobuf.ListValue" ->
          json(message);
      case "google.protobuf.Empty" -> "{}";
      default -> field(message, "value");
    };
  }

  private static Object field(Message message, String name) {
    return message.getField(message.getDescriptorForType().findFieldByName(name));
  }

  private static Instant timestamp(Object seconds, Object nanos) {
    long s = (Long) seconds;
    int n = (Integer) nanos;
    if (s < MIN_SECONDS || s > MAX_SECONDS || n < 0 || n > 999_999_999) {
      throw new InvalidValueException("a timestamp is outside of the years 1 to 9999");
    }
    return Instant.ofEpochSecond(s, n);
  }

  private static String duration(Object seconds, Object nanos) {
    var exact =
        BigDecimal.valueOf((Long) seconds)
            .add(BigDecimal.valueOf((Integer) nanos, 9))
            .stripTrailingZeros();
    int digits = exact.scale() <= 0 ? 0 : (exact.scale() + 2) / 3 * 3;
    return exact.setScale(digits).toPlainString() + "s";
  }

  private static String json(Message message) {
    var text = new StringWriter();
    try (JsonGenerator generator = JSON.createGenerator(text)) {
      write(message, generator);
    } catch (IOException impossible) {
      throw new IllegalStateException("writing to memory failed", impossible);
    }
    return text.toString();
  }

  private static void write(Message message, JsonGenerator out) throws IOException {
    switch (message.getDescriptorForType().getName()) {
      case "Struct" -> {
        var sorted = new TreeMap<String, Message>();
        for (Object entry : (List<?>) field(message, "fields")) {
          sorted.put(
              (String) field((Message) entry, "key"), (Message) field((Message) entry, "value"));
        }
        out.writeStartObject();
        for (var entry : sorted.entrySet()) {
          out.writeFieldName(entry.getKey());
          write(entry.getValue(), out);
        }
        out.writeEndObject();
      }
      case "ListValue" -> {
        out.writeStartArray();
        for (Object element : (List<?>) field(message, "values")) {
          write((Message) element, out);
        }
        out.writeEndArray();
      }
      default -> writeValue(message, out);
    }
  }

  private static void writeValue(Message value, JsonGenerator out) throws IOException {
    FieldDescriptor kind =
        value.getOneofFieldDescriptor(value.getDescriptorForType().getOneofs().getFirst());
    if (kind == null) {
      out.writeNull();
      return;
    }
    Object content = value.getField(kind);
    switch (kind.getName()) {
      case "number_value" -> {
        double number = (Double) content;
        if (!Double.isFinite(number)) {
          throw new InvalidValueException("google.protobuf.Value holds a number that JSON has not");
        }
        out.writeNumber(number);
      }
      case "string_value" -> out.writeString((String) content);
      case "bool_value" -> out.writeBoolean((Boolean) content);
      case "struct_value", "list_value" -> write((Message) content, out);
      default -> out.writeNull();
    }
  }
}

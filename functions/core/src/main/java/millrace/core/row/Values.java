package millrace.core.row;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import millrace.core.row.ColumnType.Fields;
import millrace.core.row.ColumnType.ListOf;
import millrace.core.row.ColumnType.MapOf;
import millrace.core.row.ColumnType.Scalar;
import org.jspecify.annotations.Nullable;

/**
 * Columns and values of protobuf messages. Values are those of proto3 JSON with proto field names,
 * except that 64-bit integers are numbers: fields without presence always have a value, absent
 * optional fields and messages are null, enums are names (the number as text where the contract
 * does not know it).
 */
public final class Values {
  private Values() {}

  /** Whether the message has a JSON form of its own instead of its fields. */
  public static boolean isWellKnown(Descriptor message) {
    return WellKnownValues.type(message) != null;
  }

  /** The fields of a message as columns, by field number. */
  public static List<Column> columns(Descriptor message) {
    return fields(message).stream()
        .map(
            field -> new Column(field.getName(), field.getNumber(), type(field), isNullable(field)))
        .toList();
  }

  /** The values of a message, in the order of {@link #columns}. */
  static @Nullable Object[] read(Message message) {
    List<FieldDescriptor> fields = fields(message.getDescriptorForType());
    var values = new @Nullable Object[fields.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = read(message, fields.get(i));
    }
    return values;
  }

  private static List<FieldDescriptor> fields(Descriptor message) {
    return message.getFields().stream()
        .sorted(java.util.Comparator.comparingInt(FieldDescriptor::getNumber))
        .toList();
  }

  private static boolean isNullable(FieldDescriptor field) {
    return !field.isRepeated() && field.hasPresence();
  }

  private static ColumnType type(FieldDescriptor field) {
    if (field.isMapField()) {
      return new MapOf(singleType(field.getMessageType().findFieldByNumber(2)));
    }
    return field.isRepeated() ? new ListOf(singleType(field)) : singleType(field);
  }

  private static ColumnType singleType(FieldDescriptor field) {
    return switch (field.getType()) {
      case BOOL -> Scalar.BOOLEAN;
      case INT32, SINT32, SFIXED32 -> Scalar.INT32;
      case UINT32, FIXED32 -> Scalar.UINT32;
      case INT64, SINT64, SFIXED64 -> Scalar.INT64;
      case UINT64, FIXED64 -> Scalar.UINT64;
      case FLOAT -> Scalar.FLOAT;
      case DOUBLE -> Scalar.DOUBLE;
      case STRING, ENUM -> Scalar.STRING;
      case BYTES -> Scalar.BYTES;
      case MESSAGE, GROUP -> {
        ColumnType wellKnown = WellKnownValues.type(field.getMessageType());
        yield wellKnown != null ? wellKnown : new Fields(columns(field.getMessageType()));
      }
    };
  }

  private static @Nullable Object read(Message message, FieldDescriptor field) {
    if (field.isMapField()) {
      FieldDescriptor keyField = field.getMessageType().findFieldByNumber(1);
      FieldDescriptor valueField = field.getMessageType().findFieldByNumber(2);
      var map = new TreeMap<String, Object>();
      for (Object entry : (List<?>) message.getField(field)) {
        Message keyAndValue = (Message) entry;
        // the last entry of a repeated key wins, as in every protobuf runtime
        map.put(
            single(keyField, keyAndValue.getField(keyField)).toString(),
            single(valueField, keyAndValue.getField(valueField)));
      }
      return map;
    }
    if (field.isRepeated()) {
      List<?> elements = (List<?>) message.getField(field);
      var list = new ArrayList<Object>(elements.size());
      for (Object element : elements) {
        list.add(single(field, element));
      }
      return list;
    }
    return field.hasPresence() && !message.hasField(field)
        ? null
        : single(field, message.getField(field));
  }

  private static Object single(FieldDescriptor field, Object value) {
    return switch (field.getType()) {
      case BOOL, INT32, SINT32, SFIXED32, INT64, SINT64, SFIXED64, FLOAT, DOUBLE, STRING -> value;
      case UINT32, FIXED32 -> Integer.toUnsignedLong((Integer) value);
      case UINT64, FIXED64 -> new BigInteger(Long.toUnsignedString((Long) value));
      case BYTES -> (ByteString) value;
      case ENUM -> enumName((EnumValueDescriptor) value);
      case MESSAGE, GROUP -> {
        Message message = (Message) value;
        yield WellKnownValues.type(message.getDescriptorForType()) != null
            ? WellKnownValues.read(message)
            : read(message);
      }
    };
  }

  private static String enumName(EnumValueDescriptor value) {
    // protobuf makes up a nameless constant for a number that the contract does not know; its index
    // is -1
    return value.getIndex() < 0 ? Integer.toString(value.getNumber()) : value.getName();
  }
}

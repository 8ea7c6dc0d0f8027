package millrace.local.backfill;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.EnumDescriptor;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.Timestamp;
import com.google.protobuf.util.JsonFormat;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import millrace.core.event.Times;

/**
 * A field that takes the values of a column.
 *
 * @param path from the event down to the field; all but the last are single messages
 */
record FieldTarget(SourceColumn column, List<FieldDescriptor> path) {
  private static final BigInteger UINT32 = BigInteger.ONE.shiftLeft(32).subtract(BigInteger.ONE);
  private static final BigInteger UINT64 = BigInteger.ONE.shiftLeft(64).subtract(BigInteger.ONE);

  FieldTarget {
    path = List.copyOf(path);
  }

  /** A value that its field cannot hold; the message is a sentence's end, without the value. */
  static final class MismatchException extends Exception {
    MismatchException(String message) {
      super(message);
    }
  }

  FieldDescriptor field() {
    return path.getLast();
  }

  /** Such as {@code customer.name}. */
  String name() {
    return path.stream().map(FieldDescriptor::getName).collect(Collectors.joining("."));
  }

  /** Whether the field can hold anything of the column at all, as far as types tell. */
  boolean fits() {
    boolean isWhole = column.kind() != ColumnKind.DECIMAL || column.digits() <= 0;
    return kinds(valueField()).contains(column.kind()) && (isWhole || !isInteger(valueField()));
  }

  /**
   * Sets the field.
   *
   * @param value never null
   */
  void set(Message.Builder event, Object value) throws MismatchException {
    Message.Builder holder = event;
    for (FieldDescriptor outer : path.subList(0, path.size() - 1)) {
      holder = holder.getFieldBuilder(outer);
    }
    FieldDescriptor field = field();
    if (field.getContainingOneof() != null && holder.hasOneof(field.getContainingOneof())) {
      throw new MismatchException(
          "is the second value of the choice '" + field.getContainingOneof().getName() + "'");
    }
    boolean isText = field.getJavaType() == FieldDescriptor.JavaType.STRING && !field.isRepeated();
    if (column.kind() == ColumnKind.JSON && !isText) {
      setJson(holder, field, (String) value);
    } else if (isWrapper(field)) {
      Message.Builder wrapper = holder.getFieldBuilder(field);
      wrapper.setField(valueField(), scalar(valueField(), value));
    } else {
      holder.setField(field, scalar(field, value));
    }
  }

  /** By proto3's own JSON mapping; a JSON null leaves the field unset. */
  private static void setJson(Message.Builder holder, FieldDescriptor field, String json)
      throws MismatchException {
    DynamicMessage.Builder parsed = DynamicMessage.newBuilder(holder.getDescriptorForType());
    try {
      JsonFormat.parser().merge("{\"" + field.getName() + "\":" + json + "}", parsed);
    } catch (InvalidProtocolBufferException | RuntimeException invalid) {
      // only what names a field: other messages quote values
      String detail = String.valueOf(invalid.getMessage());
      throw new MismatchException(
          "holds JSON that is no "
              + typeName(field)
              + (detail.startsWith("Cannot find field:") ? ": " + detail : ""));
    }
    DynamicMessage message = parsed.build();
    if (field.isRepeated() || message.hasField(field)) {
      holder.setField(field, message.getField(field));
    }
  }

  private Object scalar(FieldDescriptor field, Object value) throws MismatchException {
    return switch (field.getType()) {
      case BOOL -> value;
      case STRING -> text(value);
      case BYTES -> ByteString.copyFrom((byte[]) value);
      case FLOAT -> (float) number(value, Float.MAX_VALUE);
      case DOUBLE -> number(value, Double.MAX_VALUE);
      case INT32, SINT32, SFIXED32 -> integer(value, 31, true).intValue();
      case INT64, SINT64, SFIXED64 -> integer(value, 63, true).longValue();
      case UINT32, FIXED32 -> integer(value, 32, false).intValue();
      case UINT64, FIXED64 -> integer(value, 64, false).longValue();
      case ENUM -> constant(field.getEnumType(), value);
      case MESSAGE, GROUP -> timestamp(field, value);
    };
  }

  private static String text(Object value) {
    return switch (value) {
      case Instant time when Times.isValid(Times.timestamp(time)) -> Times.text(time);
      case Instant time -> time.isAfter(Instant.EPOCH) ? "infinity" : "-infinity";
      default -> value.toString();
    };
  }

  private static BigInteger integer(Object value, int bits, boolean isSigned)
      throws MismatchException {
    BigInteger number;
    try {
      number =
          value instanceof Long whole
              ? BigInteger.valueOf(whole)
              : new BigDecimal((String) value).toBigIntegerExact();
    } catch (ArithmeticException | NumberFormatException fraction) {
      throw new MismatchException("is no whole number");
    }
    BigInteger most =
        isSigned
            ? BigInteger.ONE.shiftLeft(bits).subtract(BigInteger.ONE)
            : bits == 32 ? UINT32 : UINT64;
    BigInteger least = isSigned ? BigInteger.ONE.shiftLeft(bits).negate() : BigInteger.ZERO;
    if (number.compareTo(least) < 0 || number.compareTo(most) > 0) {
      throw new MismatchException(
          "is outside of " + (isSigned ? "int" + (bits + 1) : "uint" + bits));
    }
    return number;
  }

  private static double number(Object value, double most) throws MismatchException {
    double number =
        switch (value) {
          case Double exact -> exact;
          case Long whole -> whole.doubleValue();
          default -> Double.parseDouble(value.toString());
        };
    if (Double.isFinite(number) && Math.abs(number) > most) {
      throw new MismatchException("is outside of float");
    }
    return number;
  }

  /** By name, in any case and with or without the prefix that the names of an enum share. */
  private static EnumValueDescriptor constant(EnumDescriptor type, Object value)
      throws MismatchException {
    if (value instanceof Long number) {
      EnumValueDescriptor constant =
          number == number.intValue() ? type.findValueByNumber(number.intValue()) : null;
      if (constant != null) {
        return constant;
      }
    } else {
      String name = ((String) value).strip().toUpperCase(Locale.ROOT).replace('-', '_');
      String prefix =
          type.getName().replaceAll("(?<=[a-z0-9])(?=[A-Z])", "_").toUpperCase(Locale.ROOT) + "_";
      for (EnumValueDescriptor constant : type.getValues()) {
        if (constant.getName().equals(name) || constant.getName().equals(prefix + name)) {
          return constant;
        }
      }
    }
    throw new MismatchException("is no value of " + type.getFullName());
  }

  private static Message timestamp(FieldDescriptor field, Object value) throws MismatchException {
    Instant time =
        value instanceof LocalDate day
            ? day.atStartOfDay(ZoneOffset.UTC).toInstant()
            : (Instant) value;
    Timestamp timestamp = Times.timestamp(time);
    if (!Times.isValid(timestamp)) {
      throw new MismatchException("is outside of the years 1 to 9999");
    }
    return DynamicMessage.newBuilder(field.getMessageType())
        .setField(field.getMessageType().findFieldByName("seconds"), timestamp.getSeconds())
        .setField(field.getMessageType().findFieldByName("nanos"), timestamp.getNanos())
        .build();
  }

  /** The field itself, or the value in its wrapper. */
  private FieldDescriptor valueField() {
    return isWrapper(field()) ? field().getMessageType().findFieldByName("value") : field();
  }

  private static Set<ColumnKind> kinds(FieldDescriptor field) {
    if (field.isRepeated()) {
      return EnumSet.of(ColumnKind.JSON);
    }
    return switch (field.getType()) {
      case BOOL -> EnumSet.of(ColumnKind.BOOLEAN);
      case STRING -> EnumSet.complementOf(EnumSet.of(ColumnKind.BYTES, ColumnKind.FLOAT));
      case BYTES -> EnumSet.of(ColumnKind.BYTES);
      case FLOAT, DOUBLE -> EnumSet.of(ColumnKind.FLOAT, ColumnKind.INTEGER, ColumnKind.DECIMAL);
      case ENUM -> EnumSet.of(ColumnKind.TEXT, ColumnKind.INTEGER);
      case MESSAGE, GROUP ->
          field.getMessageType().getFullName().equals(Timestamp.getDescriptor().getFullName())
              ? EnumSet.of(ColumnKind.TIMESTAMP, ColumnKind.DATE, ColumnKind.JSON)
              : EnumSet.of(ColumnKind.JSON);
      default -> EnumSet.of(ColumnKind.INTEGER, ColumnKind.DECIMAL);
    };
  }

  private static boolean isInteger(FieldDescriptor field) {
    return field.getJavaType() == FieldDescriptor.JavaType.INT
        || field.getJavaType() == FieldDescriptor.JavaType.LONG;
  }

  static boolean isWrapper(FieldDescriptor field) {
    return !field.isRepeated()
        && field.getJavaType() == FieldDescriptor.JavaType.MESSAGE
        && field.getMessageType().getFile().getName().equals("google/protobuf/wrappers.proto");
  }

  /** As a sentence names it. */
  String typeName() {
    return typeName(field());
  }

  private static String typeName(FieldDescriptor field) {
    if (field.isMapField()) {
      return "map";
    }
    String single =
        switch (field.getJavaType()) {
          case MESSAGE -> field.getMessageType().getFullName();
          case ENUM -> field.getEnumType().getFullName();
          default -> field.getType().name().toLowerCase(Locale.ROOT);
        };
    return field.isRepeated() ? "list of " + single : single;
  }

  /** The bytes of a row that are not in the event, for those who look into quarantine. */
  static ByteString unreadable(String json) {
    // field number 0 is in no message, so that no reader takes this for one
    return ByteString.copyFrom(new byte[] {0})
        .concat(ByteString.copyFrom(json, StandardCharsets.UTF_8));
  }
}

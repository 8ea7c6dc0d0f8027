package millrace.local.generate;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.EnumDescriptor;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.Message;
import java.time.Instant;
import java.util.SplittableRandom;
import java.util.UUID;
import millrace.core.contract.Contract;
import millrace.core.row.Values;

/**
 * Messages of contracts that nothing else is known of: every field has a plain value of its type.
 */
final class PlainMessages {
  private final Instant now;
  private final SplittableRandom random;
  private int made;

  PlainMessages(Instant now, long seed) {
    this.now = now;
    this.random = new SplittableRandom(seed);
  }

  Message create(Contract contract) {
    made++;
    DynamicMessage.Builder message = fill(contract.descriptor());
    for (FieldDescriptor field : contract.eventId()) {
      if (field.getJavaType() == FieldDescriptor.JavaType.STRING) {
        message.setField(field, new UUID(random.nextLong(), random.nextLong()).toString());
      }
    }
    return message.build();
  }

  private DynamicMessage.Builder fill(Descriptor type) {
    var message = DynamicMessage.newBuilder(type);
    for (FieldDescriptor field : type.getFields()) {
      boolean isSecondOfOneof =
          field.getRealContainingOneof() != null
              && field.getRealContainingOneof().getField(0) != field;
      if (field.isMapField() || isSecondOfOneof) {
        continue;
      }
      if (field.isRepeated()) {
        message.addRepeatedField(field, value(field));
      } else {
        message.setField(field, value(field));
      }
    }
    return message;
  }

  private Object value(FieldDescriptor field) {
    return switch (field.getJavaType()) {
      case BOOLEAN -> true;
      case INT -> made;
      case LONG -> (long) made;
      case FLOAT -> 1.5f;
      case DOUBLE -> 1.5d;
      case STRING -> field.getName() + "-" + made;
      case BYTE_STRING -> ByteString.copyFromUtf8("bytes");
      case ENUM -> constant(field.getEnumType());
      case MESSAGE -> message(field.getMessageType());
    };
  }

  private static EnumValueDescriptor constant(EnumDescriptor type) {
    return type.getValues().get(Math.min(1, type.getValues().size() - 1));
  }

  private Message message(Descriptor type) {
    if (type.getFullName().equals("google.protobuf.Timestamp")) {
      return DynamicMessage.newBuilder(type)
          .setField(type.findFieldByName("seconds"), now.getEpochSecond())
          .setField(type.findFieldByName("nanos"), now.getNano() / 1_000 * 1_000)
          .build();
    }
    // the other well-known types are valid when empty, and not with whatever their fields would get
    return Values.isWellKnown(type) ? DynamicMessage.getDefaultInstance(type) : fill(type).build();
  }
}

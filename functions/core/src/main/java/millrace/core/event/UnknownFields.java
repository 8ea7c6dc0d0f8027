package millrace.core.event;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import com.google.protobuf.UnknownFieldSet;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Fields that the active contract does not know. They may be personal, so neither row nor archive
 * may hold them before a contract says what they are.
 */
public final class UnknownFields {
  private UnknownFields() {}

  /** Whether the message, or a message in it, has any. */
  public static boolean isIn(Message message) {
    if (!message.getUnknownFields().asMap().isEmpty()) {
      return true;
    }
    for (Map.Entry<FieldDescriptor, Object> field : message.getAllFields().entrySet()) {
      if (field.getKey().getJavaType() == FieldDescriptor.JavaType.MESSAGE) {
        List<?> messages =
            field.getKey().isRepeated() ? (List<?>) field.getValue() : List.of(field.getValue());
        if (messages.stream().anyMatch(inner -> isIn((Message) inner))) {
          return true;
        }
      }
    }
    return false;
  }

  /** The message without them, at every depth. */
  public static Message cut(Message message) {
    Message.Builder builder =
        message.toBuilder().setUnknownFields(UnknownFieldSet.getDefaultInstance());
    for (Map.Entry<FieldDescriptor, Object> entry : message.getAllFields().entrySet()) {
      FieldDescriptor field = entry.getKey();
      if (field.getJavaType() != FieldDescriptor.JavaType.MESSAGE) {
        continue;
      }
      if (field.isRepeated()) {
        var cut = new ArrayList<Message>();
        for (Object inner : (List<?>) entry.getValue()) {
          cut.add(cut((Message) inner));
        }
        builder.setField(field, cut);
      } else {
        builder.setField(field, cut((Message) entry.getValue()));
      }
    }
    return builder.build();
  }
}

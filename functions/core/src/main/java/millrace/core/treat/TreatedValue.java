package millrace.core.treat;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import java.nio.charset.StandardCharsets;

/**
 * Values that can be treated: strings, bytes, and the wrappers of both. A treated value keeps the
 * type of its field, so that columns keep theirs.
 */
final class TreatedValue {
  private TreatedValue() {}

  /** Whether a key or value of a map can be treated. */
  static boolean isTreatable(FieldDescriptor field) {
    return switch (field.getType()) {
      case STRING, BYTES -> true;
      case MESSAGE ->
          switch (field.getMessageType().getFullName()) {
            case "google.protobuf.StringValue", "google.protobuf.BytesValue" -> true;
            default -> false;
          };
      default -> false;
    };
  }

  static byte[] bytes(Object value) {
    return switch (value) {
      case String text -> text.getBytes(StandardCharsets.UTF_8);
      case ByteString bytes -> bytes.toByteArray();
      case Message wrapper -> bytes(wrapper.getField(wrapped(wrapper)));
      default -> throw new IllegalStateException("refused when the contract was read");
    };
  }

  /** The text in the form of the value that it stands for. */
  static Object of(Object value, String text) {
    return switch (value) {
      case String s -> text;
      case ByteString b -> ByteString.copyFromUtf8(text);
      case Message wrapper ->
          wrapper.toBuilder()
              .setField(wrapped(wrapper), of(wrapper.getField(wrapped(wrapper)), text))
              .build();
      default -> throw new IllegalStateException("refused when the contract was read");
    };
  }

  /** Whether bytes have the form that a treatment gives them. */
  static boolean isTreated(byte[] bytes) {
    String text = new String(bytes, StandardCharsets.UTF_8);
    return PersonalHash.hasForm(text) || PersonalCipher.hasForm(text);
  }

  private static FieldDescriptor wrapped(Message wrapper) {
    return wrapper.getDescriptorForType().findFieldByName("value");
  }
}

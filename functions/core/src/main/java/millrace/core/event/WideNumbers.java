package millrace.core.event;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.WireFormat;
import java.io.IOException;
import java.util.Optional;

/**
 * Numbers of more than 32 bits in fields that the contract gives 32. A producer sends them whose
 * contract is newer and widened the field; protobuf would cut them without a word, into other
 * numbers.
 */
public final class WideNumbers {
  private WideNumbers() {}

  /**
   * Name of the first field that holds one, at every depth; empty when none does.
   *
   * @param payload bytes that parse as the message
   */
  public static Optional<String> find(Descriptor message, ByteString payload) {
    try {
      return findIn(message, payload);
    } catch (IOException impossible) {
      throw new IllegalStateException("bytes that were parsed before do not parse", impossible);
    }
  }

  private static Optional<String> findIn(Descriptor message, ByteString payload)
      throws IOException {
    if (message.getFile().getName().equals("google/protobuf/struct.proto")) {
      return Optional.empty(); // free JSON, often large: its numbers are doubles
    }
    CodedInputStream in = payload.newCodedInput();
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      FieldDescriptor field = message.findFieldByNumber(WireFormat.getTagFieldNumber(tag));
      int wireType = WireFormat.getTagWireType(tag);
      Optional<String> found = Optional.empty();
      if (field != null && isNarrow(field) && wireType == WireFormat.WIRETYPE_VARINT) {
        found = tooWide(field, in);
      } else if (field != null
          && isNarrow(field)
          && field.isRepeated()
          && wireType == WireFormat.WIRETYPE_LENGTH_DELIMITED) {
        CodedInputStream packed = in.readBytes().newCodedInput();
        while (found.isEmpty() && !packed.isAtEnd()) {
          found = tooWide(field, packed);
        }
      } else if (field != null
          && field.getType() == FieldDescriptor.Type.MESSAGE
          && wireType == WireFormat.WIRETYPE_LENGTH_DELIMITED) {
        found = findIn(field.getMessageType(), in.readBytes());
      } else {
        in.skipField(tag);
      }
      if (found.isPresent()) {
        return found;
      }
    }
    return Optional.empty();
  }

  /** Whether it is of 32 bits and written as 64 bits would be. */
  private static boolean isNarrow(FieldDescriptor field) {
    return switch (field.getType()) {
      case INT32, UINT32, SINT32 -> true;
      default -> false;
    };
  }

  private static Optional<String> tooWide(FieldDescriptor field, CodedInputStream in)
      throws IOException {
    long raw = in.readRawVarint64();
    // negative numbers of int32 are written with the sign in all 64 bits; the others have no sign
    // there
    boolean fits =
        field.getType() == FieldDescriptor.Type.INT32 ? raw == (int) raw : raw >>> 32 == 0;
    return fits ? Optional.empty() : Optional.of(field.getName());
  }
}

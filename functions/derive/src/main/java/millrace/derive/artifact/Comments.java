package millrace.derive.artifact;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.GenericDescriptor;
import millrace.core.contract.SourcePlaces;
import millrace.core.row.Values;

/** The comments of .proto files, which are the descriptions everywhere else. */
public final class Comments {
  private Comments() {}

  /**
   * The comment before a message, field, enum or value as one line. A field without one is told by
   * the comment of its message or enum. Empty when there is none.
   */
  public static String of(GenericDescriptor declared) {
    String own = own(declared);
    return own.isEmpty() && declared instanceof FieldDescriptor field ? ofType(field) : own;
  }

  private static String ofType(FieldDescriptor field) {
    return switch (field.getJavaType()) {
      case ENUM -> own(field.getEnumType());
      case MESSAGE ->
          field.isMapField() || Values.isWellKnown(field.getMessageType())
              ? ""
              : own(field.getMessageType());
      default -> "";
    };
  }

  private static String own(GenericDescriptor declared) {
    return SourcePlaces.comment(declared).replaceAll("\\s+", " ").strip();
  }
}

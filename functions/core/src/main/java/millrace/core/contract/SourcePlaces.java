package millrace.core.contract;

import com.google.protobuf.DescriptorProtos.DescriptorProto;
import com.google.protobuf.DescriptorProtos.EnumDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.DescriptorProtos.SourceCodeInfo.Location;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.EnumDescriptor;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.Descriptors.GenericDescriptor;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Where a message, field, enum or enum value stands in its .proto file, and what its comment says.
 * Only sets made with source information know; the build's set is one.
 */
public final class SourcePlaces {
  private SourcePlaces() {}

  /** {@code orders/v1/order_created.proto:12}, or the file alone where the line is not known. */
  public static String place(GenericDescriptor element) {
    String file = element.getFile().getName();
    // spans count from 0, people and editors from 1
    return location(element).map(found -> file + ":" + (found.getSpan(0) + 1)).orElse(file);
  }

  /**
   * The comment before the element, its lines stripped of one leading space; empty if it has none.
   */
  public static String comment(GenericDescriptor element) {
    return location(element)
        .map(Location::getLeadingComments)
        .map(text -> text.replaceAll("(?m)^ ", "").strip())
        .orElse("");
  }

  private static Optional<Location> location(GenericDescriptor element) {
    List<Integer> path = path(element);
    return element.getFile().toProto().getSourceCodeInfo().getLocationList().stream()
        .filter(location -> location.getPathList().equals(path))
        .findFirst();
  }

  private static List<Integer> path(GenericDescriptor element) {
    var path = new ArrayList<Integer>();
    switch (element) {
      case Descriptor message when message.getContainingType() != null -> {
        path.addAll(path(message.getContainingType()));
        path.add(DescriptorProto.NESTED_TYPE_FIELD_NUMBER);
        path.add(message.getIndex());
      }
      case Descriptor message -> {
        path.add(FileDescriptorProto.MESSAGE_TYPE_FIELD_NUMBER);
        path.add(message.getIndex());
      }
      case FieldDescriptor field -> {
        path.addAll(path(field.getContainingType()));
        path.add(DescriptorProto.FIELD_FIELD_NUMBER);
        path.add(field.getIndex());
      }
      case EnumDescriptor type when type.getContainingType() != null -> {
        path.addAll(path(type.getContainingType()));
        path.add(DescriptorProto.ENUM_TYPE_FIELD_NUMBER);
        path.add(type.getIndex());
      }
      case EnumDescriptor type -> {
        path.add(FileDescriptorProto.ENUM_TYPE_FIELD_NUMBER);
        path.add(type.getIndex());
      }
      case EnumValueDescriptor value -> {
        path.addAll(path(value.getType()));
        path.add(EnumDescriptorProto.VALUE_FIELD_NUMBER);
        path.add(value.getIndex());
      }
      case FileDescriptor file -> path.add(FileDescriptorProto.SYNTAX_FIELD_NUMBER);
      default -> throw new IllegalArgumentException("not asked for: " + element.getFullName());
    }
    return path;
  }
}

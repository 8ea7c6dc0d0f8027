package millrace.core.contract;

import com.google.protobuf.Any;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Timestamp;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import millrace.core.row.Values;
import millrace.options.v1.OptionsProto;

/** Reads the contract option of a message and holds it against the message's fields. */
final class ContractReader {
  private ContractReader() {}

  /**
   * The contract of a message, or empty when it is a part of other messages only.
   *
   * @param problems takes a sentence for each thing that is wrong
   */
  static Optional<Contract> read(Descriptor message, List<String> problems) {
    if (!message.getOptions().hasExtension(OptionsProto.contract)) {
      return Optional.empty();
    }
    var option = message.getOptions().getExtension(OptionsProto.contract);
    String place = message.getFile().getName() + ": " + message.getFullName() + ": ";
    if (option.getSource().isEmpty()) {
      problems.add(place + "the contract names no source");
    }
    if (option.getOwner().isEmpty()) {
      problems.add(place + "the contract names no owner");
    }
    List<FieldDescriptor> eventId =
        fields(message, "event_id", option.getEventIdList(), place, problems);
    List<FieldDescriptor> key = fields(message, "key", option.getKeyList(), place, problems);
    FieldDescriptor eventTime = null;
    if (!option.getEventTime().isEmpty()) {
      eventTime = message.findFieldByName(option.getEventTime());
      if (eventTime == null || !isTimestamp(eventTime)) {
        problems.add(
            place
                + "event_time '"
                + option.getEventTime()
                + "' is not a google.protobuf.Timestamp field of the message");
        eventTime = null;
      }
    }
    refuseWhatNoColumnHolds(message, place, new HashSet<>(), problems);
    return Optional.of(
        new Contract(
            message.getFullName(),
            option.getSource(),
            option.getOwner(),
            message,
            eventId,
            option.getIdentity(),
            key,
            eventTime,
            option.getFormat()));
  }

  private static List<FieldDescriptor> fields(
      Descriptor message, String option, List<String> names, String place, List<String> problems) {
    var fields = new ArrayList<FieldDescriptor>();
    for (String name : names) {
      FieldDescriptor field = message.findFieldByName(name);
      if (field == null) {
        problems.add(place + option + " '" + name + "' is not a field of the message");
      } else if (field.isRepeated()
          || field.getJavaType() == FieldDescriptor.JavaType.MESSAGE
          || field.getJavaType() == FieldDescriptor.JavaType.DOUBLE
          || field.getJavaType() == FieldDescriptor.JavaType.FLOAT) {
        problems.add(
            place
                + option
                + " '"
                + name
                + "' must be a single string, bytes, integer, boolean or enum");
      } else {
        fields.add(field);
      }
    }
    return fields;
  }

  private static boolean isTimestamp(FieldDescriptor field) {
    return !field.isRepeated()
        && field.getJavaType() == FieldDescriptor.JavaType.MESSAGE
        && field.getMessageType().getFullName().equals(Timestamp.getDescriptor().getFullName());
  }

  private static void refuseWhatNoColumnHolds(
      Descriptor message, String place, Set<String> path, List<String> problems) {
    if (!path.add(message.getFullName())) {
      problems.add(place + message.getFullName() + " contains itself, which no column can hold");
      return;
    }
    for (FieldDescriptor field : message.getFields()) {
      if (path.size() == 1 && field.getName().startsWith("_")) {
        problems.add(
            place
                + "field '"
                + field.getName()
                + "': leading underscores are kept for metadata columns");
      }
      if (field.getJavaType() == FieldDescriptor.JavaType.MESSAGE) {
        Descriptor type = field.getMessageType();
        if (type.getFullName().equals(Any.getDescriptor().getFullName())) {
          problems.add(
              place + "field '" + field.getName() + "': google.protobuf.Any has no contract");
        } else if (!Values.isWellKnown(type)) {
          refuseWhatNoColumnHolds(type, place, path, problems);
        }
      }
    }
    path.remove(message.getFullName());
  }
}

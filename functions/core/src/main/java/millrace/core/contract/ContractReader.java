package millrace.core.contract;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Timestamp;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import millrace.core.contract.FieldReader.Decisions;
import millrace.options.v1.Access;
import millrace.options.v1.OptionsProto;
import millrace.options.v1.Pii;
import org.jspecify.annotations.Nullable;

/** Reads the contract option of a message and holds it against the message's fields. */
final class ContractReader {
  private ContractReader() {}

  /**
   * The contract of a message, or empty when it is a part of other messages only.
   *
   * @param decisions whether every text and bytes field has to say what is done to it
   * @param problems takes a sentence for each thing that is wrong
   */
  static Optional<Contract> read(Descriptor message, Decisions decisions, List<String> problems) {
    if (!message.getOptions().hasExtension(OptionsProto.contract)) {
      return Optional.empty();
    }
    var option = message.getOptions().getExtension(OptionsProto.contract);
    String place = named(message);
    List<JsonPaths> jsonSources =
        JsonSourceReader.read(option.getJsonSourcesList(), place, problems);
    if (jsonSources.isEmpty() && option.getSource().isEmpty()) {
      problems.add(place + "the contract names no source");
    } else if (!jsonSources.isEmpty() && !option.getSource().isEmpty()) {
      problems.add(place + "a contract has either a source or json_sources");
    }
    if (option.getOwner().isEmpty()) {
      problems.add(place + "the contract names no owner");
    }
    List<FieldDescriptor> eventId =
        fields(message, "event_id", option.getEventIdList(), place, problems);
    List<FieldDescriptor> key = fields(message, "key", option.getKeyList(), place, problems);
    List<FieldDescriptor> cluster =
        fields(message, "cluster", option.getClusterList(), place, problems);
    FieldDescriptor eventTime = eventTime(message, option.getEventTime(), place, problems);
    if (option.getRetentionDays() < 0) {
      problems.add(place + "retention_days is negative");
    }
    if (option.getDeletes() && option.getKeyList().isEmpty()) {
      problems.add(place + "deletes needs a key: it says what is deleted");
    }
    var contract =
        new Contract(
            message.getFullName(),
            option.getSource(),
            option.getOwner(),
            message,
            eventId,
            option.getIdentity(),
            key,
            eventTime,
            option.getFormat(),
            cluster,
            option.getRetentionDays(),
            option.getDeletes(),
            jsonSources,
            FieldReader.read(message, decisions, problems));
    refuseTreatmentThatHidesAFact(contract, problems);
    refuseRestrictedEventId(contract, problems);
    if (!jsonSources.isEmpty()) {
      JsonSourceReader.checkMessage(contract, place, problems);
    }
    return Optional.of(contract);
  }

  /** What a problem of a message begins with: file, line where it is known, and message. */
  static String named(Descriptor message) {
    return SourcePlaces.place(message) + ": " + message.getFullName() + ": ";
  }

  private static List<FieldDescriptor> fields(
      Descriptor message, String option, List<String> names, String place, List<String> problems) {
    var fields = new ArrayList<FieldDescriptor>();
    for (String name : names) {
      FieldDescriptor field = message.findFieldByName(name);
      boolean mayBeTime = option.equals("cluster");
      if (field == null) {
        problems.add(place + option + " '" + name + "' is not a field of the message");
      } else if (field.isRepeated()
          || (field.getJavaType() == FieldDescriptor.JavaType.MESSAGE
              && !(mayBeTime && isTimestamp(field)))
          || field.getJavaType() == FieldDescriptor.JavaType.DOUBLE
          || field.getJavaType() == FieldDescriptor.JavaType.FLOAT) {
        problems.add(
            place
                + option
                + " '"
                + name
                + "' must be a single string, bytes, integer, boolean or enum"
                + (mayBeTime ? ", or a timestamp" : ""));
      } else {
        fields.add(field);
      }
    }
    return fields;
  }

  private static @Nullable FieldDescriptor eventTime(
      Descriptor message, String name, String place, List<String> problems) {
    if (name.isEmpty()) {
      return null;
    }
    FieldDescriptor field = message.findFieldByName(name);
    if (field == null || !isTimestamp(field)) {
      problems.add(
          place
              + "event_time '"
              + name
              + "' is not a google.protobuf.Timestamp field of the message");
      return null;
    }
    return field;
  }

  private static boolean isTimestamp(FieldDescriptor field) {
    return !field.isRepeated()
        && field.getJavaType() == FieldDescriptor.JavaType.MESSAGE
        && field.getMessageType().getFullName().equals(Timestamp.getDescriptor().getFullName());
  }

  /**
   * Identity, key and event time have to be equal for equal events, and there: a hash is, an erased
   * or encrypted value is not.
   */
  private static void refuseTreatmentThatHidesAFact(Contract contract, List<String> problems) {
    for (ContractField field : contract.fields()) {
      if (field.path().size() > 1
          || (field.pii() != Pii.PII_DROP && field.pii() != Pii.PII_ENCRYPT)) {
        continue;
      }
      String role = null;
      if (contract.eventId().contains(field.field())) {
        role = "the event id";
      } else if (contract.key().contains(field.field())) {
        role = "the key";
      } else if (field.field().equals(contract.eventTime())) {
        role = "the event time";
      }
      if (role != null) {
        problems.add(
            SourcePlaces.place(field.field())
                + ": "
                + contract.type()
                + ": field '"
                + field.field().getName()
                + "': is "
                + role
                + ", which "
                + field.pii()
                + " would hide; PII_HASH keeps equal values equal");
      }
    }
  }

  /** An event id stands clear in traces, audits and lists of failed events, which many may read. */
  private static void refuseRestrictedEventId(Contract contract, List<String> problems) {
    for (ContractField field : contract.fields()) {
      if (field.path().size() == 1
          && field.access() == Access.ACCESS_RESTRICTED
          && contract.eventId().contains(field.field())) {
        problems.add(
            SourcePlaces.place(field.field())
                + ": "
                + contract.type()
                + ": field '"
                + field.field().getName()
                + "': is the event id, which is read clear in traces and audits and so cannot be"
                + " ACCESS_RESTRICTED; PII_HASH hides the value and keeps equal ones equal");
      }
    }
  }
}

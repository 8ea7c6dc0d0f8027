package millrace.core.contract;

import com.google.protobuf.Descriptors.FieldDescriptor;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import millrace.core.contract.JsonPaths.Personal;
import millrace.core.contract.JsonPaths.Step;
import millrace.options.v1.JsonSource;
import millrace.options.v1.PersonalPath;
import millrace.options.v1.Pii;

/** Reads the sources of schema-less JSON that a contract lists. */
final class JsonSourceReader {
  private JsonSourceReader() {}

  /**
   * @param place what a problem begins with
   * @param problems takes a sentence for each thing that is wrong
   */
  static List<JsonPaths> read(List<JsonSource> sources, String place, List<String> problems) {
    var read = new ArrayList<JsonPaths>();
    var names = new HashSet<String>();
    for (JsonSource source : sources) {
      String of = place + "json source '" + source.getSource() + "': ";
      if (source.getSource().isEmpty()) {
        problems.add(place + "a json source has no name");
      } else if (!names.add(source.getSource())) {
        problems.add(of + "is listed twice");
      }
      if (source.getNoPersonalData() == (source.getPersonalPathsCount() > 0)) {
        problems.add(of + "either list personal_paths or state no_personal_data");
      }
      var personal = new ArrayList<Personal>();
      var places = new HashSet<String>();
      for (PersonalPath path : source.getPersonalPathsList()) {
        personal.add(personal(path, of, problems));
        if (!places.add(path.getPath().replace("[]", ""))) {
          problems.add(of + "path '" + path.getPath() + "' is listed twice");
        }
      }
      read.add(new JsonPaths(source.getSource(), personal));
    }
    return read;
  }

  /** The writer fills two columns and asks nothing else of the message. */
  static void checkMessage(Contract contract, String place, List<String> problems) {
    List<FieldDescriptor> fields = contract.descriptor().getFields();
    FieldDescriptor payload = contract.descriptor().findFieldByName(Contract.JSON_PAYLOAD);
    FieldDescriptor type = contract.descriptor().findFieldByName(Contract.JSON_STATED_TYPE);
    boolean isWritable =
        fields.size() == 2
            && payload != null
            && !payload.isRepeated()
            && payload.getType() == FieldDescriptor.Type.MESSAGE
            && payload.getMessageType().getFullName().equals("google.protobuf.Struct")
            && type != null
            && !type.isRepeated()
            && !type.hasPresence()
            && type.getType() == FieldDescriptor.Type.STRING;
    if (!isWritable) {
      problems.add(
          place
              + "a contract with json_sources has the fields 'google.protobuf.Struct "
              + Contract.JSON_PAYLOAD
              + "' and 'string "
              + Contract.JSON_STATED_TYPE
              + "', and no other");
    }
    if (!contract.eventId().isEmpty()
        || !contract.key().isEmpty()
        || contract.eventTime() != null) {
      problems.add(
          place
              + "a contract with json_sources has no event_id, key or event_time: the transport"
              + " states identity and time");
    }
    if (!contract.treated().isEmpty()) {
      problems.add(
          place + "what is personal in schema-less JSON is listed in personal_paths of its source");
    }
  }

  private static Personal personal(PersonalPath path, String of, List<String> problems) {
    List<Step> steps = steps(path.getPath(), of, problems);
    List<Step> subject = List.of();
    switch (path.getPii()) {
      case PII_HASH, PII_DROP -> {
        if (!path.getSubject().isEmpty()) {
          problems.add(of + "path '" + path.getPath() + "': subject is for PII_ENCRYPT only");
        }
      }
      case PII_ENCRYPT -> {
        if (path.getSubject().isEmpty()) {
          problems.add(of + "path '" + path.getPath() + "': PII_ENCRYPT needs a subject");
        } else {
          subject = steps(path.getSubject(), of, problems);
          if (subject.stream().anyMatch(Step::eachElement)) {
            problems.add(of + "subject '" + path.getSubject() + "' goes through an array");
          }
        }
      }
      case PII_UNSPECIFIED, PII_NONE, UNRECOGNIZED ->
          problems.add(
              of + "path '" + path.getPath() + "': pii is PII_HASH, PII_DROP or PII_ENCRYPT");
    }
    Pii pii = path.getPii();
    return new Personal(steps, pii, subject);
  }

  private static List<Step> steps(String path, String of, List<String> problems) {
    var steps = new ArrayList<Step>();
    for (String step : path.split("\\.", -1)) {
      boolean each = step.endsWith("[]");
      String member = each ? step.substring(0, step.length() - 2) : step;
      if (member.isEmpty() || member.contains("[") || member.contains("]")) {
        problems.add(
            of + "path '" + path + "' is not names joined by '.', with [] for each element");
        return List.of();
      }
      steps.add(new Step(member, each));
    }
    return steps;
  }
}

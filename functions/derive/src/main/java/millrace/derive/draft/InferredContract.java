package millrace.derive.draft;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import millrace.core.failed.MillraceFailure.SetupFailure;

/** A contract drafted from sample events: every guess is marked, and a person decides. */
public final class InferredContract {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Names that personal data go by. */
  private static final Pattern PERSONAL =
      Pattern.compile(
          "(^|_)(e?mail|phone|mobile|fax|name|first|last|street|address|zip|postal|birth|ip|iban|ssn)"
              + "(_|$)");

  private final TypeName type;
  private final int samples;
  private final StringBuilder parts = new StringBuilder();

  private InferredContract(TypeName type, int samples) {
    this.type = type;
    this.samples = samples;
  }

  /**
   * @param lines JSON objects, one per line; blank lines are passed over
   * @throws SetupFailure naming the line that is no JSON object
   */
  public static String of(TypeName type, List<String> lines) {
    var event = new SampleField();
    int number = 0;
    for (String line : lines) {
      number++;
      if (!line.isBlank()) {
        event.add(object(line, number));
      }
    }
    if (event.objects == 0) {
      throw new SetupFailure("there is no sample event in the file");
    }
    return new InferredContract(type, event.objects).write(event.members);
  }

  private static JsonNode object(String line, int number) {
    try {
      JsonNode value = JSON.readTree(line);
      if (!value.isObject()) {
        throw new SetupFailure("line " + number + " is not a JSON object");
      }
      return value;
    } catch (JacksonException e) {
      throw new SetupFailure("line " + number + " is not JSON: " + e.getOriginalMessage(), e);
    }
  }

  private String write(Map<String, SampleField> members) {
    Optional<String> id = named(members, SampleField::isUnique, List.of("event_id", "id", "uuid"));
    Optional<String> time =
        named(members, SampleField::isTime, List.of("occurred_at", "created_at", "timestamp"));
    var text = new StringBuilder(type.head());
    text.append("// Draft from ").append(samples).append(" sample events: read every guess.\n");
    text.append("message ").append(type.message()).append(" {\n");
    text.append("  option (millrace.options.v1.contract) = {\n");
    text.append("    source: \"").append(type.domain()).append("\"\n");
    text.append("    owner: \"").append(type.domain()).append("\"\n");
    id.ifPresent(
        name ->
            text.append("    // Guess: no two samples share it.\n    event_id: \"")
                .append(snake(name))
                .append("\"\n"));
    time.ifPresent(
        name ->
            text.append("    // Guess: a time in every sample.\n    event_time: \"")
                .append(snake(name))
                .append("\"\n"));
    text.append("  };\n\n");
    fields(text, members, samples, type.message());
    return text.append("}\n").append(parts).toString();
  }

  /** The first of the usual names that fits, else the first member that fits at all. */
  private static Optional<String> named(
      Map<String, SampleField> members, Predicate<SampleField> fits, List<String> usual) {
    List<String> fitting =
        members.entrySet().stream()
            .filter(member -> !member.getValue().isList && fits.test(member.getValue()))
            .map(Map.Entry::getKey)
            .toList();
    return usual.stream()
        .filter(fitting::contains)
        .findFirst()
        .or(() -> fitting.stream().findFirst());
  }

  private void fields(
      StringBuilder text, Map<String, SampleField> members, int seen, String message) {
    var names = new LinkedHashMap<String, String>();
    int number = 0;
    for (Map.Entry<String, SampleField> member : members.entrySet()) {
      String name = snake(member.getKey());
      String before = names.putIfAbsent(name, member.getKey());
      if (before != null) {
        throw new SetupFailure(
            "the members '" + before + "' and '" + member.getKey() + "' would both be " + name);
      }
      field(text, name, member.getValue(), seen, ++number, message);
    }
  }

  private void field(
      StringBuilder text, String name, SampleField field, int seen, int number, String message) {
    String kind = kind(name, field, message);
    boolean maybeAbsent = field.present < seen;
    boolean decides = kind.equals("string");
    boolean personal = decides && PERSONAL.matcher(name).find();
    text.append("  // Guess: ").append(guess(field, seen));
    text.append(personal ? "; personal, by its name.\n" : ".\n");
    text.append("  ");
    if (field.isList) {
      text.append("repeated ");
    } else if (maybeAbsent && !field.isObject() && !field.isTime()) {
      text.append("optional ");
    }
    text.append(kind).append(' ').append(name).append(" = ").append(number);
    if (decides) {
      text.append(" [(millrace.options.v1.field) = {pii: ")
          .append(personal ? "PII_HASH" : "PII_NONE")
          .append("}]");
    }
    text.append(";\n");
  }

  private static String guess(SampleField field, int seen) {
    String presence =
        field.present < seen
            ? "in " + field.present + " of " + seen + " samples"
            : "in every sample";
    return field.present == 0 ? "null in every sample, so taken for text" : presence;
  }

  private String kind(String name, SampleField field, String message) {
    if (field.isTime()) {
      return "google.protobuf.Timestamp";
    }
    if (field.isObject() && !field.members.isEmpty()) {
      String nested = message + camel(name);
      var body = new StringBuilder();
      fields(body, field.members, field.objects, nested);
      parts
          .append("\n// Guess: what the member ")
          .append(name)
          .append(" holds.\nmessage ")
          .append(nested)
          .append(" {\n")
          .append(body)
          .append("}\n");
      return nested;
    }
    if (field.isEnum()) {
      return enumOf(message + camel(name), field);
    }
    return field.scalar();
  }

  private String enumOf(String name, SampleField field) {
    String prefix = TypeName.snakeCase(name).toUpperCase(Locale.ROOT) + "_";
    parts.append("\n// Guess: few words that come again. JSON has them without the prefix.\n");
    parts.append("enum ").append(name).append(" {\n");
    parts.append("  // Not stated.\n  ").append(prefix).append("UNSPECIFIED = 0;\n");
    int number = 0;
    for (String word : field.words) {
      String value = word.startsWith(prefix) ? word : prefix + word;
      if (!value.equals(prefix + "UNSPECIFIED")) {
        parts.append("  // Guess: a value.\n  ").append(value);
        parts.append(" = ").append(++number).append(";\n");
      }
    }
    parts.append("}\n");
    return name;
  }

  private static String snake(String name) {
    String snake =
        TypeName.snakeCase(name.replaceAll("[^A-Za-z0-9]+", "_")).replaceAll("^_+|_+$", "");
    return snake.isEmpty() || Character.isDigit(snake.charAt(0)) ? "field_" + snake : snake;
  }

  private static String camel(String name) {
    return List.of(name.split("_")).stream()
        .filter(part -> !part.isEmpty())
        .map(part -> part.substring(0, 1).toUpperCase(Locale.ROOT) + part.substring(1))
        .collect(Collectors.joining());
  }
}

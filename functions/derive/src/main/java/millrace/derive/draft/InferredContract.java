package millrace.derive.draft;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiPredicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import millrace.core.failed.MillraceFailure.SetupFailure;
import millrace.derive.artifact.NameRules;

/** A contract drafted from sample events: every guess is marked, and a person decides. */
public final class InferredContract {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Codes of a list that somebody else keeps are texts: a new one must not need a release. */
  private static final Pattern CODES =
      Pattern.compile("(^|_)(currency|country|language|locale|region|code)(_|$)");

  private static final Pattern MONEY =
      Pattern.compile("(^|_)(price|amount|total|cost|fee|tax|balance|revenue)(_|$)");

  private final TypeName type;
  private final int samples;
  private final StringBuilder parts = new StringBuilder();
  private Optional<String> eventId = Optional.empty();

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
    eventId = named(members, this::mayIdentify, List.of("event_id", "id", "uuid"));
    Optional<String> time =
        named(
            members,
            (_, field) -> field.isTime(),
            List.of("occurred_at", "created_at", "timestamp", "time"));
    Optional<String> key = key(members);
    var text = new StringBuilder();
    text.append("// Draft from ").append(samples).append(" sample events: read every guess.\n");
    text.append("message ").append(type.message()).append(" {\n");
    text.append("  option (millrace.options.v1.contract) = {\n");
    text.append("    source: \"").append(type.domain()).append("\"\n");
    text.append("    owner: \"").append(type.domain()).append("\"\n");
    eventId.ifPresent(
        name ->
            text.append("    // Guess: no two samples share it.\n    event_id: \"")
                .append(name)
                .append("\"\n"));
    key.ifPresent(
        name ->
            text.append("    // Guess: what the event is about, by its name.\n    key: \"")
                .append(name)
                .append("\"\n"));
    time.ifPresent(
        name ->
            text.append("    // Guess: a time in every sample.\n    event_time: \"")
                .append(name)
                .append("\"\n"));
    text.append("  };\n\n");
    fields(text, members, samples, type.message(), true);
    text.append("}\n").append(parts);
    var imports = new ArrayList<String>();
    if (text.indexOf("google.protobuf.Struct ") >= 0
        || text.indexOf("google.protobuf.ListValue ") >= 0
        || text.indexOf("google.protobuf.Value ") >= 0) {
      imports.add("google/protobuf/struct.proto");
    }
    if (text.indexOf("google.protobuf.Timestamp ") >= 0) {
      imports.add("google/protobuf/timestamp.proto");
    }
    return type.head(imports) + text;
  }

  private boolean mayIdentify(String name, SampleField field) {
    PersonalGuess personal = PersonalGuess.of(name, field);
    return field.isUnique() && !field.isTime() && personal == PersonalGuess.NONE;
  }

  /** A member named after the message: the order of OrderShipped. */
  private Optional<String> key(Map<String, SampleField> members) {
    String message = TypeName.snakeCase(type.message());
    return members.entrySet().stream()
        .filter(member -> member.getValue().present == samples && !member.getValue().isList)
        .map(member -> fieldName(member.getKey()))
        .filter(name -> !eventId.equals(Optional.of(name)))
        .filter(
            name ->
                name.matches(".+_(id|number|no|code|key|ref)")
                    && (message + "_").startsWith(name.substring(0, name.lastIndexOf('_') + 1)))
        .findFirst();
  }

  /** The first of the usual names that fits, else one that ends in id, else any that fits. */
  private Optional<String> named(
      Map<String, SampleField> members, BiPredicate<String, SampleField> fits, List<String> usual) {
    List<String> fitting =
        members.entrySet().stream()
            .filter(member -> member.getValue().present == samples && !member.getValue().isList)
            .filter(member -> fits.test(snake(member.getKey()), member.getValue()))
            .map(member -> fieldName(member.getKey()))
            .toList();
    return usual.stream()
        .filter(fitting::contains)
        .findFirst()
        .or(() -> fitting.stream().filter(name -> name.endsWith("_id")).findFirst())
        .or(() -> fitting.stream().findFirst());
  }

  private void fields(
      StringBuilder text,
      Map<String, SampleField> members,
      int seen,
      String message,
      boolean isTop) {
    var names = new LinkedHashMap<String, String>();
    int number = 0;
    for (Map.Entry<String, SampleField> member : members.entrySet()) {
      String name = isTop ? fieldName(member.getKey()) : snake(member.getKey());
      String before = names.putIfAbsent(name, member.getKey());
      if (before != null) {
        throw new SetupFailure(
            "the members '" + before + "' and '" + member.getKey() + "' would both be " + name);
      }
      if (!name.equals(snake(member.getKey()))) {
        text.append("  // Named '")
            .append(snake(member.getKey()))
            .append("' in the samples, which the warehouse reserves.\n");
      }
      field(text, name, member.getValue(), seen, ++number, message, isTop);
    }
  }

  private void field(
      StringBuilder text,
      String name,
      SampleField field,
      int seen,
      int number,
      String message,
      boolean isTop) {
    String kind = kind(name, field, message);
    boolean isFree = kind.startsWith("google.protobuf.") && !field.isTime();
    boolean decides = isFree || kind.equals("string") || kind.startsWith("map<");
    PersonalGuess personal = decides ? PersonalGuess.of(name, field) : PersonalGuess.NONE;
    text.append("  // Guess: ").append(presence(field, seen));
    for (String more : remarks(name, field, kind, personal)) {
      text.append("; ").append(more);
    }
    text.append(".\n  ");
    if (field.isList && !kind.startsWith("map<")) {
      text.append("repeated ");
    } else if (field.present < seen && SCALARS.contains(kind)) {
      text.append("optional ");
    } else if (field.present < seen && parts.indexOf("enum " + kind + " {") >= 0) {
      text.append("optional ");
    }
    text.append(kind).append(' ').append(name).append(" = ").append(number);
    var options = new ArrayList<String>();
    if (isFree) {
      options.add("pii: PII_DROP");
    } else if (decides) {
      options.add(personal.option());
    }
    if (isTop && NameRules.isMetadata(name) && !eventId.equals(Optional.of(name))) {
      options.add("staging_name: \"" + TypeName.snakeCase(type.message()) + "_" + name + "\"");
    }
    if (!options.isEmpty()) {
      text.append(" [(millrace.options.v1.field) = {")
          .append(String.join(" ", options))
          .append("}]");
    }
    text.append(";\n");
  }

  private static final Set<String> SCALARS = Set.of("string", "int32", "int64", "double", "bool");

  private static String presence(SampleField field, int seen) {
    if (field.present == 0) {
      return "null in every sample, so taken for text";
    }
    return field.present < seen
        ? "in " + field.present + " of " + seen + " samples"
        : "in every sample";
  }

  private static List<String> remarks(
      String name, SampleField field, String kind, PersonalGuess personal) {
    var remarks = new ArrayList<String>();
    if (field.isMixed()) {
      remarks.add(
          "values of several types, so taken for "
              + (kind.equals("string") ? "text" : "free JSON"));
    } else if (field.lists > 0) {
      remarks.add("lists of lists, so taken for free JSON");
    } else if (field.isFree()) {
      remarks.add("empty objects, so taken for free JSON");
    } else if (field.isMap()) {
      remarks.add("a map, since its members differ from sample to sample");
    } else if (field.isList && field.isEmptyList()) {
      remarks.add("empty lists, so taken for text");
    }
    if (kind.startsWith("google.protobuf.") && !field.isTime()) {
      remarks.add("dropped until somebody says that it holds no personal data");
    }
    if (kind.equals("double") && MONEY.matcher(name).find()) {
      remarks.add("money? Then an integer in minor units, beside its currency");
    }
    if (!personal.words().isEmpty()) {
      remarks.add(personal.words());
    }
    return remarks;
  }

  private String kind(String name, SampleField field, String message) {
    if (field.isTime()) {
      return "google.protobuf.Timestamp";
    }
    if (field.isFree()) {
      return "google.protobuf."
          + (field.isMixed() ? "Value" : field.lists > 0 ? "ListValue" : "Struct");
    }
    if (field.isMap() && !field.isList) {
      return "map<string, " + field.members.values().iterator().next().scalar() + ">";
    }
    if (field.objects > 0) {
      String nested = message + camel(name);
      var body = new StringBuilder();
      fields(body, field.members, field.objects, nested, false);
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
    if (field.isEnum() && !CODES.matcher(name).find()) {
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

  /** Of a field that becomes a column: the member's name in snake case, unless it is reserved. */
  private static String fieldName(String member) {
    String name = snake(member);
    return NameRules.isReserved(name) ? name + "_value" : name;
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

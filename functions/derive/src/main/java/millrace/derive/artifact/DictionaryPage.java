package millrace.derive.artifact;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.EnumDescriptor;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import millrace.core.contract.Contract;
import millrace.core.contract.JsonPaths;
import millrace.core.row.Values;
import millrace.options.v1.Access;
import millrace.options.v1.Identity;
import millrace.options.v1.OptionsProto;
import millrace.options.v1.Pii;

/** A type in words: for those who look for a column and ask what it means. */
final class DictionaryPage {
  private final Contract contract;
  private final StringBuilder page = new StringBuilder();

  private DictionaryPage(Contract contract) {
    this.contract = contract;
  }

  static String of(Contract contract) {
    return new DictionaryPage(contract).write();
  }

  /** The list of all pages. */
  static String index(List<Contract> contracts) {
    var page = new StringBuilder("# Data dictionary\n\n<!-- " + Headers.ALL + " -->\n\n");
    page.append("| type | source | owner | what it says |\n|---|---|---|---|\n");
    for (Contract contract : contracts) {
      page.append(
          "| [%s](%s.md) | %s | %s | %s |\n"
              .formatted(
                  contract.type(),
                  contract.type(),
                  sources(contract),
                  contract.owner(),
                  cell(Comments.of(contract.descriptor()))));
    }
    return page.toString();
  }

  private String write() {
    TypeNames names = TypeNames.of(contract);
    page.append("# ").append(contract.type()).append("\n\n<!-- ");
    page.append(Headers.of(contract)).append(" -->\n\n");
    String description = Comments.of(contract.descriptor());
    if (!description.isEmpty()) {
      page.append(description).append("\n\n");
    }
    page.append("| | |\n|---|---|\n");
    fact("source", sources(contract));
    fact("owner", contract.owner());
    fact("identity", identity());
    fact("business key", names(contract.key()));
    FieldDescriptor time = contract.eventTime();
    fact("event time", time == null ? "of the transport" : "`" + time.getName() + "`");
    fact("raw table", "`raw." + names.rawTable() + "`");
    fact("staging", "`staging." + names.staging() + "`");
    fact("one row per event", "`intermediate." + names.deduplicated() + "`");

    List<StagingColumn> staging = StagingColumn.of(contract);
    var messages = new LinkedHashSet<Descriptor>();
    var enums = new LinkedHashSet<EnumDescriptor>();
    page.append("\n## Fields\n\n");
    page.append("| field | number | type | staging | personal data | what it means |\n");
    page.append("|---|---|---|---|---|---|\n");
    fields(contract.descriptor(), "", staging, messages, enums);
    jsonSources();
    for (Descriptor message : messages) {
      page.append("\n### ").append(message.getName()).append("\n\n");
      String text = Comments.of(message);
      page.append(text.isEmpty() ? "" : text + "\n\n");
      page.append("| field | number | type | personal data | what it means |\n");
      page.append("|---|---|---|---|---|\n");
      for (FieldDescriptor field : sorted(message)) {
        row(field.getName(), field, type(field), null);
      }
    }
    for (EnumDescriptor values : enums) {
      page.append("\n### ").append(values.getName()).append("\n\n");
      String text = Comments.of(values);
      page.append(text.isEmpty() ? "" : text + "\n\n");
      page.append("| value | number | what it means |\n|---|---|---|\n");
      for (EnumValueDescriptor value : values.getValues()) {
        page.append(
            "| %s | %d | %s |\n"
                .formatted(value.getName(), value.getNumber(), cell(Comments.of(value))));
      }
    }
    return page.toString();
  }

  /** Messages become columns of staging, so their fields stand in the same table. */
  private void fields(
      Descriptor message,
      String before,
      List<StagingColumn> staging,
      Set<Descriptor> messages,
      Set<EnumDescriptor> enums) {
    for (FieldDescriptor field : sorted(message)) {
      String path = before + field.getName();
      String column =
          staging.stream()
              .filter(each -> each.path().equals(path))
              .map(each -> "`" + each.name() + "`")
              .collect(Collectors.joining());
      if (column.isEmpty() && contract.eventId().contains(field)) {
        column = "`event_id`";
      }
      row(path, field, type(field), column);
      collect(field, messages, enums);
      if (isMessage(field) && !field.isRepeated()) {
        fields(field.getMessageType(), path + ".", staging, messages, enums);
      }
    }
  }

  private static String sources(Contract contract) {
    return String.join(", ", contract.sources());
  }

  private void jsonSources() {
    for (JsonPaths source : contract.jsonSources()) {
      page.append("\n### JSON of ").append(source.source()).append("\n\n");
      if (source.personal().isEmpty()) {
        page.append("The source states that nothing in it is personal.\n");
        continue;
      }
      page.append("| path | personal data |\n|---|---|\n");
      for (JsonPaths.Personal personal : source.personal()) {
        page.append(
            "| `%s` | %s |\n"
                .formatted(
                    JsonPaths.text(personal.path()),
                    treatment(personal.pii(), JsonPaths.text(personal.subject()))));
      }
    }
  }

  private void row(
      String name,
      FieldDescriptor field,
      String type,
      @org.jspecify.annotations.Nullable String column) {
    var cells = new ArrayList<String>(List.of("`" + name + "`", "" + field.getNumber(), type));
    if (column != null) {
      cells.add(column);
    }
    boolean isListed =
        !contract.jsonSources().isEmpty() && field.getName().equals(Contract.JSON_PAYLOAD);
    cells.add(
        isListed ? "listed below" + (isRestricted(field) ? ", restricted" : "") : personal(field));
    cells.add(cell(Comments.of(field)));
    page.append("| ").append(String.join(" | ", cells)).append(" |\n");
  }

  private void collect(FieldDescriptor field, Set<Descriptor> messages, Set<EnumDescriptor> enums) {
    FieldDescriptor declared = field;
    if (field.isMapField()) {
      declared = field.getMessageType().findFieldByNumber(2);
    }
    if (declared.getType() == FieldDescriptor.Type.ENUM) {
      enums.add(declared.getEnumType());
    } else if (isMessage(declared)) {
      boolean isList = field.isRepeated();
      if (!isList || messages.add(declared.getMessageType())) {
        for (FieldDescriptor inner : declared.getMessageType().getFields()) {
          if (isList) {
            collect(inner, messages, enums);
          }
        }
      }
    }
  }

  private static boolean isMessage(FieldDescriptor field) {
    return !field.isMapField()
        && field.getJavaType() == FieldDescriptor.JavaType.MESSAGE
        && !Values.isWellKnown(field.getMessageType());
  }

  private static List<FieldDescriptor> sorted(Descriptor message) {
    return message.getFields().stream()
        .sorted(Comparator.comparingInt(FieldDescriptor::getNumber))
        .toList();
  }

  private String identity() {
    if (!contract.eventId().isEmpty()) {
      return names(contract.eventId());
    }
    return contract.identity() == Identity.IDENTITY_CANONICAL_PAYLOAD
        ? "the payload itself: equal payloads are one event"
        : "of the transport";
  }

  private static String names(List<FieldDescriptor> fields) {
    return fields.isEmpty()
        ? "none"
        : fields.stream().map(f -> "`" + f.getName() + "`").collect(Collectors.joining(", "));
  }

  private void fact(String name, String value) {
    page.append("| ").append(name).append(" | ").append(value).append(" |\n");
  }

  private static String type(FieldDescriptor field) {
    if (field.isMapField()) {
      return "map from "
          + single(field.getMessageType().findFieldByNumber(1))
          + " to "
          + single(field.getMessageType().findFieldByNumber(2));
    }
    String type = single(field);
    if (field.isRepeated()) {
      return "list of " + type;
    }
    return field.hasPresence() && !isMessage(field) ? type + ", optional" : type;
  }

  private static String single(FieldDescriptor field) {
    return switch (field.getType()) {
      case MESSAGE, GROUP -> field.getMessageType().getName();
      case ENUM -> field.getEnumType().getName();
      default -> field.getType().name().toLowerCase(java.util.Locale.ROOT);
    };
  }

  private static String personal(FieldDescriptor field) {
    var option = field.getOptions().getExtension(OptionsProto.field);
    String pii = treatment(option.getPii(), option.getSubject());
    if (isRestricted(field)) {
      return pii.isEmpty() ? "restricted" : pii + ", restricted";
    }
    return pii.isEmpty() && option.getPii() == Pii.PII_NONE ? "no" : pii;
  }

  private static boolean isRestricted(FieldDescriptor field) {
    return field.getOptions().getExtension(OptionsProto.field).getAccess()
        == Access.ACCESS_RESTRICTED;
  }

  private static String treatment(Pii pii, String subject) {
    return switch (pii) {
      case PII_HASH -> "hashed";
      case PII_DROP -> "dropped";
      case PII_ENCRYPT -> "encrypted for `" + subject + "`";
      case PII_NONE, PII_UNSPECIFIED, UNRECOGNIZED -> "";
    };
  }

  private static String cell(String text) {
    return text.replace("|", "\\|");
  }
}

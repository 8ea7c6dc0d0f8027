package millrace.derive.change;

import com.google.protobuf.DescriptorProtos.DescriptorProto.ReservedRange;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.EnumDescriptor;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor.Type;
import com.google.protobuf.Descriptors.OneofDescriptor;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import millrace.core.row.Values;
import org.jspecify.annotations.Nullable;

/**
 * The fields of a message against those of its released form: by number, as the wire knows them,
 * and by name, as columns do.
 */
final class FieldChanges {
  /** Types that hold every value of the key, written to the wire in the same way. */
  private static final Map<Type, Set<Type>> WIDER =
      Map.of(
          Type.INT32, Set.of(Type.INT64),
          Type.UINT32, Set.of(Type.UINT64, Type.INT64),
          Type.SINT32, Set.of(Type.SINT64));

  private final Findings findings;
  private final ColumnStatements statements;
  private final RuleChanges rules;

  FieldChanges(Findings findings, ColumnStatements statements) {
    this.findings = findings;
    this.statements = statements;
    this.rules = new RuleChanges(findings);
  }

  /**
   * @param prefix path of the message within the event, ending in a dot; empty for the event itself
   */
  void compare(Descriptor before, Descriptor after, String prefix) {
    rules.compare(before, after, prefix.isEmpty() ? "" : prefix.substring(0, prefix.length() - 1));
    for (FieldDescriptor old : before.getFields()) {
      FieldDescriptor sameNumber = after.findFieldByNumber(old.getNumber());
      FieldDescriptor sameName = after.findFieldByName(old.getName());
      String path = prefix + old.getName();
      if (sameNumber != null && sameNumber.getName().equals(old.getName())) {
        compare(old, sameNumber, path);
      } else if (sameName != null) {
        findings.breaking(
            path,
            sameName,
            "renumbered from "
                + old.getNumber()
                + " to "
                + sameName.getNumber()
                + ": what was published before reads as another field");
      } else if (sameNumber != null) {
        findings.breaking(
            path,
            sameNumber,
            "renamed to '"
                + sameNumber.getName()
                + "': the column would lose what was loaded before");
      } else {
        removed(old, after, path);
      }
    }
    for (FieldDescriptor added : after.getFields()) {
      if (before.findFieldByNumber(added.getNumber()) == null
          && before.findFieldByName(added.getName()) == null) {
        added(added, before, prefix);
      }
    }
  }

  private void removed(FieldDescriptor old, Descriptor after, String path) {
    boolean reserved =
        isReserved(after, old.getNumber())
            && after.toProto().getReservedNameList().contains(old.getName());
    findings.breaking(
        path,
        after,
        reserved
            ? "removed and reserved: its readers would find nothing more; mark it deprecated = true"
                + " instead, and leave it out in the next major version"
            : "removed: its readers would find nothing more, and its number and name could come back"
                + " with another meaning; mark it deprecated = true instead");
  }

  private void added(FieldDescriptor added, Descriptor before, String prefix) {
    String path = prefix + added.getName();
    RuleChanges.violatedByAbsence(added)
        .ifPresent(
            rule ->
                findings.breaking(
                    path,
                    added,
                    "added with the rule "
                        + rule
                        + ": events of producers that do not know the field would fail as RULE"));
    if (isReserved(before, added.getNumber())
        || before.toProto().getReservedNameList().contains(added.getName())) {
      findings.breaking(
          path, added, "takes the number or the name of a field that was removed and reserved");
    } else if (prefix.isEmpty()) {
      findings.migration(path, added, "added: a new column", statements.add(added));
    } else {
      findings.safe(
          path, added, "added: new values inside of the column '" + top(path) + "', no new column");
    }
  }

  private static boolean isReserved(Descriptor message, int number) {
    return message.toProto().getReservedRangeList().stream()
        .anyMatch(range -> contains(range, number));
  }

  private static boolean contains(ReservedRange range, int number) {
    return range.getStart() <= number && number < range.getEnd();
  }

  private static String top(String path) {
    int dot = path.indexOf('.');
    return dot < 0 ? path : path.substring(0, dot);
  }

  private void compare(FieldDescriptor before, FieldDescriptor after, String path) {
    boolean isColumn = path.indexOf('.') < 0;
    if (before.isMapField() != after.isMapField() || before.isRepeated() != after.isRepeated()) {
      findings.breaking(
          path,
          after,
          "was "
              + cardinality(before)
              + ", is "
              + cardinality(after)
              + ": old and new events cannot be read alike");
      return;
    }
    if (before.isMapField()) {
      element(before, after, 1, path);
      element(before, after, 2, path);
    } else {
      type(before, after, path, isColumn);
      presence(before, after, path);
    }
    new Decisions(findings, statements).compare(before, after, path, isColumn);
    rules.compare(before, after, path);
    if (!before.getOptions().getDeprecated() && after.getOptions().getDeprecated()) {
      findings.safe(path, after, "deprecated: the column stays");
    }
  }

  /** Key (1) or value (2) of a map. */
  private void element(FieldDescriptor before, FieldDescriptor after, int number, String path) {
    FieldDescriptor old = before.getMessageType().findFieldByNumber(number);
    FieldDescriptor now = after.getMessageType().findFieldByNumber(number);
    type(old, now, path + (number == 1 ? ".(key)" : ".(value)"), false);
  }

  private static String cardinality(FieldDescriptor field) {
    if (field.isMapField()) {
      return "a map";
    }
    return field.isRepeated() ? "a list" : "a single value";
  }

  private void type(FieldDescriptor before, FieldDescriptor after, String path, boolean isColumn) {
    if (before.getType() != after.getType()) {
      String change = "from " + name(before) + " to " + name(after);
      if (WIDER.getOrDefault(before.getType(), Set.of()).contains(after.getType())) {
        if (isColumn && !after.isRepeated()) {
          findings.migration(
              path,
              after,
              "widened " + change + ": the column takes more",
              statements.widen(after));
        } else {
          findings.safe(path, after, "widened " + change + " inside of a VARIANT column");
        }
      } else {
        findings.breaking(
            path, after, "type changed " + change + ": old and new events cannot be read alike");
      }
    } else if (before.getType() == Type.ENUM) {
      values(before.getEnumType(), after.getEnumType(), path);
    } else if (before.getType() == Type.MESSAGE) {
      message(before.getMessageType(), after.getMessageType(), path, after);
    }
  }

  private void message(Descriptor before, Descriptor after, String path, FieldDescriptor at) {
    if (Values.isWellKnown(before) || Values.isWellKnown(after)) {
      if (!before.getFullName().equals(after.getFullName())) {
        findings.breaking(
            path,
            at,
            "type changed from "
                + before.getFullName()
                + " to "
                + after.getFullName()
                + ": old and new events cannot be read alike");
      }
      return;
    }
    if (!before.getFullName().equals(after.getFullName())) {
      findings.safe(
          path,
          at,
          "its message is "
              + after.getFullName()
              + " now, not "
              + before.getFullName()
              + "; rows name only fields");
    }
    compare(before, after, path + ".");
  }

  private void presence(FieldDescriptor before, FieldDescriptor after, String path) {
    if (before.isRepeated()) {
      return;
    }
    OneofDescriptor oldOneof = before.getRealContainingOneof();
    OneofDescriptor newOneof = after.getRealContainingOneof();
    if (!Objects.equals(name(oldOneof), name(newOneof))) {
      oneof(before, after, oldOneof, newOneof, path);
    } else if (before.hasPresence() && !after.hasPresence()) {
      findings.breaking(
          path, after, "no longer optional: what was null would be the default value");
    } else if (!before.hasPresence() && after.hasPresence()) {
      findings.breaking(
          path,
          after,
          "optional now: a default value of an old producer would be null, since it is not on the wire");
    }
  }

  private void oneof(
      FieldDescriptor before,
      FieldDescriptor after,
      @Nullable OneofDescriptor oldOneof,
      @Nullable OneofDescriptor newOneof,
      String path) {
    boolean alone =
        newOneof == null
            || newOneof.getFields().stream()
                    .filter(
                        f -> before.getContainingType().findFieldByNumber(f.getNumber()) != null)
                    .count()
                == 1;
    if (oldOneof != null && newOneof != null && sameMembers(oldOneof, newOneof)) {
      findings.safe(
          path,
          after,
          "its oneof is named '" + newOneof.getName() + "' now; rows name only fields");
    } else if (before.hasPresence() && after.hasPresence() && oldOneof == null && alone) {
      findings.safe(path, after, "into a oneof, whose other members are new");
    } else if (newOneof != null) {
      findings.breaking(
          path,
          after,
          "into the oneof '"
              + newOneof.getName()
              + "': of the fields that old producers set together only one would be left");
    } else {
      findings.breaking(
          path, after, "out of its oneof: several members could be set, which readers rule out");
    }
  }

  private static boolean sameMembers(OneofDescriptor before, OneofDescriptor after) {
    return numbers(before).equals(numbers(after));
  }

  private static List<Integer> numbers(OneofDescriptor oneof) {
    return oneof.getFields().stream().map(FieldDescriptor::getNumber).sorted().toList();
  }

  private void values(EnumDescriptor before, EnumDescriptor after, String path) {
    for (EnumValueDescriptor old : before.getValues()) {
      EnumValueDescriptor sameName = after.findValueByName(old.getName());
      EnumValueDescriptor sameNumber = after.findValueByNumber(old.getNumber());
      boolean isAlias = before.findValueByNumber(old.getNumber()) != old;
      if (isAlias) {
        continue;
      }
      if (sameName == null && sameNumber == null) {
        findings.breaking(
            path, after, "value " + old.getName() + " removed: old events would show its number");
      } else if (sameName == null) {
        findings.breaking(
            path,
            sameNumber,
            "value "
                + old.getName()
                + " renamed to "
                + sameNumber.getName()
                + ": rows would have two names for one thing");
      } else if (sameName.getNumber() != old.getNumber()) {
        findings.breaking(
            path,
            sameName,
            "value "
                + old.getName()
                + " renumbered from "
                + old.getNumber()
                + " to "
                + sameName.getNumber()
                + ": old events would read as another value");
      } else if (!sameNumber.getName().equals(old.getName())) {
        findings.breaking(
            path,
            sameNumber,
            "value "
                + old.getName()
                + " is shown as "
                + sameNumber.getName()
                + ", which stands before it: rows would have two names for one thing");
      }
    }
    for (EnumValueDescriptor added : after.getValues()) {
      if (before.findValueByName(added.getName()) == null
          && before.findValueByNumber(added.getNumber()) == null) {
        findings.safe(path, added, "value " + added.getName() + " added");
      }
    }
  }

  private static String name(FieldDescriptor field) {
    return field.getType().name().toLowerCase(java.util.Locale.ROOT);
  }

  private static @Nullable String name(@Nullable OneofDescriptor oneof) {
    return oneof == null ? null : oneof.getName();
  }
}

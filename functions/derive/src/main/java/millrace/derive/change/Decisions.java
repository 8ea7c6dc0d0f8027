package millrace.derive.change;

import com.google.protobuf.Descriptors.FieldDescriptor;
import java.util.List;
import java.util.Map;
import millrace.options.v1.Access;
import millrace.options.v1.Field;
import millrace.options.v1.OptionsProto;
import millrace.options.v1.Pii;

/** What is decided of a field, against what was decided before. */
final class Decisions {
  /** How much is left of a value; what hashes and what encrypts cannot be compared. */
  private static final Map<Pii, Integer> STRENGTH =
      Map.of(Pii.PII_NONE, 0, Pii.PII_HASH, 1, Pii.PII_ENCRYPT, 1, Pii.PII_DROP, 2);

  static final String STRONGER = ": new values are treated, those stored before are not";
  static final String WEAKER = ": weaker, values would be stored that were not meant to be";
  static final String OTHER = ": old and new values cannot be compared";

  private final Findings findings;
  private final ColumnStatements statements;

  Decisions(Findings findings, ColumnStatements statements) {
    this.findings = findings;
    this.statements = statements;
  }

  void compare(FieldDescriptor before, FieldDescriptor after, String path, boolean isColumn) {
    Field was = before.getOptions().getExtension(OptionsProto.field);
    Field is = after.getOptions().getExtension(OptionsProto.field);
    FieldDescriptor column = after;
    pii(decided(was.getPii()), decided(is.getPii()), column, path, isColumn);
    if (was.getPii() == Pii.PII_ENCRYPT
        && is.getPii() == Pii.PII_ENCRYPT
        && !was.getSubject().equals(is.getSubject())) {
      findings.breaking(
          path,
          after,
          "encrypted for '"
              + is.getSubject()
              + "', not '"
              + was.getSubject()
              + "': erasing one person would leave what is stored under the other");
    }
    boolean wasRestricted = was.getAccess() == Access.ACCESS_RESTRICTED;
    boolean isRestricted = is.getAccess() == Access.ACCESS_RESTRICTED;
    if (!wasRestricted && isRestricted) {
      findings.migration(
          path,
          after,
          "restricted: masked for reporting roles",
          isColumn ? statements.protect(column) : List.of());
    } else if (wasRestricted && !isRestricted) {
      findings.breaking(
          path, after, "no longer restricted: every role that reads the table would see it clear");
    }
    if (!was.getStagingName().equals(is.getStagingName())) {
      findings.breaking(
          path,
          after,
          "named '"
              + nameOf(is, after)
              + "' in staging, not '"
              + nameOf(was, before)
              + "': models that read it would fail");
    }
  }

  private void pii(Pii was, Pii is, FieldDescriptor after, String path, boolean isColumn) {
    if (was == is) {
      return;
    }
    int more = strength(is) - strength(was);
    String change = change(was, is);
    if (more > 0) {
      findings.migration(
          path, after, change + STRONGER, isColumn ? statements.protect(after) : List.of());
    } else {
      findings.breaking(path, after, change + (more < 0 ? WEAKER : OTHER));
    }
  }

  static int strength(Pii pii) {
    return STRENGTH.getOrDefault(pii, 0);
  }

  static String change(Pii was, Pii is) {
    return "personal data from " + word(was) + " to " + word(is);
  }

  /** Sets from before there were decisions mean that nothing is treated. */
  private static Pii decided(Pii pii) {
    return pii == Pii.PII_UNSPECIFIED ? Pii.PII_NONE : pii;
  }

  private static String word(Pii pii) {
    return pii.name().substring("PII_".length());
  }

  private static String nameOf(Field option, FieldDescriptor field) {
    return option.getStagingName().isEmpty() ? field.getName() : option.getStagingName();
  }
}

package millrace.derive.change;

import com.google.protobuf.Descriptors.FieldDescriptor;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import millrace.core.contract.Contract;
import millrace.derive.artifact.RawTable;
import millrace.derive.artifact.RawTable.RawColumn;
import org.jspecify.annotations.Nullable;

/** One type that is in both sets. */
final class TypeChanges {
  private final Contract before;
  private final Contract after;
  private final Findings findings;

  private TypeChanges(Contract before, Contract after) {
    this.before = before;
    this.after = after;
    this.findings = new Findings(after.type());
  }

  static List<Change> of(Contract before, Contract after) {
    return new TypeChanges(before, after).compare();
  }

  private List<Change> compare() {
    RawTable oldTable = RawTable.of(before);
    RawTable newTable = RawTable.of(after);
    var statements = new ColumnStatements(oldTable, newTable);
    options();
    new FieldChanges(findings, statements).compare(before.descriptor(), after.descriptor(), "");
    nestedProtection(oldTable, statements);
    // after the tags: a pipe may load what they are for
    new JsonSourceChanges(before, after, findings).compare();
    texts(oldTable, newTable, statements);
    return findings.changes();
  }

  private void options() {
    differs(
        "source",
        before.source(),
        after.source(),
        "its files would lie in another folder, and its events would be other events");
    differs(
        "event_id", names(before.eventId()), names(after.eventId()), "repeats would not be found");
    differs(
        "identity",
        before.identity().name(),
        after.identity().name(),
        "repeats would not be found");
    differs("key", names(before.key()), names(after.key()), "rows would be about other things");
    differs(
        "event_time",
        name(before.eventTime()),
        name(after.eventTime()),
        "repeats would fall on other event days");
    differs(
        "format",
        before.format().name(),
        after.format().name(),
        "the pipe reads one format, and a pipe is never replaced");
    differs(
        "deletes",
        Boolean.toString(before.deletes()),
        Boolean.toString(after.deletes()),
        "what the event does to its key would be another thing");
    if (!before.owner().equals(after.owner())) {
      safe("owner is '" + after.owner() + "', was '" + before.owner() + "'");
    }
    if (!names(before.cluster()).equals(names(after.cluster()))) {
      safe("marts are clustered by (" + names(after.cluster()) + ")");
    }
    if (before.retentionDays() != after.retentionDays()) {
      retention();
    }
    if (!before.descriptor().getFile().getName().equals(after.descriptor().getFile().getName())) {
      safe("the message moved from " + before.descriptor().getFile().getName());
    }
  }

  private void retention() {
    boolean shorter =
        after.retentionDays() != 0
            && (before.retentionDays() == 0 || after.retentionDays() < before.retentionDays());
    String days = "rows are kept " + days(after) + ", were " + days(before);
    if (shorter) {
      findings.breaking(
          "", after.descriptor(), days + ": readers of older rows would find them gone");
    } else {
      safe(days);
    }
  }

  private static String days(Contract contract) {
    return contract.retentionDays() == 0
        ? "as long as the deployment says"
        : contract.retentionDays() + " days";
  }

  private void differs(String option, String was, String is, String consequence) {
    if (!Objects.equals(was, is)) {
      findings.breaking(
          "", after.descriptor(), option + " is '" + is + "', was '" + was + "': " + consequence);
    }
  }

  private void safe(String what) {
    findings.safe("", after.descriptor(), what);
  }

  /** A message column bears the tags of all that is in it. */
  private void nestedProtection(RawTable oldTable, ColumnStatements statements) {
    for (FieldDescriptor field : after.descriptor().getFields()) {
      boolean isMessage = field.getJavaType() == FieldDescriptor.JavaType.MESSAGE;
      boolean wasThere = oldTable.column(field.getName()).isPresent();
      if (isMessage && wasThere) {
        List<String> protect = statements.protect(field);
        if (!protect.isEmpty()) {
          findings.migration(field.getName(), field, "its tags follow what is in it", protect);
        }
      }
    }
  }

  private void texts(RawTable oldTable, RawTable newTable, ColumnStatements statements) {
    if (!oldTable.comment().equals(newTable.comment())) {
      findings.safe("", after.descriptor(), "described anew", statements.tableComment());
    }
    for (RawColumn column : newTable.columns()) {
      var old = oldTable.column(column.name());
      if (old.isPresent() && !old.get().comment().equals(column.comment())) {
        FieldDescriptor field = after.descriptor().findFieldByName(column.name());
        findings.safe(
            column.name(),
            field == null ? after.descriptor() : field,
            "described anew",
            statements.comment(column));
      }
    }
  }

  private static String names(List<FieldDescriptor> fields) {
    return fields.stream().map(FieldDescriptor::getName).collect(Collectors.joining(", "));
  }

  private static String name(@Nullable FieldDescriptor field) {
    return field == null ? "" : field.getName();
  }
}

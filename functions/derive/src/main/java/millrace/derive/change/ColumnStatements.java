package millrace.derive.change;

import com.google.protobuf.Descriptors.FieldDescriptor;
import java.util.ArrayList;
import java.util.List;
import millrace.derive.artifact.RawTable;
import millrace.derive.artifact.RawTable.RawColumn;
import millrace.derive.artifact.TableSql;
import millrace.derive.artifact.TableSql.Deployment;

/**
 * The ALTERs that bring a raw table from its released form to the candidate's; each may run twice.
 */
final class ColumnStatements {
  private static final Deployment IN = Deployment.TEMPLATE;

  private final RawTable before;
  private final RawTable after;

  ColumnStatements(RawTable before, RawTable after) {
    this.before = before;
    this.after = after;
  }

  List<String> add(FieldDescriptor field) {
    RawColumn column = column(field);
    var statements = new ArrayList<String>();
    statements.add(
        TableSql.alter(after, IN)
            + " add column if not exists "
            + column.name()
            + " "
            + column.type()
            + (column.comment().isEmpty()
                ? ""
                : " comment " + TableSql.comment(column.comment(), IN)));
    statements.addAll(protect(field));
    return statements;
  }

  List<String> widen(FieldDescriptor field) {
    RawColumn column = column(field);
    return List.of(
        TableSql.alter(after, IN)
            + " alter column "
            + column.name()
            + " set data type "
            + column.type());
  }

  /**
   * Tags and masking policy of a column as they are now, where they differ from the released ones.
   */
  List<String> protect(FieldDescriptor field) {
    RawColumn now = column(field);
    var was = before.column(now.name());
    var statements = new ArrayList<String>();
    if (was.isPresent() && was.get().protection().equals(now.protection())) {
      return statements;
    }
    List<String> tags = TableSql.tags(now.protection(), IN);
    if (!tags.isEmpty()) {
      statements.add(modify(now) + " set tag " + String.join(", ", tags));
    }
    if (now.protection().restricted() && (was.isEmpty() || !was.get().protection().restricted())) {
      statements.add(
          modify(now) + " set masking policy " + TableSql.maskingPolicy(now, IN) + " force");
    }
    return statements;
  }

  String comment(RawColumn column) {
    return modify(column) + " comment " + TableSql.comment(column.comment(), IN);
  }

  String tableComment() {
    return "comment on table "
        + TableSql.name(after, IN)
        + " is "
        + TableSql.comment(after.comment(), IN);
  }

  private String modify(RawColumn column) {
    return TableSql.alter(after, IN) + " modify column " + column.name();
  }

  private RawColumn column(FieldDescriptor field) {
    return after
        .column(field.getName())
        .orElseThrow(() -> new IllegalArgumentException("no column for " + field.getFullName()));
  }
}

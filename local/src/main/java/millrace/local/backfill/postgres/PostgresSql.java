package millrace.local.backfill.postgres;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import millrace.local.backfill.ColumnKind;
import millrace.local.backfill.SourceColumn;
import millrace.local.backfill.SourceDatabase.Selection;
import millrace.local.backfill.SourceTable.KeyRange;
import millrace.local.backfill.SourceTable.Position;
import org.jspecify.annotations.Nullable;

/**
 * The statements of one table. Their rows begin with the key as text and the watermark, where there
 * is one; the columns follow. Keys are compared by the database alone, in its own order.
 */
final class PostgresSql {
  private final Selection selection;
  private final String keys;
  private final String typedKeys;

  PostgresSql(Selection selection) {
    this.selection = selection;
    this.keys = list(selection.key().stream().map(PostgresSql::column).toList());
    this.typedKeys =
        selection.key().stream()
            .map(name -> "?::" + base(selection.table().column(name).orElseThrow()))
            .collect(Collectors.joining(", "));
  }

  /** Number of the column with the watermark. */
  int watermark() {
    return selection.key().size() + 1;
  }

  /** Number of the first of the columns that were asked for. */
  int firstValue() {
    return selection.key().size() + (selection.watermark() == null ? 1 : 2);
  }

  List<String> key(ResultSet found) throws SQLException {
    var key = new ArrayList<String>();
    for (int i = 1; i <= selection.key().size(); i++) {
      key.add(String.valueOf(found.getString(i)));
    }
    return key;
  }

  String bounds() {
    return "select min(" + keys + ")::text, max(" + keys + ")::text" + from();
  }

  /** Keys that cut a sample into so many parts. */
  String quantiles(double percent, int ranges) {
    return String.format(
        Locale.ROOT,
        "with sample as (select %1$s, ntile(%3$d) over (order by %1$s) as millrace_part%4$s"
            + " tablesample system (%2$f)), cut as (select t.*, lag(millrace_part) over (order by"
            + " %1$s) as millrace_before from sample t) select %5$s from cut t where millrace_part"
            + " > millrace_before order by %1$s",
        keys,
        percent,
        ranges,
        from(),
        textKeys());
  }

  String newest() {
    return "select max(w) from (select "
        + watermarkColumn()
        + " as w"
        + from()
        + ") changes where w <= clock_timestamp()";
  }

  /**
   * @param values takes what the question marks stand for
   */
  String rows(KeyRange range, @Nullable List<String> after, int most, List<String> values) {
    var conditions = new ArrayList<String>();
    @Nullable List<String> from = range.from();
    @Nullable List<String> to = range.to();
    if (after != null) {
      conditions.add("(" + keys + ") > (" + typedKeys + ")");
      values.addAll(after);
    } else if (from != null) {
      conditions.add("(" + keys + ") >= (" + typedKeys + ")");
      values.addAll(from);
    }
    if (to != null) {
      conditions.add("(" + keys + ") < (" + typedKeys + ")");
      values.addAll(to);
    }
    return select() + where(conditions) + " order by " + keys + " limit " + most;
  }

  /**
   * @param since as text; null for no bound
   * @param values takes what the question marks stand for
   */
  String changed(@Nullable String since, @Nullable Position after, int most, List<String> values) {
    String column = column(String.valueOf(selection.watermark()));
    String type =
        base(selection.table().column(String.valueOf(selection.watermark())).orElseThrow());
    var conditions = new ArrayList<String>();
    // an infinite one is no time at which anything changed, nor is one that no event can have
    conditions.add(column + " >= '0001-01-01' and " + column + " < '10000-01-01'");
    if (after != null) {
      conditions.add("(" + column + ", " + keys + ") > (?::" + type + ", " + typedKeys + ")");
      values.add(String.valueOf(after.watermark()));
      values.addAll(after.key());
    } else if (since != null) {
      conditions.add(column + " >= ?::" + type);
      values.add(since);
    }
    return select() + where(conditions) + " order by " + column + ", " + keys + " limit " + most;
  }

  private String select() {
    var columns = new ArrayList<String>();
    columns.add(textKeys());
    if (selection.watermark() != null) {
      columns.add(watermarkColumn());
    }
    selection.described().forEach(column -> columns.add(read(column)));
    return "select " + list(columns) + from();
  }

  private String from() {
    return " from " + selection.table().name() + " t";
  }

  /** With the table, or ORDER BY would take the text of the same name that is selected. */
  private static String column(String name) {
    return "t." + PostgresDatabase.quoted(name);
  }

  private static String where(List<String> conditions) {
    return conditions.isEmpty() ? "" : " where " + String.join(" and ", conditions);
  }

  private String textKeys() {
    return list(selection.key().stream().map(key -> column(key) + "::text").toList());
  }

  private String watermarkColumn() {
    return read(selection.table().column(String.valueOf(selection.watermark())).orElseThrow());
  }

  /** A column in the form that {@link ColumnKind} asks for. */
  private static String read(SourceColumn column) {
    String name = column(column.name());
    return switch (column.kind()) {
      case BOOLEAN, BYTES, DATE -> name;
      case INTEGER -> name + "::int8";
      case FLOAT -> name + "::float8";
      case DECIMAL, TEXT -> name + "::text";
      case TIMESTAMP -> base(column).endsWith("with time zone") ? name : name + "::timestamptz";
      case JSON ->
          base(column).startsWith("json") ? name + "::text" : "to_json(" + name + ")::text";
    };
  }

  /** A type without its modifier: a cast of a bound to varchar(3) would cut it. */
  private static String base(SourceColumn column) {
    return column.type().replaceAll("\\([0-9, -]+\\)", "");
  }

  private static String list(List<String> columns) {
    return String.join(", ", columns);
  }
}

package millrace.local.warehouse;

import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Answer of one statement.
 *
 * @param columns names and types, in order
 * @param rows values as the SQL API writes them, null for SQL's NULL
 */
public record QueryResult(List<Column> columns, List<List<@Nullable String>> rows) {
  /**
   * One column.
   *
   * @param name as the warehouse spells it, upper case unless quoted
   * @param type the SQL API's lower-case type, such as {@code fixed}, {@code text}, {@code
   *     timestamp_ntz}
   */
  public record Column(String name, String type) {}

  /** The only value of the only row. */
  public @Nullable String single() {
    if (rows.size() != 1 || rows.getFirst().size() != 1) {
      throw new IllegalStateException(
          "one value was asked for, the answer has " + rows.size() + " rows");
    }
    return rows.getFirst().getFirst();
  }

  /** The only value as a count. */
  public long count() {
    String value = single();
    return value == null ? 0 : Long.parseLong(value);
  }

  /** Position of a column, whatever its case. */
  public int index(String name) {
    for (int i = 0; i < columns.size(); i++) {
      if (columns.get(i).name().toLowerCase(Locale.ROOT).equals(name.toLowerCase(Locale.ROOT))) {
        return i;
      }
    }
    throw new IllegalArgumentException("no column '" + name + "' among " + columns);
  }

  public @Nullable String value(int row, String column) {
    return rows.get(row).get(index(column));
  }

  /** The value as a person reads it: days and epoch seconds become dates and times. */
  public @Nullable String readable(int row, int column) {
    @Nullable String raw = rows.get(row).get(column);
    return raw == null ? null : ReadableValues.of(columns.get(column).type(), raw);
  }
}

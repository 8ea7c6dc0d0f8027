package millrace.local.backfill;

import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A database whose tables can be read. */
public interface SourceDatabase extends AutoCloseable {
  /** Where it is, without a secret: {@code db.example:5432/shop}. */
  String name();

  /**
   * A table by its name, with or without its schema; empty when there is none that this user sees.
   */
  Optional<TableShape> find(String table);

  /**
   * The rows of a table.
   *
   * @param columns to read; no other column is asked for, since it may be personal
   */
  SourceTable table(Selection selection);

  @Override
  void close();

  /**
   * What of a table is read, and how.
   *
   * @param table with its schema
   * @param key columns that identify a row, in the order in which rows are read
   * @param watermark column that grows with each change of a row; null when rows never change
   * @param columns to read, by name
   */
  record Selection(
      TableShape table, List<String> key, @Nullable String watermark, List<String> columns) {
    public Selection {
      key = List.copyOf(key);
      columns = List.copyOf(columns);
    }

    /** The columns as the catalogue describes them. */
    public List<SourceColumn> described() {
      return columns.stream().map(name -> table.column(name).orElseThrow()).toList();
    }
  }
}

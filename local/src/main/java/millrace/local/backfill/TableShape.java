package millrace.local.backfill;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A table as the catalogue describes it.
 *
 * @param name with its schema, such as {@code public.orders}, quoted where SQL asks for it
 * @param columns in their order
 * @param primaryKey columns of the primary key, in its order; empty when it has none
 * @param unique other columns that are unique alone and never null
 * @param rows about how many rows it has; -1 when unknown
 */
public record TableShape(
    String name,
    List<SourceColumn> columns,
    List<String> primaryKey,
    Set<String> unique,
    long rows) {
  public TableShape {
    columns = List.copyOf(columns);
    primaryKey = List.copyOf(primaryKey);
    unique = Set.copyOf(unique);
  }

  public Optional<SourceColumn> column(String column) {
    return columns.stream().filter(each -> each.name().equals(column)).findFirst();
  }

  /** Names of the columns, for sentences. */
  public String columnNames() {
    return String.join(", ", columns.stream().map(SourceColumn::name).toList());
  }
}

package millrace.core.file;

import java.util.List;
import millrace.core.row.Column;
import org.jspecify.annotations.Nullable;

/** Writes rows as one file. Equal rows give equal bytes; all encoders give equal values. */
@FunctionalInterface
public interface RowFileEncoder {
  /**
   * @param name full name of the type, for formats that name their schema
   * @param columns columns of the file
   * @param rows a value for each column, as {@link millrace.core.row.ColumnType} says; at least one
   *     row
   * @return the whole file
   */
  byte[] encode(String name, List<Column> columns, List<@Nullable Object[]> rows);
}

package millrace.core.row;

import org.jspecify.annotations.Nullable;

/**
 * One event as the warehouse sees it.
 *
 * @param schema its columns
 * @param values a value for each column, of the class that {@link ColumnType} names; owned by the
 *     row
 */
public record Row(RowSchema schema, @Nullable Object[] values) {
  public @Nullable Object get(MetadataColumn metadata) {
    return values[schema.position(metadata)];
  }

  /** The same row, saying where the bytes of its unknown fields lie. */
  public Row withUnknownFields(String place) {
    @Nullable Object[] copy = values.clone();
    copy[schema.position(MetadataColumn.UNKNOWN_FIELDS)] = place;
    return new Row(schema, copy);
  }
}

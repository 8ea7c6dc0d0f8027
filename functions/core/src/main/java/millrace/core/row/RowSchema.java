package millrace.core.row;

import com.google.protobuf.Message;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import millrace.core.contract.Contract;
import org.jspecify.annotations.Nullable;

/**
 * Columns of the rows of one type: the payload's fields by number, then the metadata columns.
 *
 * @param contract the type
 * @param columns in the order of {@link Row#values()}
 */
public record RowSchema(Contract contract, List<Column> columns) {
  public RowSchema {
    columns = List.copyOf(columns);
  }

  public static RowSchema of(Contract contract) {
    var columns = new ArrayList<>(Values.columns(contract.descriptor()));
    for (MetadataColumn metadata : MetadataColumn.values()) {
      columns.add(metadata.column());
    }
    return new RowSchema(contract, columns);
  }

  /** Where the value of a metadata column stands. */
  public int position(MetadataColumn metadata) {
    return columns.size() - MetadataColumn.values().length + metadata.ordinal();
  }

  /** A row's values with those of the payload set by column and the metadata empty. */
  @Nullable Object[] payloadValues(Map<String, Object> payload) {
    var values = new @Nullable Object[columns.size()];
    for (int i = 0; i < columns.size(); i++) {
      values[i] = payload.get(columns.get(i).name());
    }
    return values;
  }

  /** A row's values with those of the payload set and the metadata empty. */
  public @Nullable Object[] payloadValues(Message payload) {
    var values = new @Nullable Object[columns.size()];
    @Nullable Object[] fields = Values.read(payload);
    System.arraycopy(fields, 0, values, 0, fields.length);
    return values;
  }
}

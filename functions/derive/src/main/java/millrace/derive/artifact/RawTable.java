package millrace.derive.artifact;

import com.google.protobuf.Descriptors.FieldDescriptor;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import millrace.core.contract.Contract;
import millrace.core.row.Column;
import millrace.core.row.MetadataColumn;
import millrace.core.row.Values;

/**
 * The raw table of one type: the payload's fields by number, the metadata columns, and what the
 * load adds.
 *
 * @param type full name of the message
 * @param name without schema, such as {@code orders_v1__order_created}
 * @param comment of the table
 * @param columns in the table's order
 */
public record RawTable(String type, String name, String comment, List<RawColumn> columns) {
  /** Of the payload nothing is required, so that no row is refused for what a producer left out. */
  private static final Set<MetadataColumn> REQUIRED =
      Set.of(
          MetadataColumn.EVENT_ID,
          MetadataColumn.ID_ORIGIN,
          MetadataColumn.SOURCE,
          MetadataColumn.TYPE,
          MetadataColumn.BATCH_ID,
          MetadataColumn.BATCH_ROW);

  /**
   * @param name proto field name, or the name of a metadata column
   * @param type as Snowflake writes it, lower case
   * @param required whether the load refuses a file without it
   * @param comment empty when there is none
   */
  public record RawColumn(
      String name, String type, boolean required, String comment, Protection protection) {}

  public RawTable {
    columns = List.copyOf(columns);
  }

  public static RawTable of(Contract contract) {
    var columns = new ArrayList<RawColumn>();
    List<FieldDescriptor> fields =
        contract.descriptor().getFields().stream()
            .sorted(Comparator.comparingInt(FieldDescriptor::getNumber))
            .toList();
    List<Column> payload = Values.columns(contract.descriptor());
    for (int i = 0; i < fields.size(); i++) {
      FieldDescriptor field = fields.get(i);
      columns.add(
          new RawColumn(
              field.getName(),
              SqlTypes.of(payload.get(i).type()),
              false,
              Comments.of(field),
              Protection.of(contract, field)));
    }
    for (MetadataColumn metadata : MetadataColumn.values()) {
      Column column = metadata.column();
      columns.add(
          new RawColumn(
              column.name(),
              SqlTypes.of(column.type()),
              REQUIRED.contains(metadata),
              MetadataTexts.of(column.name()),
              Protection.NONE));
    }
    columns.add(load("_file", "varchar", true));
    columns.add(load("_file_row", "number(19, 0)", false));
    columns.add(load("_loaded_at", "timestamp_ntz(6)", false));
    String description = Comments.of(contract.descriptor());
    return new RawTable(
        contract.type(),
        TypeNames.of(contract).rawTable(),
        description.isEmpty() ? contract.type() : contract.type() + ": " + description,
        columns);
  }

  public Optional<RawColumn> column(String name) {
    return columns.stream().filter(each -> each.name().equalsIgnoreCase(name)).findFirst();
  }

  private static RawColumn load(String name, String type, boolean required) {
    return new RawColumn(name, type, required, MetadataTexts.of(name), Protection.NONE);
  }
}

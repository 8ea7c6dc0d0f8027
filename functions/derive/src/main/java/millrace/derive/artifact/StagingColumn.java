package millrace.derive.artifact;

import com.google.protobuf.Descriptors.EnumDescriptor;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import millrace.core.contract.Contract;
import millrace.core.row.Column;
import millrace.core.row.ColumnType;
import millrace.core.row.ColumnType.Fields;
import millrace.core.row.ColumnType.Scalar;
import millrace.core.row.Values;
import millrace.options.v1.OptionsProto;

/**
 * A column of a staging model: a field of the payload, or a field of a message in it. Messages
 * become columns of their own, {@code <field>_<inner field>}; lists and maps stay as they are.
 *
 * @param name in staging
 * @param path where the value lies, in the contract's names: {@code customer.name}
 * @param cast Snowflake type of the column
 * @param isFreeJson whether it holds JSON that no contract describes, which Parquet brings as text
 * @param field the field it ends in
 * @param description empty when nobody wrote one
 * @param protection of the value
 */
public record StagingColumn(
    String name,
    String path,
    String cast,
    boolean isFreeJson,
    FieldDescriptor field,
    String description,
    Protection protection) {

  /** The columns of a type, in the order of the field numbers. */
  public static List<StagingColumn> of(Contract contract) {
    var columns = new ArrayList<StagingColumn>();
    add(contract, contract.descriptor(), "", "", columns);
    columns.removeIf(column -> isTheEventId(contract, column));
    return List.copyOf(columns);
  }

  /** The id of the event is a metadata column already, with the same value. */
  private static boolean isTheEventId(Contract contract, StagingColumn column) {
    return column.name().equals("event_id")
        && contract.eventId().size() == 1
        && contract.eventId().getFirst().equals(column.field());
  }

  /** Names of the values that an enum column may have, or empty when it is none. */
  public List<String> enumValues() {
    if (field.getType() != FieldDescriptor.Type.ENUM || field.isRepeated()) {
      return List.of();
    }
    EnumDescriptor values = field.getEnumType();
    return values.getValues().stream().map(EnumValueDescriptor::getName).distinct().toList();
  }

  private static void add(
      Contract contract,
      com.google.protobuf.Descriptors.Descriptor message,
      String pathBefore,
      String nameBefore,
      List<StagingColumn> columns) {
    List<FieldDescriptor> fields =
        message.getFields().stream()
            .sorted(Comparator.comparingInt(FieldDescriptor::getNumber))
            .toList();
    List<Column> types = Values.columns(message);
    for (int i = 0; i < fields.size(); i++) {
      FieldDescriptor field = fields.get(i);
      if (Protection.isDropped(field)) {
        continue;
      }
      String wanted = field.getOptions().getExtension(OptionsProto.field).getStagingName();
      String name = wanted.isEmpty() ? nameBefore + lower(field.getName()) : wanted;
      String path = pathBefore + field.getName();
      ColumnType type = types.get(i).type();
      if (type instanceof Fields inner && !inner.columns().isEmpty()) {
        add(contract, field.getMessageType(), path + ".", name + "_", columns);
      } else {
        columns.add(
            new StagingColumn(
                name,
                path,
                SqlTypes.of(type),
                type == Scalar.JSON,
                field,
                Comments.of(field),
                pathBefore.isEmpty() ? Protection.of(contract, field) : Protection.of(field)));
      }
    }
  }

  private static String lower(String name) {
    return name.toLowerCase(Locale.ROOT);
  }
}

package millrace.local.release;

import java.util.ArrayList;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import millrace.core.contract.Contract;
import millrace.core.row.Column;
import millrace.core.row.ColumnType;
import millrace.core.row.RowSchema;
import millrace.local.warehouse.EventTables;

/** The table and the pipe of one type, as the migrations in snowflake/ write them. */
public final class TypeStatements {
  /** Of the payload nothing is required, so that no row is refused for what a producer left out. */
  private static final Set<String> REQUIRED =
      Set.of("_event_id", "_id_origin", "_source", "_type", "_batch_id", "_batch_row");

  private TypeStatements() {}

  /**
   * How the pipes of a warehouse read files.
   *
   * @param folder value of {@code format=} in the keys
   * @param fileFormat full name of the file format
   */
  public record PipeFormat(String folder, String fileFormat) {}

  static String table(String database, Contract contract) {
    EventTables tables = EventTables.of(database, contract);
    var lines = new ArrayList<String>();
    for (Column column : RowSchema.of(contract).columns()) {
      lines.add(
          column.name()
              + " "
              + type(column.type())
              + (REQUIRED.contains(column.name()) ? " not null" : ""));
    }
    lines.add("_file varchar not null");
    lines.add("_file_row number(19, 0)");
    lines.add("_loaded_at timestamp_ntz(6)");
    return "create table if not exists "
        + tables.raw()
        + " (\n    "
        + String.join(",\n    ", lines)
        + "\n)\n    comment = "
        + EventTables.literal(contract.type());
  }

  static String pipe(String database, Contract contract, String topicArn, PipeFormat format) {
    EventTables tables = EventTables.of(database, contract);
    return """
    create pipe if not exists %s_PIPE
        auto_ingest = TRUE
        aws_sns_topic = '%s'
        comment = '%s'
        as copy into %s
        from '@%s.RAW.EVENTS/format=%s/source=%s/type=%s/'
        file_format = (format_name = '%s')
        match_by_column_name = CASE_INSENSITIVE
        include_metadata = (
            _file = METADATA$FILENAME,
            _file_row = METADATA$FILE_ROW_NUMBER,
            _loaded_at = METADATA$START_SCAN_TIME
        )
        on_error = SKIP_FILE\
    """
        .formatted(
            tables.raw().toUpperCase(Locale.ROOT),
            topicArn,
            contract.type(),
            tables.raw().toUpperCase(Locale.ROOT),
            database,
            format.folder(),
            contract.source(),
            contract.type(),
            format.fileFormat());
  }

  static String type(ColumnType type) {
    return switch (type) {
      case ColumnType.Scalar scalar ->
          switch (scalar) {
            case BOOLEAN -> "boolean";
            case INT32, UINT32 -> "number(10, 0)";
            case INT64 -> "number(19, 0)";
            case UINT64 -> "number(20, 0)";
            case FLOAT, DOUBLE -> "float";
            case STRING -> "varchar";
            case BYTES -> "binary";
            case TIMESTAMP -> "timestamp_ntz(6)";
            case JSON -> "variant";
          };
      case ColumnType.ListOf _, ColumnType.MapOf _, ColumnType.Fields _ -> "variant";
    };
  }

  /** Names and types of a contract's columns, to compare two versions of it. */
  static String columns(Contract contract) {
    return RowSchema.of(contract).columns().stream()
        .map(column -> column.name() + " " + type(column.type()))
        .collect(Collectors.joining(", "));
  }
}

package millrace.derive.artifact;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import millrace.core.contract.Contract;
import millrace.derive.artifact.RawTable.RawColumn;
import millrace.options.v1.Format;

/** Tables and pipes as statements, for one deployment or as a template of a migration. */
public final class TableSql {
  private TableSql() {}

  /**
   * What differs between deployments.
   *
   * @param database name of the database
   * @param topicArn topic that all pipes listen to
   * @param folder value of {@code format=} in the keys of this deployment's event files
   * @param fileFormat name of the file format that reads them, without schema
   * @param ndjsonFormat name of the file format for contracts that ask for NDJSON, without schema
   */
  public record Deployment(
      String database, String topicArn, String folder, String fileFormat, String ndjsonFormat) {
    /**
     * The variables of the migrations; {@link #PREAMBLE} sets those that schemachange is not given.
     */
    public static final Deployment TEMPLATE =
        new Deployment(
            "{{ database }}",
            "{{ topic_arn }}",
            "{{ event_format }}",
            "{{ format }}",
            "NDJSON_{{ ndjson_codec | default('zstd') | upper }}");

    /** What a migration that uses {@link #TEMPLATE} begins with. */
    public static final String PREAMBLE =
        """
        {% set database = 'MILLRACE_' ~ environment | upper %}
        {% set format = 'PARQUET' if event_format == 'parquet' else 'NDJSON_' ~ ndjson_codec | default('zstd') | upper %}
        """;

    String raw(String object) {
      return database + ".RAW." + object.toUpperCase(Locale.ROOT);
    }
  }

  /** The raw table with comments, tags and masking policies. */
  public static String createTable(RawTable table, Deployment in) {
    String columns =
        table.columns().stream()
            .map(column -> "    " + columnDefinition(column, in))
            .collect(Collectors.joining(",\n"));
    return "create table if not exists "
        + in.raw(table.name())
        + " (\n"
        + columns
        + "\n)\n    comment = "
        + comment(table.comment(), in);
  }

  /** Full name of the table. */
  public static String name(RawTable table, Deployment in) {
    return in.raw(table.name());
  }

  /** How a change of the table begins. */
  public static String alter(RawTable table, Deployment in) {
    return "alter table " + name(table, in);
  }

  /** A description as SQL writes it; in a template nothing of it is taken for a variable. */
  public static String comment(String text, Deployment in) {
    return SqlTypes.literal(
        in.equals(Deployment.TEMPLATE)
            ? text.replace("{{", "{ {").replace("{%", "{ %").replace("{#", "{ #")
            : text);
  }

  /** A column as CREATE TABLE and ADD COLUMN write it. */
  public static String columnDefinition(RawColumn column, Deployment in) {
    var parts = new ArrayList<String>();
    parts.add(column.name() + " " + column.type());
    if (column.required()) {
      parts.add("not null");
    }
    Protection protection = column.protection();
    if (protection.restricted()) {
      parts.add("with masking policy " + maskingPolicy(column, in));
    }
    List<String> tags = tags(protection, in);
    if (!tags.isEmpty()) {
      parts.add("with tag (" + String.join(", ", tags) + ")");
    }
    if (!column.comment().isEmpty()) {
      parts.add("comment " + comment(column.comment(), in));
    }
    return String.join(" ", parts);
  }

  /** Name and value of each tag of a column. */
  public static List<String> tags(Protection protection, Deployment in) {
    var tags = new ArrayList<String>();
    if (!protection.pii().isEmpty()) {
      tags.add(in.raw("pii") + " = " + SqlTypes.literal(protection.piiTag()));
    }
    if (protection.restricted()) {
      tags.add(in.raw("access") + " = 'RESTRICTED'");
    }
    return tags;
  }

  /** A column whose message holds one restricted field is masked as a whole. */
  public static String maskingPolicy(RawColumn column, Deployment in) {
    return in.raw("mask_" + column.type().replaceAll("[^a-z_].*", ""));
  }

  /** The pipes that load the type's files: one, or one per source of schema-less JSON. */
  public static List<String> createPipes(Contract contract, Deployment in) {
    return pipes(contract).entrySet().stream()
        .map(pipe -> createPipe(contract, pipe.getValue(), in.raw(pipe.getKey()), in))
        .toList();
  }

  /** Name of each pipe of a type and the source whose files it loads. */
  public static SortedMap<String, String> pipes(Contract contract) {
    String table = TypeNames.of(contract).rawTable();
    var pipes = new TreeMap<String, String>();
    if (contract.jsonSources().isEmpty()) {
      pipes.put(table + "_pipe", contract.source());
    }
    contract
        .jsonSources()
        .forEach(
            json ->
                pipes.put(
                    table + "__" + TypeNames.identifier(json.source()) + "_pipe", json.source()));
    return pipes;
  }

  private static String createPipe(Contract contract, String source, String pipe, Deployment in) {
    String folder = in.folder();
    String fileFormat = in.fileFormat();
    if (contract.format() == Format.FORMAT_PARQUET) {
      folder = "parquet";
      fileFormat = "PARQUET";
    } else if (contract.format() == Format.FORMAT_NDJSON) {
      folder = "ndjson";
      fileFormat = in.ndjsonFormat();
    }
    return """
    create pipe if not exists %s
        auto_ingest = TRUE
        aws_sns_topic = '%s'
        comment = '%s'
        as copy into %s
        from '@%s.RAW.EVENTS/format=%s/source=%s/type=%s/'
        file_format = (format_name = '%s.RAW.%s')
        match_by_column_name = CASE_INSENSITIVE
        include_metadata = (
            _file = METADATA$FILENAME,
            _file_row = METADATA$FILE_ROW_NUMBER,
            _loaded_at = METADATA$START_SCAN_TIME
        )
        on_error = SKIP_FILE\
    """
        .formatted(
            pipe,
            in.topicArn(),
            contract.type(),
            in.raw(TypeNames.of(contract).rawTable()),
            in.database(),
            folder,
            source,
            contract.type(),
            in.database(),
            fileFormat);
  }
}

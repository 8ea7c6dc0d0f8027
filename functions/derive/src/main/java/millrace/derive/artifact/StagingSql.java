package millrace.derive.artifact;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import millrace.core.contract.Contract;
import millrace.derive.artifact.RawTable.RawColumn;

/** The dbt models of one type as SQL: the staging view and the one deduplication. */
final class StagingSql {
  private StagingSql() {}

  static String staging(Contract contract, List<StagingColumn> columns) {
    var sql = new StringBuilder(Headers.jinja(contract));
    sql.append("{{ stage_event(\n");
    if (!contract.source().isEmpty()) {
      sql.append("    source_name='").append(contract.source()).append("',\n");
    }
    sql.append("    type='").append(contract.type()).append("',\n");
    sql.append("    table='").append(TypeNames.of(contract).rawTable()).append("',\n");
    sql.append("    fields=[\n");
    for (StagingColumn column : columns) {
      sql.append("        {'name': '").append(column.name()).append("', ");
      if (!column.path().equals(column.name())) {
        sql.append("'path': '").append(column.path()).append("', ");
      }
      sql.append("'cast': '").append(column.cast()).append("'");
      sql.append(column.isFreeJson() ? ", 'free_json': true" : "").append("},\n");
    }
    return sql.append("    ],\n) }}\n").toString();
  }

  static String deduplicated(Contract contract) {
    return Headers.jinja(contract)
        + """
        {{ config(
            materialized='incremental',
            incremental_strategy='merge_event_days',
            unique_key=['event_day', 'event_id', 'source', 'type'],
            on_schema_change='append_new_columns',%s
        ) }}

        {{ deduplicate(ref('%s')) }}
        """
            .formatted(cluster(contract), TypeNames.of(contract).staging());
  }

  /** The event day first: every merge is bounded by it. */
  private static String cluster(Contract contract) {
    if (contract.cluster().isEmpty()) {
      return "";
    }
    String columns =
        StagingColumn.of(contract).stream()
            .filter(column -> contract.cluster().contains(column.field()))
            .sorted(Comparator.comparing(column -> contract.cluster().indexOf(column.field())))
            .map(column -> "'" + column.name() + "'")
            .collect(Collectors.joining(", "));
    return "\n    cluster_by=['event_day', " + columns + "],";
  }

  /** The pairs of staging view and deduplicated model, which audits compare. */
  static String eventTypes(List<Contract> contracts) {
    var sql = new StringBuilder("{#- " + Headers.ALL + " -#}\n\n");
    sql.append("{#- Staging view and deduplicated model of every event type. -#}\n");
    sql.append("{% macro event_types() %}\n    {{ return([\n");
    for (Contract contract : contracts) {
      TypeNames names = TypeNames.of(contract);
      sql.append("        ('")
          .append(names.staging())
          .append("', '")
          .append(names.deduplicated())
          .append("'),\n");
    }
    return sql.append("    ]) }}\n{% endmacro %}\n").toString();
  }

  /** The columns of every raw table, against which a test of the models holds the warehouse. */
  static String rawColumns(List<Contract> contracts) {
    var sql = new StringBuilder("{#- " + Headers.ALL + " -#}\n\n");
    sql.append(
        "{#- The raw table of every event type and the columns that its contract gives it. -#}\n");
    sql.append("{% macro raw_columns() %}\n    {{ return({\n");
    for (Contract contract : contracts) {
      RawTable table = RawTable.of(contract);
      sql.append("        '").append(table.name()).append("': [\n");
      for (RawColumn column : table.columns()) {
        sql.append("            '").append(column.name().toLowerCase(Locale.ROOT)).append("',\n");
      }
      sql.append("        ],\n");
    }
    return sql.append("    }) }}\n{% endmacro %}\n").toString();
  }
}

package millrace.derive.artifact;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import millrace.core.contract.Contract;

/** The property files of dbt: sources, staging models and deduplicated models. */
final class ModelsYaml {
  /** Enums meet values that a newer contract knows: that is told and stops nobody. */
  private static final String ENUM_TEST =
      """
              - accepted_values:
                  arguments:
                    values: [%s]
                  config:
                    severity: warn
                    tags: [quality]
      """;

  private ModelsYaml() {}

  static String sources(List<Contract> contracts) {
    var yaml = new StringBuilder("# " + Headers.ALL + "\n");
    yaml.append(
        """
        version: 2

        sources:
          - name: raw
            description: What the pipes loaded, append-only, one table per event type and major version. Rows may repeat here, they never vanish.
            schema: raw
            config:
              # The load time is a column: the alteration time of a table also moves when its definition changes.
              loaded_at_field: _loaded_at
              freshness:
                warn_after: {count: 2, period: hour}
                error_after: {count: 6, period: hour}
            tables:
        """);
    for (Contract contract : contracts) {
      RawTable table = RawTable.of(contract);
      yaml.append("      - name: ").append(table.name()).append('\n');
      yaml.append("        description: ")
          .append(text("Rows of " + ended(table.comment())))
          .append('\n');
    }
    yaml.append(
        """
              - name: failed_events
                description: Events that could not become a row, with class, reason and the place of their bytes. A quiet table is a good one, so it has no freshness.
                config:
                  freshness: null
              - name: events_backfill
                description: Events of all types from before the stream, one VARIANT payload each. Filled by a replication tool when there is history, so it has no freshness.
                config:
                  freshness: null
        """);
    return yaml.toString();
  }

  static String staging(List<Contract> contracts) {
    var yaml = new StringBuilder("# " + Headers.ALL + "\nversion: 2\n\nmodels:\n");
    boolean first = true;
    for (Contract contract : contracts) {
      yaml.append(first ? "" : "\n");
      yaml.append("  - name: ").append(TypeNames.of(contract).staging()).append('\n');
      yaml.append("    description: ")
          .append(
              text(
                  ended(RawTable.of(contract).comment())
                      + " Stream and backfill united, renamed and cast. Grain: one row per row"
                      + " received; repeats are still in it."))
          .append('\n');
      yaml.append("    config:\n      meta: ").append(meta(contract)).append('\n');
      yaml.append("    columns:\n");
      for (StagingColumn column : StagingColumn.of(contract)) {
        payloadColumn(yaml, column);
      }
      metadataColumns(yaml);
      first = false;
    }
    return yaml.toString();
  }

  static String deduplicated(List<Contract> contracts) {
    var yaml = new StringBuilder("# " + Headers.ALL + "\nversion: 2\n\nmodels:\n");
    boolean first = true;
    for (Contract contract : contracts) {
      yaml.append(first ? "" : "\n");
      yaml.append("  - name: ").append(TypeNames.of(contract).deduplicated()).append('\n');
      yaml.append("    description: ")
          .append(
              text(
                  "The events of "
                      + contract.type()
                      + " without repeats. Grain: one row per identity (source, type, event_id) and"
                      + " event day; the first one received is kept. An identity on two event days"
                      + " is a conflict and keeps both rows."))
          .append('\n');
      yaml.append(
          """
              data_tests:
                - key:
                    arguments:
                      columns: [source, type, event_id, event_day]
              columns:
                - name: event_id
                  description: The producer's id of the event.
                - name: event_day
                  description: Day of the event time, the bound of every merge.
          """);
      StagingColumn.of(contract).stream()
          .filter(column -> !column.protection().equals(Protection.NONE))
          .forEach(column -> head(yaml, column));
      first = false;
    }
    return yaml.toString();
  }

  private static void payloadColumn(StringBuilder yaml, StagingColumn column) {
    head(yaml, column);
    if (!column.enumValues().isEmpty()) {
      yaml.append("        data_tests:\n")
          .append(ENUM_TEST.formatted(String.join(", ", column.enumValues())).indent(2));
    }
  }

  /** Name, description and what is decided of personal data: the project makes tags of it. */
  private static void head(StringBuilder yaml, StagingColumn column) {
    yaml.append("      - name: ").append(column.name()).append('\n');
    yaml.append("        description: ").append(text(column.description())).append('\n');
    var meta = new LinkedHashMap<String, String>();
    if (!column.protection().pii().isEmpty()) {
      meta.put("pii", column.protection().piiTag());
    }
    if (column.protection().restricted()) {
      meta.put("access", "RESTRICTED");
    }
    if (!meta.isEmpty()) {
      yaml.append("        config:\n");
      if (meta.containsKey("pii")) {
        yaml.append("          tags: [pii]\n");
      }
      yaml.append("          meta: ").append(flow(meta)).append('\n');
    }
  }

  private static void metadataColumns(StringBuilder yaml) {
    MetadataTexts.staging()
        .forEach(
            (name, description) -> {
              yaml.append("      - name: ").append(name).append('\n');
              yaml.append("        description: ").append(text(description)).append('\n');
              if (NEVER_NULL.contains(name)) {
                yaml.append("        data_tests: [not_null]\n");
              }
            });
  }

  /** Of stream and backfill alike. One test for what the raw tables refuse already is enough. */
  private static final Set<String> NEVER_NULL = Set.of("event_id");

  private static String meta(Contract contract) {
    var meta = new LinkedHashMap<String, String>();
    meta.put("owner", contract.owner());
    meta.put("type", contract.type());
    return flow(meta);
  }

  private static String flow(Map<String, String> entries) {
    var parts = entries.entrySet().stream().map(e -> e.getKey() + ": " + text(e.getValue()));
    return "{" + String.join(", ", parts.toList()) + "}";
  }

  private static String ended(String sentence) {
    return sentence.endsWith(".") ? sentence : sentence + ".";
  }

  /** A text as YAML writes it. dbt renders jinja in descriptions, so braces are kept apart. */
  static String text(String text) {
    return '"'
        + text.replace("{{", "{ {")
            .replace("{%", "{ %")
            .replace("{#", "{ #")
            .replace("\\", "\\\\")
            .replace("\"", "\\\"")
        + '"';
  }
}

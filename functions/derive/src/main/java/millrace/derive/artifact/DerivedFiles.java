package millrace.derive.artifact;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import millrace.core.contract.Contract;
import millrace.core.contract.ContractSet;
import millrace.core.failed.MillraceFailure.SetupFailure;
import millrace.derive.artifact.TableSql.Deployment;

/**
 * Every file that follows from the contracts, by its path in the checkout. A pure function: equal
 * contract sets give equal files.
 */
public final class DerivedFiles {
  private DerivedFiles() {}

  /**
   * @throws SetupFailure naming every name that the warehouse cannot hold, with file and line
   */
  public static SortedMap<String, String> of(ContractSet contractSet) {
    List<Contract> contracts = List.copyOf(contractSet.contracts());
    requireNames(contractSet);
    var files = new TreeMap<String, String>();
    for (Contract contract : contracts) {
      addType(contract, files);
    }
    contracts.stream()
        .collect(
            Collectors.groupingBy(
                each -> TypeNames.of(each).folder(), TreeMap::new, Collectors.toList()))
        .forEach(
            (folder, ofSource) -> {
              files.put(
                  "dbt/models/staging/%s/_%s__staging.yml".formatted(folder, folder),
                  ModelsYaml.staging(ofSource));
              files.put(
                  "dbt/models/intermediate/%s/_%s__deduplicated.yml".formatted(folder, folder),
                  ModelsYaml.deduplicated(ofSource));
            });
    files.put("dbt/models/staging/_sources.yml", ModelsYaml.sources(contracts));
    files.put("dbt/macros/derived/event_types.sql", StagingSql.eventTypes(contracts));
    files.put("dbt/macros/derived/raw_columns.sql", StagingSql.rawColumns(contracts));
    files.put("docs/data-dictionary/README.md", DictionaryPage.index(contracts));
    files.put("snowflake/migrations/lists/pipes.sql", pipeList(contracts));
    return files;
  }

  /**
   * @throws SetupFailure naming every name that the warehouse cannot hold, with file and line
   */
  public static void requireNames(ContractSet contractSet) {
    List<String> problems = NameRules.problems(List.copyOf(contractSet.contracts()));
    if (!problems.isEmpty()) {
      throw new SetupFailure("contracts: " + String.join("; ", problems));
    }
  }

  private static void addType(Contract contract, SortedMap<String, String> files) {
    TypeNames names = TypeNames.of(contract);
    files.put("snowflake/derived/" + names.rawTable() + ".sql", sql(contract));
    files.put("proto/derived/" + contract.type() + ".avsc", Schemas.avro(contract));
    files.put("proto/derived/" + contract.type() + ".parquet.txt", Schemas.parquet(contract));
    files.put(
        "dbt/models/staging/%s/%s.sql".formatted(names.folder(), names.staging()),
        StagingSql.staging(contract, StagingColumn.of(contract)));
    files.put(
        "dbt/models/intermediate/%s/%s.sql".formatted(names.folder(), names.deduplicated()),
        StagingSql.deduplicated(contract));
    files.put("docs/data-dictionary/" + contract.type() + ".md", DictionaryPage.of(contract));
  }

  /**
   * Pipe, table and source of every pipe, for the repeatable migrations. The source is empty where
   * the table has no other pipe.
   */
  private static String pipeList(List<Contract> contracts) {
    var pipes = new ArrayList<String>();
    pipes.add("    ('FAILED_EVENTS_PIPE', 'FAILED_EVENTS', '')");
    for (Contract contract : contracts) {
      TableSql.pipes(contract)
          .forEach(
              (pipe, source) ->
                  pipes.add(
                      "    ('%s', '%s', '%s')"
                          .formatted(
                              pipe.toUpperCase(Locale.ROOT),
                              TypeNames.of(contract).rawTable().toUpperCase(Locale.ROOT),
                              contract.jsonSources().isEmpty() ? "" : source)));
    }
    return "{# Derived from the contracts by `./millrace contract derive`: every pipe, its table, and the source where a table has several. #}\n"
        + "{% set pipes = [\n"
        + String.join(",\n", pipes)
        + "\n] %}\n";
  }

  /** What the migrations have to lead to: table, pipe with its stage path and file format. */
  private static String sql(Contract contract) {
    var lines = new ArrayList<String>();
    lines.add("-- " + Headers.of(contract));
    lines.add(
        "-- What the migrations lead to, as one text to read and to compare with; nothing runs it in an account.");
    return String.join("\n", lines) + "\n" + statements(contract);
  }

  private static String statements(Contract contract) {
    return Deployment.PREAMBLE
        + TableSql.createTable(RawTable.of(contract), Deployment.TEMPLATE)
        + ";\n\n"
        + String.join(";\n\n", TableSql.createPipes(contract, Deployment.TEMPLATE))
        + ";\n";
  }
}

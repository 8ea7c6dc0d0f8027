package millrace.cli;

import java.util.Optional;
import java.util.concurrent.Callable;
import millrace.local.state.StateName;
import millrace.local.warehouse.QueryResult;
import millrace.local.warehouse.WarehouseAccess;
import millrace.local.warehouse.WarehouseClient;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

@Command(
    name = "query",
    description = {
      "Ask the warehouse, in Snowflake's SQL; tables without a schema are those of marts.",
      "When nothing runs, the warehouse of the last run is started for the time."
    })
final class QueryCommand implements Callable<Integer> {
  @ParentCommand Main main = new Main();
  @Spec CommandSpec spec = CommandSpec.create();

  @Parameters(paramLabel = "SQL", description = "One statement.")
  String sql = "";

  @ArgGroup Format format = new Format();

  /** At most one of them. */
  static final class Format {
    @Option(names = "--csv", description = "As CSV with a header; NULL is empty.")
    boolean csv;

    @Option(names = "--json", description = "As a JSON array of one object per row.")
    boolean json;
  }

  @Option(
      names = "--schema",
      paramLabel = "NAME",
      defaultValue = "marts",
      description =
          "Schema of tables without one: raw, staging, intermediate, marts or audit (default:"
              + " ${DEFAULT-VALUE}).")
  String schema = "marts";

  @Option(
      names = "--state",
      paramLabel = "RUN",
      description = "Data of which run: demo or up (default: the running one, else the last).")
  @Nullable StateName state;

  @Override
  public Integer call() {
    LocalRun run = LocalRun.of(main, "query", "ask an account with Snowflake's own clients");
    try (WarehouseAccess access = run.warehouse(Optional.ofNullable(state));
        WarehouseClient client = access.client(schema.toUpperCase(java.util.Locale.ROOT))) {
      QueryResult result = client.query(sql);
      var out = spec.commandLine().getOut();
      if (format.csv) {
        ResultText.csv(result, out);
      } else if (format.json) {
        ResultText.json(result, out);
      } else {
        ResultText.table(result, out);
      }
      out.flush();
      return FailureSentence.GOOD;
    }
  }
}

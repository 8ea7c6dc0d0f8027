package millrace.cli;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import millrace.local.warehouse.WarehouseAccess;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

@Command(
    name = "dbt",
    description = {
      "Run dbt against the local warehouse; everything after 'dbt' is dbt's own.",
      "An hourly run: ./millrace dbt build --exclude-resource-type unit_test"
    })
final class DbtCommand implements Callable<Integer> {
  @ParentCommand Main main = new Main();

  @Parameters(paramLabel = "ARGUMENT", description = "Command and options of dbt.", arity = "1..*")
  List<String> arguments = List.of();

  /** Options after the first word are dbt's, also those that have the name of one of ours. */
  static void takeEverything(CommandLine dbt) {
    dbt.setUnmatchedOptionsArePositionalParams(true);
    dbt.setStopAtPositional(true);
  }

  @Override
  public Integer call() {
    LocalRun run =
        LocalRun.of(
            main, "dbt", "run dbt itself with MILLRACE_DBT_TARGET=account, see dbt/README.md");
    try (WarehouseAccess access = run.warehouse(Optional.empty())) {
      return access.dbt().onTerminal(arguments, run.progress());
    }
  }
}

package millrace.cli;

import java.util.Optional;
import java.util.concurrent.Callable;
import millrace.core.failed.MillraceFailure.SetupFailure;
import millrace.local.warehouse.WarehouseAccess;
import millrace.local.warehouse.WarehouseClient;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

@Command(
    name = "cost",
    description = {
      "Show what models, their tests and loads have cost, by source.",
      "A laptop knows seconds and bytes; credits are told by an account only."
    })
final class CostCommand implements Callable<Integer> {
  @ParentCommand Main main = new Main();
  @Spec CommandSpec spec = CommandSpec.create();

  @Option(names = "--json", description = "As JSON.")
  boolean json;

  @Override
  public Integer call() {
    LocalRun run = LocalRun.of(main, "cost", "ask an account for marts.cost_sheet");
    try (WarehouseAccess access = run.warehouse(Optional.empty());
        WarehouseClient client = access.client("MARTS")) {
      if (client
              .query(
                  "select count(*) from information_schema.views where table_schema = 'MARTS' and"
                      + " table_name in ('COST_SHEET', 'FCT_MODEL_COST')")
              .count()
          < 2) {
        throw new SetupFailure(
            "there is no cost sheet yet: ./millrace dbt build --select +marts.cost makes it");
      }
      CostReport report = CostReport.of(client::query);
      var out = spec.commandLine().getOut();
      if (json) {
        out.println(report.json());
      } else {
        report.print(out);
      }
      out.flush();
      return FailureSentence.GOOD;
    }
  }
}

package millrace.cli;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import millrace.local.model.ModelCatalog;
import millrace.local.state.StateName;
import millrace.local.text.TextTable;
import millrace.local.warehouse.WarehouseAccess;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

@Command(
    name = "list",
    description = "List the marts and what a row of each is; with a name, its columns.")
final class ModelsListCommand implements Callable<Integer> {
  @ParentCommand ModelsCommand models = new ModelsCommand();
  @Spec CommandSpec spec = CommandSpec.create();

  @Parameters(paramLabel = "MODEL", arity = "0..1", description = "Show the columns of this one.")
  @Nullable String model;

  @Option(names = "--all", description = "Staging, intermediate and audit models too.")
  boolean all;

  @Override
  public Integer call() {
    LocalRun run = LocalRun.of(models.main, "models", "dbt docs describe the models of an account");
    StateName state = WarehouseAccess.choose(run.checkout());
    ModelCatalog catalog = ModelCatalog.read(run.checkout(), state, run.progress());
    var out = spec.commandLine().getOut();
    Optional<String> one = Optional.ofNullable(model);
    if (one.isPresent()) {
      ModelCatalog.Model found = catalog.model(one.get());
      out.println(found.schema() + "." + found.name() + ": " + found.description());
      out.println();
      new TextTable("column", "meaning")
          .ruled()
          .rows(
              found.columns().stream()
                  .map(column -> List.of(column.name(), column.description()))
                  .toList())
          .print(out);
    } else {
      new TextTable("model", "meaning")
          .ruled()
          .rows(
              catalog.models().stream()
                  .filter(each -> all || each.schema().equals("marts"))
                  .map(each -> List.of(each.schema() + "." + each.name(), each.description()))
                  .toList())
          .print(out);
    }
    return FailureSentence.GOOD;
  }
}

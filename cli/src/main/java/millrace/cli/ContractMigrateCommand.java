package millrace.cli;

import java.util.SortedMap;
import java.util.concurrent.Callable;
import millrace.derive.change.Migrations;
import millrace.derive.source.ContractTree;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

@Command(
    name = "migrate",
    description = {
      "Write the migrations that the plan needs into snowflake/migrations, one per type.",
      "Refused when a change is breaking: make it as the next major version."
    })
final class ContractMigrateCommand implements Callable<Integer> {
  @ParentCommand ContractCommand contract = new ContractCommand();
  @Spec CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() {
    ContractTree tree = contract.tree();
    SortedMap<String, String> missing = tree.missingMigrations(tree.plan(tree.candidate()));
    Migrations.write(missing, tree.migrations());
    missing
        .keySet()
        .forEach(name -> spec.commandLine().getOut().println("snowflake/migrations/" + name));
    if (missing.isEmpty()) {
      spec.commandLine().getOut().println("No migration is missing.");
    }
    return FailureSentence.GOOD;
  }
}

package millrace.cli;

import java.util.List;
import java.util.concurrent.Callable;
import millrace.derive.artifact.DerivedFiles;
import millrace.derive.source.ContractTree;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

@Command(
    name = "derive",
    description = {
      "Write everything that follows from the contracts: schemas, current tables and pipes,",
      "dbt sources and staging models with their tests, the data dictionary."
    })
final class ContractDeriveCommand implements Callable<Integer> {
  @ParentCommand ContractCommand contract = new ContractCommand();
  @Spec CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() {
    ContractTree tree = contract.tree();
    List<String> changed = tree.derived().write(DerivedFiles.of(tree.candidate()));
    changed.forEach(spec.commandLine().getOut()::println);
    if (changed.isEmpty()) {
      spec.commandLine().getOut().println("Nothing to write: every derived file is up to date.");
    }
    return FailureSentence.GOOD;
  }
}

package millrace.cli;

import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

@Command(
    name = "check",
    description = {
      "Say what stands in the way of merging: whether the contracts compile, their style,",
      "breaking changes, missing migrations, stale derived files."
    })
final class ContractCheckCommand implements Callable<Integer> {
  @ParentCommand ContractCommand contract = new ContractCommand();
  @Spec CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() {
    List<String> problems = contract.tree().problems();
    problems.forEach(spec.commandLine().getErr()::println);
    if (problems.isEmpty()) {
      spec.commandLine().getOut().println("The contracts are well, and so is what follows.");
      return FailureSentence.GOOD;
    }
    return FailureSentence.BAD_RESULT;
  }
}

package millrace.cli;

import java.util.concurrent.Callable;
import millrace.derive.change.Plan;
import millrace.derive.change.Verdict;
import millrace.derive.source.ContractTree;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

@Command(
    name = "plan",
    description = {
      "Show each change against the released contracts as safe, needs migration or breaking, with",
      "the statements it takes and the models that read the column. Exit code 1 on breaking."
    })
final class ContractPlanCommand implements Callable<Integer> {
  @ParentCommand ContractCommand contract = new ContractCommand();
  @Spec CommandSpec spec = CommandSpec.create();

  @Option(names = "--json", description = "As JSON.")
  boolean json;

  @Override
  public Integer call() {
    ContractTree tree = contract.tree();
    Plan plan = tree.plan(tree.candidate());
    spec.commandLine().getOut().print(json ? plan.json() : plan.text());
    spec.commandLine().getOut().flush();
    return plan.verdict() == Verdict.BREAKING ? FailureSentence.BAD_RESULT : FailureSentence.GOOD;
  }
}

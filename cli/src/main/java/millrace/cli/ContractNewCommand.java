package millrace.cli;

import java.util.concurrent.Callable;
import millrace.derive.draft.NewContract;
import millrace.derive.draft.TypeName;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

@Command(
    name = "new",
    description = {
      "Begin a contract: a .proto file with identity and time, which passes every check.",
      "Then: contract migrate and contract derive, and commit all of it."
    })
final class ContractNewCommand implements Callable<Integer> {
  @ParentCommand ContractCommand contract = new ContractCommand();
  @Spec CommandSpec spec = CommandSpec.create();

  @Parameters(paramLabel = "TYPE", description = "Full name, such as orders.v1.OrderShipped.")
  String type = "";

  @Override
  public Integer call() {
    TypeName name = TypeName.parse(type);
    contract.tree().begin(name, NewContract.of(name));
    spec.commandLine().getOut().println(name.file());
    return FailureSentence.GOOD;
  }
}

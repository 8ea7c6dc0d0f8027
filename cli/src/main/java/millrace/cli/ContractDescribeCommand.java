package millrace.cli;

import java.util.List;
import java.util.concurrent.Callable;
import millrace.core.contract.Contract;
import millrace.core.failed.MillraceFailure.SetupFailure;
import millrace.derive.artifact.Description;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

@Command(
    name = "describe",
    description = "Tell what a type holds: fields, staging columns, personal data, enums.")
final class ContractDescribeCommand implements Callable<Integer> {
  @ParentCommand ContractCommand contract = new ContractCommand();
  @Spec CommandSpec spec = CommandSpec.create();

  @Parameters(paramLabel = "TYPE", description = "Full name, such as orders.v1.OrderCreated.")
  String type = "";

  @Option(names = "--json", description = "As JSON.")
  boolean json;

  @Override
  public Integer call() {
    var contracts = contract.tree().candidate().contracts();
    Contract found =
        contracts.stream()
            .filter(each -> each.type().equals(type))
            .findFirst()
            .orElseThrow(() -> unknown(contracts.stream().map(Contract::type).toList()));
    spec.commandLine().getOut().print(json ? Description.json(found) : Description.text(found));
    spec.commandLine().getOut().flush();
    return FailureSentence.GOOD;
  }

  private SetupFailure unknown(List<String> types) {
    return new SetupFailure(
        "no contract is named '" + type + "'; there are " + String.join(", ", types));
  }
}

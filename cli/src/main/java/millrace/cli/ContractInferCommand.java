package millrace.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import millrace.core.failed.MillraceFailure.SetupFailure;
import millrace.derive.draft.InferredContract;
import millrace.derive.draft.TypeName;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

@Command(
    name = "infer",
    description = {
      "Draft a contract from sample events: types, presence, enums, a likely id and time, personal",
      "data. Each guess is marked with a comment; read them all before you commit."
    })
final class ContractInferCommand implements Callable<Integer> {
  @ParentCommand ContractCommand contract = new ContractCommand();
  @Spec CommandSpec spec = CommandSpec.create();

  @Parameters(paramLabel = "FILE", description = "JSON objects, one per line.")
  Path file = Path.of("");

  @Option(
      names = "--as",
      paramLabel = "TYPE",
      required = true,
      description = "Full name of the new type, such as orders.v1.OrderShipped.")
  String type = "";

  @Override
  public Integer call() {
    TypeName name = TypeName.parse(type);
    contract.tree().begin(name, InferredContract.of(name, lines()));
    spec.commandLine().getOut().println(name.file());
    return FailureSentence.GOOD;
  }

  private List<String> lines() {
    try {
      return Files.readAllLines(contract.checkout().invokedFrom().resolve(file));
    } catch (IOException e) {
      throw new SetupFailure("cannot read " + file + ": " + e.getMessage(), e);
    }
  }
}

package millrace.cli;

import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ThreadLocalRandom;
import millrace.core.contract.Contract;
import millrace.core.contract.ContractSet;
import millrace.local.generate.SampleLines;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

@Command(
    name = "sample",
    description = {
      "Print events as JSON lines that ./millrace publish reads: edit them and publish them."
    })
final class SampleCommand implements Callable<Integer> {
  @ParentCommand Main main = new Main();
  @Spec CommandSpec spec = CommandSpec.create();

  @Parameters(
      index = "0",
      paramLabel = "TYPE",
      description = "A type with a contract, such as orders.v1.OrderCreated or OrderCreated.")
  String type = "";

  @Parameters(
      index = "1",
      arity = "0..1",
      paramLabel = "N",
      defaultValue = "1",
      description = "How many (default: ${DEFAULT-VALUE}).")
  int count = 1;

  @Option(
      names = "--seed",
      paramLabel = "S",
      description = "The same seed gives the same events (default: another one each time).")
  @Nullable Long seed;

  @Override
  public Integer call() {
    ContractSet contracts = LocalContracts.active(main);
    if (count < 1) {
      throw new ParameterException(spec.commandLine(), "N must be at least 1");
    }
    long chosen = seed == null ? ThreadLocalRandom.current().nextInt(Integer.MAX_VALUE) : seed;
    var lines = new SampleLines(InstantSource.system().instant(), chosen);
    lines.lines(contract(contracts), count).forEach(spec.commandLine().getOut()::println);
    spec.commandLine().getOut().flush();
    return FailureSentence.GOOD;
  }

  private Contract contract(ContractSet contracts) {
    List<Contract> found =
        contracts.contracts().stream()
            .filter(c -> c.type().equals(type) || c.descriptor().getName().equals(type))
            .toList();
    if (found.size() != 1) {
      throw new ParameterException(
          spec.commandLine(),
          "no contract '"
              + type
              + "'; there are "
              + String.join(", ", contracts.contracts().stream().map(Contract::type).toList()));
    }
    return found.getFirst();
  }
}

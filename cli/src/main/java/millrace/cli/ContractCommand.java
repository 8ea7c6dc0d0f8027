package millrace.cli;

import java.nio.file.Path;
import millrace.derive.source.ContractTree;
import millrace.local.state.Checkout;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

@Command(
    name = "contract",
    description = "The contracts: what follows from them, what a change does, and releasing them.",
    subcommands = {
      ContractNewCommand.class,
      ContractInferCommand.class,
      ContractDescribeCommand.class,
      ContractCheckCommand.class,
      ContractDeriveCommand.class,
      ContractPlanCommand.class,
      ContractMigrateCommand.class,
      ContractReleaseCommand.class,
    })
final class ContractCommand implements Runnable {
  @ParentCommand Main main = new Main();
  @Spec CommandSpec spec = CommandSpec.create();

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(),
        "name a command: " + String.join(", ", spec.commandLine().getSubcommands().keySet()));
  }

  /** The checkout that the commands work on. */
  ContractTree tree() {
    Checkout checkout = checkout();
    return new ContractTree(checkout.home(), checkout.pythonProgram("buf"));
  }

  Checkout checkout() {
    return Checkout.find(System.getenv(), Path.of("").toAbsolutePath());
  }
}

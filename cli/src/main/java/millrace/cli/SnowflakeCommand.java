package millrace.cli;

import millrace.local.snowflake.SnowflakeProgram;
import millrace.local.state.Checkout;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

@Command(
    name = "snowflake",
    description = {
      "Snowflake as code: what is missing, what differs, and the way there.",
      "The warehouse of the running pipeline; with --env the account that SNOWFLAKE_ACCOUNT, _USER,",
      "_PRIVATE_KEY_PATH and _ROLE name."
    },
    subcommands = {
      SnowflakePlanCommand.class,
      SnowflakeApplyCommand.class,
      SnowflakeCheckCommand.class,
      SnowflakePipeChangeCommand.class,
      SnowflakeVerifyCommand.class,
    })
final class SnowflakeCommand implements Runnable {
  @ParentCommand Main main = new Main();
  @Spec CommandSpec spec = CommandSpec.create();

  @Override
  public void run() {
    throw new ParameterException(
        spec.commandLine(),
        "name a command: " + String.join(", ", spec.commandLine().getSubcommands().keySet()));
  }

  /** Towards the warehouse of the environment that the user named. */
  SnowflakeProgram program() {
    Checkout checkout = Checkout.find(System.getenv(), java.nio.file.Path.of("").toAbsolutePath());
    checkout.requirePython();
    return main.environment.equals(LocalRun.LOCAL)
        ? SnowflakeProgram.ofRun(checkout, LocalRun.of(main, "snowflake", "").kept())
        : SnowflakeProgram.ofAccount(checkout, main.environment, System.getenv());
  }
}

package millrace.cli;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import millrace.local.process.Shutdown;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** Entry point of {@code ./millrace}. */
@Command(
    name = "millrace",
    description = "A serverless AWS event pipeline on this machine: RabbitMQ to Snowflake marts.",
    versionProvider = Version.class,
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      DemoCommand.class,
      UpCommand.class,
      DownCommand.class,
      StatusCommand.class,
      SampleCommand.class,
      PublishCommand.class,
      TraceCommand.class,
      FailedCommand.class,
      BackfillCommand.class,
      ReplayCommand.class,
      RenotifyCommand.class,
      EraseCommand.class,
      ContractCommand.class,
      SnowflakeCommand.class,
      DeployCommand.class,
      QueryCommand.class,
      ModelsCommand.class,
      CostCommand.class,
      DbtCommand.class,
      SynthCommand.class,
      ImageCommand.class,
      AlarmsCommand.class,
      LogsCommand.class,
      ResetCommand.class,
    },
    footerHeading = "%n",
    footer = {
      "Also: prepare, doctor and format, which ./millrace does before anything is built, and cdk,",
      "the CDK command line of this checkout, which is fetched when it is first asked for.",
      "Exit codes: 0 good, 1 the result is bad, 2 set-up, 130 interrupted."
    })
public final class Main implements Runnable {
  @Option(
      names = "--env",
      paramLabel = "NAME",
      defaultValue = LocalRun.LOCAL,
      scope = ScopeType.INHERIT,
      description = "Environment to talk to (default: ${DEFAULT-VALUE}).")
  String environment = LocalRun.LOCAL;

  @Option(
      names = "--debug",
      scope = ScopeType.INHERIT,
      description = "Show the stack trace of a failure.")
  boolean debug;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      scope = ScopeType.INHERIT,
      description = "Show what a command does.")
  boolean help;

  @Option(names = "--version", versionHelp = true, description = "Show the version.")
  boolean version;

  @Spec CommandSpec spec = CommandSpec.create();

  /** Called without a command. */
  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "name a command");
  }

  public static void main(String[] args) {
    int code = commandLine().execute(args);
    Shutdown.parkIfBegun();
    System.exit(code);
  }

  /** The command line with all its commands. */
  static CommandLine commandLine() {
    CommandLine line = new CommandLine(new Main());
    line.setCaseInsensitiveEnumValuesAllowed(true);
    line.setExecutionExceptionHandler(new FailureSentence());
    line.setParameterExceptionHandler(FailureSentence::ofParameters);
    line.setOut(new PrintWriter(System.out, true, StandardCharsets.UTF_8));
    line.setErr(new PrintWriter(System.err, true, StandardCharsets.UTF_8));
    line.setUsageHelpAutoWidth(false);
    line.setUsageHelpWidth(100);
    DbtCommand.takeEverything(Objects.requireNonNull(line.getSubcommands().get("dbt")));
    return line;
  }
}

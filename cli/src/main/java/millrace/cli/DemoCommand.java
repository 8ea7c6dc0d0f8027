package millrace.cli;

import java.time.InstantSource;
import java.util.concurrent.Callable;
import millrace.local.demo.Account;
import millrace.local.demo.AccountJson;
import millrace.local.demo.AccountText;
import millrace.local.demo.Demo;
import millrace.local.demo.DemoSettings;
import millrace.local.generate.GeneratorSettings;
import millrace.local.state.StateFolder;
import millrace.local.state.StateName;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

@Command(
    name = "demo",
    description = {
      "Run the whole pipeline once on this machine and account for every event.",
      "Starts everything on free ports, publishes events of three sources, kills the consumer once"
          + " at",
      "the worst moment, waits until all is loaded, builds the models and compares them with what"
          + " was",
      "published. What it stored stays readable: query, trace, failed."
    })
final class DemoCommand implements Callable<Integer> {
  @ParentCommand Main main = new Main();
  @Spec CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--events",
      paramLabel = "N",
      defaultValue = "10000",
      description = "How many events; repeats come on top (default: ${DEFAULT-VALUE}).")
  int events = 10_000;

  @Option(
      names = "--seed",
      paramLabel = "S",
      defaultValue = "1",
      description = "Another seed gives other events (default: ${DEFAULT-VALUE}).")
  long seed = 1;

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      defaultValue = "parquet",
      description = "Format of event files: parquet or ndjson (default: ${DEFAULT-VALUE}).")
  FileFormatName format = FileFormatName.PARQUET;

  @Option(names = "--json", description = "Print the account as JSON.")
  boolean json;

  @Override
  public Integer call() throws InterruptedException {
    if (events < GeneratorSettings.MIN_EVENTS || events > GeneratorSettings.MAX_EVENTS) {
      throw new ParameterException(
          spec.commandLine(),
          "--events must be between "
              + GeneratorSettings.MIN_EVENTS
              + " and "
              + GeneratorSettings.MAX_EVENTS);
    }
    LocalRun run = LocalRun.of(main, "demo", "in an account, publish to your broker");
    Demo demo =
        new Demo(
            run.checkout(),
            DemoSettings.of(events, seed, format.toString()),
            run.progress(),
            InstantSource.system(),
            System::nanoTime);
    try (StateFolder state = StateFolder.open(run.checkout().state(StateName.DEMO), "demo")) {
      Account account = demo.run(state);
      spec.commandLine().getOut().println(json ? AccountJson.of(account) : AccountText.of(account));
      return account.balances() ? FailureSentence.GOOD : FailureSentence.BAD_RESULT;
    }
  }
}

package millrace.cli;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import millrace.local.state.LogReader;
import millrace.local.state.StateName;
import millrace.local.warehouse.WarehouseAccess;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

@Command(name = "logs", description = "Show what the child processes said.")
final class LogsCommand implements Callable<Integer> {
  @ParentCommand Main main = new Main();
  @Spec CommandSpec spec = CommandSpec.create();

  @Parameters(
      paramLabel = "COMPONENT",
      arity = "0..1",
      description =
          "One of ministack, lambda, broker, consumer, warehouse, pipes, dbt, migrations, up"
              + " (default: all).")
  @Nullable String component;

  @Option(
      names = {"-f", "--follow"},
      description = "Go on with what they say from now on.")
  boolean follow;

  @Option(
      names = {"-n", "--lines"},
      paramLabel = "N",
      defaultValue = "40",
      description = "Last lines of each (default: ${DEFAULT-VALUE}).")
  int lines = 40;

  @Option(
      names = "--state",
      paramLabel = "RUN",
      description = "Logs of which run: demo or up (default: the running one, else the last).")
  @Nullable StateName state;

  @Override
  public Integer call() throws InterruptedException {
    LocalRun run = LocalRun.of(main, "logs", "the logs of an account are in CloudWatch");
    StateName name = state != null ? state : WarehouseAccess.choose(run.checkout());
    LogReader reader =
        new LogReader(run.checkout().state(name).resolve("logs"), Optional.ofNullable(component));
    var out = spec.commandLine().getOut();
    List<String> last = reader.last(lines);
    last.forEach(out::println);
    while (follow) {
      reader.news().forEach(out::println);
      Thread.sleep(200);
    }
    return FailureSentence.GOOD;
  }
}

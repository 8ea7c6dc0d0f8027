package millrace.cli;

import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

@Command(
    name = "apply",
    description = {
      "Apply the migrations that are not applied yet, in their order.",
      "Forward only: nothing is replaced or dropped. May be run again at any point."
    })
final class SnowflakeApplyCommand implements Callable<Integer> {
  @ParentCommand SnowflakeCommand snowflake = new SnowflakeCommand();

  @Option(names = "--json", description = "As JSON.")
  boolean json;

  @Override
  public Integer call() {
    return snowflake.program().onTerminal("apply", json ? List.of("--json") : List.of());
  }
}

package millrace.cli;

import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

@Command(
    name = "check",
    description = {
      "Compare what the warehouse has with what the code says.",
      "Tables and columns, pipes, stages, formats, warehouses, roles, grants, users, policies,",
      "alerts: a sentence for each difference. Exit code 1 when there is one."
    })
final class SnowflakeCheckCommand implements Callable<Integer> {
  @ParentCommand SnowflakeCommand snowflake = new SnowflakeCommand();

  @Option(names = "--json", description = "As JSON.")
  boolean json;

  @Override
  public Integer call() {
    return snowflake.program().onTerminal("check", json ? List.of("--json") : List.of());
  }
}

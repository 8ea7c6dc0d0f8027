package millrace.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

@Command(
    name = "pipe-change",
    description = {
      "Make a pipe again as the code says it, in nine steps that lose no file.",
      "Without --yes the steps and their statements are printed. Cut off, run it again: it goes on."
    })
final class SnowflakePipeChangeCommand implements Callable<Integer> {
  @ParentCommand SnowflakeCommand snowflake = new SnowflakeCommand();

  @Parameters(paramLabel = "PIPE", description = "Name of the pipe, without schema.")
  String pipe = "";

  @Option(names = "--yes", description = "Do it.")
  boolean yes;

  @Option(names = "--json", description = "As JSON.")
  boolean json;

  @Override
  public Integer call() {
    var options = new ArrayList<>(List.of(pipe));
    if (yes) {
      options.add("--yes");
    }
    if (json) {
      options.add("--json");
    }
    return snowflake.program().onTerminal("pipe-change", options);
  }
}

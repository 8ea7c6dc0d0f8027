package millrace.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import millrace.local.release.MigratedWarehouse;
import millrace.local.state.StateFolder;
import millrace.local.state.StateName;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

@Command(
    name = "reset",
    description = "Remove the data of the demo; what 'up' has gathered goes only when asked for.")
final class ResetCommand implements Callable<Integer> {
  @ParentCommand Main main = new Main();

  @Option(
      names = "--state",
      paramLabel = "RUN",
      defaultValue = "demo",
      description = "Data of which run: demo or up (default: ${DEFAULT-VALUE}).")
  StateName state = StateName.DEMO;

  @Option(names = "--all", description = "The data of both.")
  boolean all;

  @Override
  public Integer call() {
    LocalRun run = LocalRun.of(main, "reset", "data in an account is not removed from here");
    for (StateName name : all ? List.of(StateName.values()) : List.of(state)) {
      Path path = run.checkout().state(name);
      if (!Files.isDirectory(path)) {
        continue;
      }
      try (StateFolder folder = StateFolder.open(path, "./millrace reset")) {
        folder.clear();
      }
      run.progress().say("removed the data of " + name.folder());
    }
    MigratedWarehouse.forgetAll(run.checkout());
    return FailureSentence.GOOD;
  }
}

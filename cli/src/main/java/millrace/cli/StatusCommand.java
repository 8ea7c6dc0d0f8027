package millrace.cli;

import java.util.Optional;
import java.util.concurrent.Callable;
import millrace.local.run.RunningPipeline;
import millrace.local.state.StateName;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

@Command(
    name = "status",
    description = "Show where the running pipeline can be reached, its steps and what waits.")
final class StatusCommand implements Callable<Integer> {
  @ParentCommand Main main = new Main();
  @Spec CommandSpec spec = CommandSpec.create();

  @Option(names = "--json", description = "As JSON.")
  boolean json;

  @Override
  public Integer call() {
    LocalRun run = LocalRun.of(main, "status", "in an account the dashboard shows it");
    Optional<RunningPipeline> running = run.running();
    if (running.isEmpty()) {
      boolean starting = RunningPipeline.isStarting(run.checkout().state(StateName.UP));
      spec.commandLine()
          .getErr()
          .println(
              starting
                  ? "millrace: the pipeline is starting: ./millrace logs up shows how far it is"
                  : "millrace: nothing runs: ./millrace up starts it");
      return FailureSentence.BAD_RESULT;
    }
    StatusReport status = StatusReport.of(running.get());
    if (json) {
      spec.commandLine().getOut().println(StatusText.json(status));
    } else {
      StatusText.print(status, spec.commandLine().getOut());
    }
    return status.isReady() ? FailureSentence.GOOD : FailureSentence.BAD_RESULT;
  }
}

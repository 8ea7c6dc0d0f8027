package millrace.cli;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import millrace.local.run.Backlog;
import millrace.local.run.RunningPipeline;
import millrace.local.state.StateName;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

@Command(
    name = "down",
    description = {
      "Let everything that is on its way arrive, then stop the pipeline. The data stays.",
    })
final class DownCommand implements Callable<Integer> {
  private static final Duration TIME_TO_STOP = Duration.ofSeconds(90);

  @ParentCommand Main main = new Main();

  @Option(
      names = "--timeout",
      paramLabel = "SECONDS",
      defaultValue = "120",
      description = "Stop anyway after so long; 0 does not wait (default: ${DEFAULT-VALUE}).")
  long timeout = 120;

  @Override
  public Integer call() {
    LocalRun run = LocalRun.of(main, "down", "an account is removed by cdk destroy");
    Optional<RunningPipeline> running = RunningPipeline.in(run.checkout().state(StateName.UP));
    if (running.isEmpty()) {
      boolean starting =
          RunningPipeline.stopStarting(run.checkout().state(StateName.UP), TIME_TO_STOP);
      run.progress().say(starting ? "stopped what was still starting" : "nothing runs");
      return FailureSentence.GOOD;
    }
    boolean arrived = true;
    if (timeout > 0) {
      run.progress().say("draining");
      Backlog left = running.get().drain(Duration.ofSeconds(timeout));
      arrived = left.isEmpty();
      run.progress()
          .say(
              arrived
                  ? "everything has arrived"
                  : left.sentence() + " are left for the next ./millrace up");
    }
    running.get().stop(TIME_TO_STOP);
    run.progress().say("stopped; ./millrace up continues with the data");
    return arrived ? FailureSentence.GOOD : FailureSentence.BAD_RESULT;
  }
}

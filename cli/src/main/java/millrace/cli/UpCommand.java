package millrace.cli;

import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import millrace.local.run.Daemon;
import millrace.local.run.RunningPipeline;
import millrace.local.state.StateName;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

@Command(
    name = "up",
    description = {
      "Start the pipeline and keep it running in the background.",
      "It continues with the data of the last time; children that die are started again."
    })
final class UpCommand implements Callable<Integer> {
  @ParentCommand Main main = new Main();
  @Spec CommandSpec spec = CommandSpec.create();

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      defaultValue = "parquet",
      description = "Format of event files: parquet or ndjson (default: ${DEFAULT-VALUE}).")
  FileFormatName format = FileFormatName.PARQUET;

  @Option(
      names = "--amqp-url",
      paramLabel = "URL",
      description = "Consume from a broker of yours instead of starting one.")
  @Nullable URI broker;

  @Option(
      names = "--models-every",
      paramLabel = "MINUTES",
      defaultValue = "60",
      description =
          "Build the models now and every so many minutes; 0 leaves it to ./millrace dbt build"
              + " (default: ${DEFAULT-VALUE}).")
  int modelsEvery = 60;

  @Override
  public Integer call() {
    LocalRun run = LocalRun.of(main, "up", "an account is deployed by cdk deploy");
    Optional<RunningPipeline> running = RunningPipeline.in(run.checkout().state(StateName.UP));
    if (running.isPresent()) {
      run.progress().say("the pipeline runs already");
    } else {
      List<String> options =
          new java.util.ArrayList<>(
              List.of(
                  "--format", format.toString(), "--models-every", Integer.toString(modelsEvery)));
      if (broker != null) {
        options.addAll(List.of("--amqp-url", broker.toString()));
      }
      running = Optional.of(new Daemon(run.checkout()).start(options, System.err::println));
    }
    StatusText.print(StatusReport.of(running.get()), spec.commandLine().getOut());
    return FailureSentence.GOOD;
  }
}

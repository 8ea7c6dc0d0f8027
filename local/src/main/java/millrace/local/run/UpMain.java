package millrace.local.run;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import millrace.core.failed.MillraceFailure.SetupFailure;
import millrace.local.Progress;
import millrace.local.process.Shutdown;
import millrace.local.state.Checkout;
import millrace.local.state.StateFolder;
import millrace.local.state.StateName;
import org.jspecify.annotations.Nullable;

/**
 * The process that keeps a pipeline running: {@code [--format F] [--models-every MINUTES]
 * [--amqp-url URL]}. It ends when another process asks it to, or on SIGTERM; both stop the children
 * in order and keep the data.
 */
public final class UpMain {
  /** A unit test reads a model's own table, which is not there before the first build. */
  private static final List<String> BUILD =
      List.of("build", "--exclude-resource-type", "unit_test");

  private UpMain() {}

  public static void main(String[] args) throws InterruptedException {
    try {
      run(args);
    } catch (SetupFailure e) {
      Shutdown.parkIfBegun();
      System.err.println("millrace: " + e.getMessage());
      System.exit(2);
    }
    System.exit(0);
  }

  private static void run(String[] args) throws InterruptedException {
    Checkout checkout = Checkout.find(System.getenv(), Path.of("").toAbsolutePath());
    Progress progress = Progress.elapsed(System.err, System::nanoTime);
    PipelineOptions options = PipelineOptions.kept(option(args, "--format").orElse("parquet"));
    Optional<String> own = option(args, "--amqp-url");
    if (own.isPresent()) {
      options = options.broker(URI.create(own.get()));
    }
    Duration modelsEvery =
        Duration.ofMinutes(Long.parseLong(option(args, "--models-every").orElse("60")));
    try (StateFolder state = StateFolder.open(checkout.state(StateName.UP), "./millrace up");
        Pipeline pipeline = Pipeline.start(checkout, state, options, progress);
        ScheduledExecutorService models =
            Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().daemon().name("models").factory())) {
      if (modelsEvery.isPositive()) {
        var unused =
            models.scheduleWithFixedDelay(
                () -> build(pipeline, progress), 0, modelsEvery.toMinutes(), TimeUnit.MINUTES);
      }
      pipeline.awaitStopRequest();
      models.shutdownNow();
    }
  }

  private static void build(Pipeline pipeline, Progress progress) {
    try {
      int code = pipeline.dbt().quietly(BUILD);
      progress.say(code == 0 ? "models: built" : "models: dbt ended with code " + code);
    } catch (RuntimeException e) {
      progress.say("models: " + e.getMessage()); // the next run tries again
    }
  }

  private static Optional<String> option(String[] args, String name) {
    @Nullable String found = null;
    for (int i = 0; i + 1 < args.length; i += 2) {
      if (args[i].equals(name)) {
        found = args[i + 1];
      }
    }
    return Optional.ofNullable(found);
  }
}

package millrace.local.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import millrace.core.failed.MillraceFailure.SetupFailure;
import millrace.local.process.Shutdown;
import millrace.local.state.Checkout;
import millrace.local.state.LogReader;
import millrace.local.state.StateFolder;
import millrace.local.state.StateName;

/** Starts {@link UpMain} so that it outlives this process and its terminal. */
public final class Daemon {
  private static final int HEAP_MEGABYTES = 128;

  private final Checkout checkout;

  public Daemon(Checkout checkout) {
    this.checkout = checkout;
  }

  /**
   * Starts it and waits until events can be published.
   *
   * @param say takes its lines of progress
   * @throws SetupFailure with its last words when it ends instead
   */
  public RunningPipeline start(List<String> options, Consumer<String> say) {
    Path state = checkout.state(StateName.UP);
    if (StateFolder.isHeld(state)) {
      throw new SetupFailure(
          "the state of 'up' is in use by "
              + StateFolder.read(state.resolve("holder")).orElse("another run")
              + ": wait for it or stop it first");
    }
    Path log = state.resolve("logs/up.log");
    Process process = launch(options, log);
    LogReader reader = new LogReader(state.resolve("logs"), Optional.of("up"));
    String last = "";
    while (true) {
      boolean ended = !process.isAlive();
      for (String line : reader.news()) {
        last = line;
        if (line.startsWith("[")) {
          say.accept(line);
        }
      }
      Optional<RunningPipeline> running = RunningPipeline.in(state);
      if (running.isPresent()) {
        return running.get();
      }
      if (ended) {
        Shutdown.parkIfBegun();
        throw new SetupFailure(
            last.startsWith("millrace: ")
                ? last.substring("millrace: ".length())
                : "the pipeline ended with code " + process.exitValue() + "; see " + log);
      }
      pause();
    }
  }

  private Process launch(List<String> options, Path log) {
    List<String> command = new ArrayList<>();
    command.add("nohup"); // the end of the terminal is not its end
    command.addAll(
        List.of(
            checkout.java().toString(),
            "-Xmx" + HEAP_MEGABYTES + "m",
            "-XX:+UseSerialGC",
            "-cp",
            System.getProperty("java.class.path"),
            UpMain.class.getName()));
    command.addAll(options);
    Map<String, String> variables = new TreeMap<>();
    variables.put("MILLRACE_HOME", checkout.home().toString());
    variables.put("MILLRACE_PYTHON", checkout.python().toString());
    try {
      Files.createDirectories(log.getParent());
      Files.write(
          log, new byte[0], StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING);
      ProcessBuilder builder =
          new ProcessBuilder(command)
              .directory(checkout.home().toFile())
              .redirectInput(Path.of("/dev/null").toFile())
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
      builder.environment().putAll(variables);
      return builder.start();
    } catch (IOException e) {
      throw new SetupFailure("the pipeline cannot start: " + e.getMessage(), e);
    }
  }

  private static void pause() {
    try {
      TimeUnit.MILLISECONDS.sleep(100);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SetupFailure("interrupted while the pipeline starts", e);
    }
  }
}

package millrace.local.process;

import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import millrace.core.failed.MillraceFailure.SetupFailure;

/**
 * A program that runs once and ends.
 *
 * @param name how sentences call it
 * @param command program and arguments
 * @param environment variables on top of the few that every child gets
 * @param directory working directory
 */
public record ToolRun(
    String name, List<String> command, Map<String, String> environment, Path directory) {

  /** Runs it with its output in a file and returns its exit code. */
  public int toLog(Path log, Duration patience) {
    try {
      Files.createDirectories(log.toAbsolutePath().getParent());
      return await(
          builder().redirectErrorStream(true).redirectOutput(log.toFile()).start(), patience);
    } catch (IOException e) {
      throw new SetupFailure(name + " cannot start: " + e.getMessage(), e);
    }
  }

  /** As {@link #toLog}, where nothing can go on after a failure. */
  public void mustSucceed(Path log, Duration patience) {
    int code = toLog(log, patience);
    if (code != 0) {
      throw new SetupFailure(name + " ended with code " + code + lastWords(log) + "; see " + log);
    }
  }

  /** Starts it with its output in a file; it may wait for lines on its standard input. */
  public Started start(Path log) {
    try {
      Files.createDirectories(log.toAbsolutePath().getParent());
      return new Started(builder().redirectErrorStream(true).redirectOutput(log.toFile()).start());
    } catch (IOException e) {
      throw new SetupFailure(name + " cannot start: " + e.getMessage(), e);
    }
  }

  /** The program while it runs; closing ends it. */
  public final class Started implements AutoCloseable {
    private final Process process;
    private final Runnable end;

    private Started(Process process) {
      this.process = process;
      this.end = () -> process.toHandle().destroy();
      Shutdown.onEnd(end);
    }

    /** Writes a line to its standard input; one that has ended already says why by its code. */
    public void line(String text) {
      try (Writer input = process.outputWriter(StandardCharsets.UTF_8)) {
        input.write(text + "\n");
      } catch (IOException ended) {
        // await gives its code
      }
    }

    /** Waits for its end and returns its exit code. */
    public int await(Duration patience) {
      return ToolRun.this.await(process, patience);
    }

    @Override
    public void close() {
      end.run();
      Shutdown.forget(end);
    }
  }

  /** Runs it on this process's own terminal and returns its exit code. */
  public int onTerminal() {
    try {
      return await(builder().inheritIO().start(), Duration.ofDays(1));
    } catch (IOException e) {
      throw new SetupFailure(name + " cannot start: " + e.getMessage(), e);
    }
  }

  /** Runs it with its result in a file and its progress on this process's own terminal. */
  public int toFile(Path result, Duration patience) {
    try {
      return await(
          builder()
              .redirectOutput(result.toFile())
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .start(),
          patience);
    } catch (IOException e) {
      throw new SetupFailure(name + " cannot start: " + e.getMessage(), e);
    }
  }

  private ProcessBuilder builder() {
    ProcessBuilder builder = new ProcessBuilder(command).directory(directory.toFile());
    ChildEnvironment.keepNeeded(builder.environment());
    builder.environment().putAll(environment);
    return builder;
  }

  private int await(Process process, Duration patience) {
    Runnable end = () -> process.toHandle().destroy();
    Shutdown.onEnd(end);
    try {
      if (!process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)) {
        process.destroyForcibly();
        throw new SetupFailure(name + " did not end within " + patience.toSeconds() + " s");
      }
      return process.exitValue();
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
      throw new SetupFailure(name + " was interrupted", e);
    } finally {
      Shutdown.forget(end);
    }
  }

  private static String lastWords(Path log) {
    try {
      List<String> lines =
          Files.readAllLines(log, StandardCharsets.UTF_8).stream()
              .filter(line -> !line.isBlank())
              .toList();
      return lines.isEmpty() ? "" : ", its last words: " + lines.getLast().strip();
    } catch (IOException e) {
      return "";
    }
  }
}

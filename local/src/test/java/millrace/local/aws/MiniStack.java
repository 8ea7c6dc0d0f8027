package millrace.local.aws;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** MiniStack of a test, without a supervisor; closing it stops the process and leaves its data. */
public final class MiniStack implements AutoCloseable {
  private static final Duration BETWEEN_PROBES = Duration.ofMillis(25);
  private static final Duration TIME_TO_STOP = Duration.ofSeconds(5);

  private final MiniStackCommand command;
  private final Process process;

  private MiniStack(MiniStackCommand command, Process process) {
    this.command = command;
    this.process = process;
  }

  /**
   * Starts it and waits until it answers.
   *
   * @param log takes its output
   * @param patience how long it may take; half a second is usual
   * @throws IllegalStateException when it does not start, with the end of its log
   */
  public static MiniStack start(MiniStackCommand command, Path log, Duration patience) {
    try {
      Files.createDirectories(command.data().resolve("tmp"));
      ProcessBuilder builder = new ProcessBuilder(LocalTools.miniStack().toString());
      builder.environment().keySet().removeIf(name -> name.startsWith("AWS_"));
      builder.environment().putAll(command.environment());
      Process process = builder.redirectErrorStream(true).redirectOutput(log.toFile()).start();
      MiniStack started = new MiniStack(command, process);
      started.awaitReady(log, patience);
      return started;
    } catch (IOException e) {
      throw new UncheckedIOException("MiniStack could not be started", e);
    }
  }

  /** Whether a MiniStack answers there. */
  public static boolean isReady(URI endpoint) {
    try {
      HttpURLConnection connection =
          (HttpURLConnection)
              endpoint
                  .resolve("/_ministack/health")
                  .toURL()
                  .openConnection(java.net.Proxy.NO_PROXY);
      connection.setConnectTimeout(1_000);
      connection.setReadTimeout(1_000);
      try {
        return connection.getResponseCode() == 200;
      } finally {
        connection.disconnect();
      }
    } catch (IOException notYet) {
      return false;
    }
  }

  /** A port of loopback that nobody listens on now. */
  public static int freePort() {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException("no free port on loopback", e);
    }
  }

  /** Where all services answer. */
  public URI endpoint() {
    return command.endpoint();
  }

  /** How it was started. */
  public MiniStackCommand command() {
    return command;
  }

  /** The child, for whoever watches it. */
  public Process process() {
    return process;
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(TIME_TO_STOP.toMillis(), TimeUnit.MILLISECONDS)) {
        process.destroyForcibly().waitFor();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }

  private void awaitReady(Path log, Duration patience) {
    long deadline = System.nanoTime() + patience.toNanos();
    while (!isReady(endpoint())) {
      try {
        if (process.waitFor(BETWEEN_PROBES.toMillis(), TimeUnit.MILLISECONDS)) {
          throw new IllegalStateException(
              "MiniStack ended at once with exit code " + process.exitValue() + tail(log));
        }
      } catch (InterruptedException e) {
        close();
        Thread.currentThread().interrupt();
        throw new IllegalStateException("interrupted while MiniStack started");
      }
      if (System.nanoTime() > deadline) {
        close();
        throw new IllegalStateException(
            "MiniStack did not answer within " + patience.toSeconds() + " s" + tail(log));
      }
    }
  }

  private static String tail(Path log) {
    try {
      List<String> lines = Files.readAllLines(log);
      return ":\n  "
          + String.join("\n  ", lines.subList(Math.max(0, lines.size() - 10), lines.size()));
    } catch (IOException unreadable) {
      return "; its log is " + log;
    }
  }
}

package millrace.aws;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.Proxy;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** MiniStack for the tests of one JVM, on loopback, with data of its own. */
final class MiniStackProcess {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  /**
   * Ends MiniStack when the pipe to its standard input closes, which it does however this JVM ends.
   */
  private static final String LEASHED =
      """
      import os, runpy, sys, threading
      def watch():
          while os.read(0, 4096):
              pass
          os._exit(0)
      threading.Thread(target=watch, daemon=True).start()
      sys.argv = ["ministack"]
      runpy.run_module("ministack", run_name="__main__")
      """;

  private MiniStackProcess() {}

  static URI start(Map<String, String> environment, String region) {
    Path python = python(environment);
    if (!Files.isExecutable(python)) {
      throw new IllegalStateException(
          "no AWS emulator: " + python + " is not there; run ./millrace prepare");
    }
    try {
      Path data = Files.createTempDirectory("millrace-ministack");
      int port = freePort();
      URI endpoint = URI.create("http://127.0.0.1:" + port);
      var builder = new ProcessBuilder(python.toString(), "-c", LEASHED);
      // No proxy and no profile of the user's shell may reach into a test.
      builder
          .environment()
          .keySet()
          .removeIf(key -> key.startsWith("AWS_") || key.startsWith("MINISTACK_"));
      builder
          .environment()
          .putAll(
              Map.of(
                  "BIND_HOST",
                  "127.0.0.1",
                  "MINISTACK_HOST",
                  "127.0.0.1",
                  "GATEWAY_PORT",
                  Integer.toString(port),
                  "IOT_MTLS_ENABLED",
                  "0",
                  "SFTP_ENABLED",
                  "0",
                  "MINISTACK_REGION",
                  region,
                  "AWS_DEFAULT_REGION",
                  region,
                  "AWS_ENDPOINT_URL",
                  endpoint.toString(),
                  "STATE_DIR",
                  data.resolve("state").toString(),
                  "TMPDIR",
                  data.toString()));
      Path log = data.resolve("ministack.log");
      Process process = builder.redirectErrorStream(true).redirectOutput(log.toFile()).start();
      Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
      awaitReady(process, endpoint, log);
      return endpoint;
    } catch (IOException e) {
      throw new UncheckedIOException("MiniStack could not be started", e);
    }
  }

  private static Path python(Map<String, String> environment) {
    String named = environment.getOrDefault("MILLRACE_PYTHON", "");
    return named.isBlank()
        ? Path.of(
            environment.getOrDefault("MILLRACE_HOME", "../.."),
            ".millrace",
            "venv",
            "bin",
            "python")
        : Path.of(named);
  }

  private static int freePort() throws IOException {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private static void awaitReady(Process process, URI endpoint, Path log) throws IOException {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    try {
      while (!answers(endpoint)) {
        if (process.waitFor(50, TimeUnit.MILLISECONDS) || System.nanoTime() > deadline) {
          process.destroyForcibly();
          throw new IllegalStateException("MiniStack did not start:\n" + Files.readString(log));
        }
      }
    } catch (InterruptedException interrupted) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while MiniStack started", interrupted);
    }
  }

  private static boolean answers(URI endpoint) {
    try {
      var connection =
          (HttpURLConnection)
              endpoint.resolve("/_ministack/health").toURL().openConnection(Proxy.NO_PROXY);
      connection.setConnectTimeout(1_000);
      connection.setReadTimeout(1_000);
      return connection.getResponseCode() == 200;
    } catch (IOException notYet) {
      return false;
    }
  }
}

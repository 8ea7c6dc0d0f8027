package millrace.rabbitmq;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.rabbitmq.RabbitMQContainer;
import org.testcontainers.utility.DockerImageName;

/**
 * RabbitMQ of the tests: the server installed on this machine, on ports of its own, else a
 * container where a Docker engine answers, else none. One for all tests of a JVM; stopped with it.
 */
public final class RabbitServer {
  /** Where Debian puts the scripts that need no particular user. */
  private static final Path BINARY = Path.of("/usr/lib/rabbitmq/bin/rabbitmq-server");

  private static final DockerImageName IMAGE = DockerImageName.parse("rabbitmq:4.0.5");
  private static final Duration START = Duration.ofSeconds(90);

  private static @Nullable Optional<RabbitServer> running;

  private final @Nullable Path folder;
  private final String host;
  private final int port;
  private final int distributionPort;
  private @Nullable Process process;

  private RabbitServer(@Nullable Path folder, String host, int port, int distributionPort) {
    this.folder = folder;
    this.host = host;
    this.port = port;
    this.distributionPort = distributionPort;
  }

  /** The server, started at the first call; empty where there is none to start. */
  public static synchronized Optional<RabbitServer> get() {
    if (running == null) {
      running = start();
      System.out.println(
          "RabbitMQ of the broker tests: " + running.map(RabbitServer::toString).orElse("none"));
    }
    return running;
  }

  /** Why broker tests that need RabbitMQ are skipped. */
  public static final String ABSENT =
      "needs RabbitMQ: install rabbitmq-server or start a Docker engine";

  private static Optional<RabbitServer> start() {
    if (Files.isExecutable(BINARY)) {
      try {
        Path folder = Files.createTempDirectory("millrace-rabbitmq");
        var server = new RabbitServer(folder, "127.0.0.1", freePort(), freePort());
        Runtime.getRuntime().addShutdownHook(new Thread(server::remove));
        server.launch();
        return Optional.of(server);
      } catch (IOException failure) {
        throw new UncheckedIOException(failure);
      }
    }
    if (dockerEngineAnswers()) {
      @SuppressWarnings("resource") // Testcontainers stops it with the JVM
      var container = new RabbitMQContainer(IMAGE);
      container.start();
      return Optional.of(new RabbitServer(null, container.getHost(), container.getAmqpPort(), 0));
    }
    return Optional.empty();
  }

  /** A docker command alone is no engine. */
  private static boolean dockerEngineAnswers() {
    try {
      return DockerClientFactory.instance().isDockerAvailable();
    } catch (RuntimeException noEngine) {
      return false;
    }
  }

  public BrokerAddress address() {
    return BrokerAddress.parse("amqp://guest:guest@" + host + ":" + port + "/");
  }

  public String amqpUrl() {
    return "amqp://guest:guest@" + host + ":" + port + "/%2F";
  }

  /** Whether {@link #kill}, {@link #launch} and {@link #control} work: not in a container. */
  public boolean isLocal() {
    return folder != null;
  }

  /** As a machine that loses power, except for its disk. */
  public void kill() {
    Process server = process;
    if (server != null) {
      server.descendants().forEach(ProcessHandle::destroyForcibly);
      server.destroyForcibly();
      server.onExit().join();
    }
  }

  public void launch() {
    Path home = folder();
    try {
      Files.writeString(home.resolve("plugins"), "[].");
      process =
          builder("rabbitmq-server")
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.appendTo(home.resolve("out.txt").toFile()))
              .start();
      awaitPort();
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  /** Runs rabbitmqctl. */
  public void control(String... arguments) {
    try {
      Process control =
          builder("rabbitmqctl", arguments)
              .redirectErrorStream(true)
              .redirectOutput(folder().resolve("control.txt").toFile())
              .start();
      if (!control.waitFor(START.toSeconds(), TimeUnit.SECONDS) || control.exitValue() != 0) {
        throw new IllegalStateException(
            "rabbitmqctl failed: " + Files.readString(folder().resolve("control.txt")));
      }
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    } catch (InterruptedException interrupted) {
      throw new IllegalStateException(interrupted);
    }
  }

  private ProcessBuilder builder(String command, String... arguments) {
    List<String> line = new ArrayList<>(List.of(BINARY.resolveSibling(command).toString()));
    line.addAll(List.of(arguments));
    var builder = new ProcessBuilder(line);
    String at = folder().toString();
    builder
        .environment()
        .putAll(
            Map.of(
                "HOME", at,
                "RABBITMQ_NODENAME", "millrace" + port + "@localhost",
                "RABBITMQ_NODE_PORT", Integer.toString(port),
                "RABBITMQ_DIST_PORT", Integer.toString(distributionPort),
                "RABBITMQ_NODE_IP_ADDRESS", "127.0.0.1",
                "RABBITMQ_MNESIA_BASE", at + "/mnesia",
                "RABBITMQ_LOG_BASE", at + "/log",
                "RABBITMQ_PID_FILE", at + "/pid",
                "RABBITMQ_ENABLED_PLUGINS_FILE", at + "/plugins"));
    builder
        .environment()
        .putAll(
            Map.of(
                "RABBITMQ_CONF_ENV_FILE", "/dev/null",
                "ERL_EPMD_ADDRESS", "127.0.0.1",
                "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS",
                    "-kernel inet_dist_use_interface {127,0,0,1}"));
    return builder;
  }

  private void awaitPort() throws IOException {
    long deadline = System.nanoTime() + START.toNanos();
    while (System.nanoTime() < deadline) {
      try (var socket = new Socket()) {
        socket.connect(new InetSocketAddress(host, port), 500);
        return;
      } catch (IOException notYet) {
        try {
          Thread.sleep(100);
        } catch (InterruptedException interrupted) {
          throw new IllegalStateException(interrupted);
        }
      }
    }
    throw new IOException(
        "RabbitMQ does not listen: " + Files.readString(folder().resolve("out.txt")));
  }

  private void remove() {
    kill();
    try (var files = Files.walk(folder())) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    } catch (IOException leftToTheSystem) {
      // a temporary folder
    }
  }

  private Path folder() {
    if (folder == null) {
      throw new IllegalStateException("not possible in a container");
    }
    return folder;
  }

  private static int freePort() throws IOException {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  @Override
  public String toString() {
    return (isLocal() ? "installed server" : "container") + " at " + host + ":" + port;
  }
}

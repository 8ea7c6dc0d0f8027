package millrace.local.broker;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import millrace.core.failed.MillraceFailure.SetupFailure;
import org.apache.qpid.server.SystemLauncher;
import org.apache.qpid.server.SystemLauncherListener.DefaultSystemLauncherListener;
import org.apache.qpid.server.model.Broker;
import org.apache.qpid.server.model.Port;
import org.apache.qpid.server.model.State;
import org.apache.qpid.server.model.SystemConfig;
import org.jspecify.annotations.Nullable;

/**
 * Apache Qpid Broker-J, embedded: RabbitMQ's protocol without RabbitMQ. It knows no quorum queues,
 * so what depends on them is shown on RabbitMQ only.
 */
public final class LocalBroker implements AutoCloseable {
  /** User and password: it listens on loopback only, and its address is printed anyway. */
  private static final String USER = "guest";

  private final SystemLauncher launcher;
  private final Path work;
  private final int port;

  private LocalBroker(SystemLauncher launcher, Path work, int port) {
    this.launcher = launcher;
    this.work = work;
    this.port = port;
  }

  /**
   * Starts a broker.
   *
   * @param port to listen on at 127.0.0.1; 0 lets the kernel choose
   * @param store folder that keeps queues and messages over a restart; null keeps them in memory
   * @throws SetupFailure when it cannot start, as when the port is taken
   */
  public static LocalBroker start(int port, @Nullable Path store) {
    var started = new Startup();
    var launcher = new SystemLauncher(started);
    try {
      Path work = Files.createTempDirectory("millrace-broker");
      Path config = work.resolve("config.json");
      Files.writeString(
          config, resource(store == null ? "memory-broker.json" : "durable-broker.json"));
      Map<String, String> context = new HashMap<>();
      context.put("qpid.work_dir", work.toString());
      context.put("millrace.port", Integer.toString(port));
      if (store != null) {
        Files.createDirectories(store);
        context.put("millrace.store", store.toAbsolutePath().toString());
      }
      launcher.startup(
          Map.of(
              "type",
              "Memory",
              "initialConfigurationLocation",
              config.toUri().toString(),
              "startupLoggedToSystemOut",
              false,
              "context",
              context));
      var broker = new LocalBroker(launcher, work, started.boundPort(port));
      return broker;
    } catch (SetupFailure failure) {
      launcher.shutdown();
      throw failure;
    } catch (Exception failure) {
      launcher.shutdown();
      throw new SetupFailure("The broker did not start: " + failure.getMessage(), failure);
    }
  }

  public int port() {
    return port;
  }

  /** What clients connect to. */
  public String amqpUrl() {
    return "amqp://" + USER + ":" + USER + "@127.0.0.1:" + port + "/%2F";
  }

  @Override
  public void close() {
    launcher.shutdown();
    try (var files = Files.walk(work)) {
      for (Path file : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    } catch (IOException leftToTheSystem) {
      // a folder of a few bytes below the temporary folder
    }
  }

  private static String resource(String name) throws IOException {
    try (var in = LocalBroker.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IOException("resource " + name + " is missing");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static final class Startup extends DefaultSystemLauncherListener {
    private @Nullable SystemConfig<?> system;
    private @Nullable RuntimeException error;

    @Override
    public void onContainerResolve(SystemConfig<?> systemConfig) {
      this.system = systemConfig;
    }

    @Override
    public void errorOnStartup(RuntimeException failure) {
      this.error = failure;
    }

    int boundPort(int asked) {
      if (error != null) {
        throw new SetupFailure("The broker did not start: " + error.getMessage(), error);
      }
      if (system == null || !(system.getContainer() instanceof Broker<?> broker)) {
        throw new SetupFailure("The broker did not start.");
      }
      for (Port<?> port : broker.getChildren(Port.class)) {
        if (port.getState() == State.ACTIVE && port.getBoundPort() > 0) {
          return port.getBoundPort();
        }
      }
      throw new SetupFailure(
          "The broker cannot listen on 127.0.0.1:" + asked + ": another program has the port.");
    }
  }
}

package millrace.local.warehouse;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import millrace.core.names.Names;
import millrace.local.Progress;
import millrace.local.process.Component;
import millrace.local.process.Ports;
import millrace.local.process.PythonProcess;
import millrace.local.process.Supervisor;
import millrace.local.state.Checkout;
import millrace.local.state.StateFolder;

/**
 * The warehouse of a state folder, alone: what queries, traces and models need when no pipeline
 * runs.
 */
public final class WarehouseProcess implements AutoCloseable {
  private final Supervisor supervisor;
  private final int port;
  private final Names names;

  private WarehouseProcess(Supervisor supervisor, int port, Names names) {
    this.supervisor = supervisor;
    this.port = port;
    this.names = names;
  }

  /** Starts the warehouse on the data of a folder that this process holds. */
  public static WarehouseProcess start(
      Checkout checkout, StateFolder state, String environment, Progress progress) {
    checkout.requirePython();
    Supervisor supervisor = new Supervisor(state, progress);
    int port = Ports.free(1).getFirst();
    try {
      supervisor.start(component(checkout, state, port));
    } catch (RuntimeException e) {
      supervisor.close();
      throw e;
    }
    return new WarehouseProcess(supervisor, port, Names.of(environment));
  }

  public static Component component(Checkout checkout, StateFolder state, int port) {
    return Component.of(
            "warehouse",
            checkout.home(),
            PythonProcess.command(
                checkout,
                List.of(
                    "warehouse",
                    "serve",
                    "--port",
                    Integer.toString(port),
                    "--db",
                    data(state).toString())))
        .with(
            Map.of(
                "PYTHONPATH",
                checkout.home().resolve("local").toString(),
                // It leaves a folder of stages at each start.
                "TMPDIR",
                state.temporary("warehouse").toString()))
        // It writes everything into its files before it ends.
        .stopWithin(Duration.ofSeconds(30));
  }

  /** Folder of its files. */
  public static Path data(StateFolder state) {
    return state.folder("warehouse");
  }

  public int port() {
    return port;
  }

  public WarehouseClient client(String schema) {
    return new WarehouseClient(URI.create("http://127.0.0.1:" + port), names.database(), schema);
  }

  @Override
  public void close() {
    supervisor.close();
  }
}

package millrace.local.warehouse;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import millrace.core.failed.MillraceFailure.SetupFailure;
import millrace.core.names.Names;
import millrace.local.Progress;
import millrace.local.model.Dbt;
import millrace.local.process.Shutdown;
import millrace.local.state.Checkout;
import millrace.local.state.Endpoints;
import millrace.local.state.RunSettings;
import millrace.local.state.StateFolder;
import millrace.local.state.StateName;
import org.jspecify.annotations.Nullable;

/**
 * The warehouse of a run, for as long as this is open: of the run that is running, else of the last
 * one, whose warehouse is started for the time.
 */
public final class WarehouseAccess implements AutoCloseable {
  private final Checkout checkout;
  private final StateName name;
  private final String environment;
  private final int port;
  private final @Nullable StateFolder held;
  private final @Nullable WarehouseProcess process;

  private WarehouseAccess(
      Checkout checkout,
      StateName name,
      String environment,
      int port,
      @Nullable StateFolder held,
      @Nullable WarehouseProcess process) {
    this.checkout = checkout;
    this.name = name;
    this.environment = environment;
    this.port = port;
    this.held = held;
    this.process = process;
  }

  /**
   * Opens the warehouse.
   *
   * @param wanted whose state; empty for that of the running run, else of the latest
   * @throws SetupFailure when there is no state yet
   */
  public static WarehouseAccess open(
      Checkout checkout, Optional<StateName> wanted, Progress progress) {
    StateName name = wanted.orElseGet(() -> choose(checkout));
    Path path = checkout.state(name);
    Optional<Endpoints> running = Endpoints.ofRunning(path);
    if (running.isPresent()) {
      return new WarehouseAccess(
          checkout, name, running.get().environment(), running.get().warehousePort(), null, null);
    }
    if (!Files.isDirectory(path.resolve("warehouse"))) {
      throw new SetupFailure(
          "there is no data yet: run ./millrace "
              + (name == StateName.UP ? "up" : "demo")
              + " first");
    }
    progress.say("starting the warehouse of the last " + name.folder());
    StateFolder state = StateFolder.open(path, "a query");
    try {
      String environment = RunSettings.environmentOf(state);
      WarehouseProcess process = WarehouseProcess.start(checkout, state, environment, progress);
      WarehouseAccess access =
          new WarehouseAccess(checkout, name, environment, process.port(), state, process);
      Shutdown.onEnd(access::close);
      return access;
    } catch (RuntimeException e) {
      state.close();
      throw e;
    }
  }

  /** The run that is running, else the one that was started last. */
  public static StateName choose(Checkout checkout) {
    List<StateName> all = Arrays.asList(StateName.values());
    return all.stream()
        .filter(name -> Endpoints.ofRunning(checkout.state(name)).isPresent())
        .max(Comparator.naturalOrder())
        .orElseGet(
            () ->
                all.stream()
                    .max(Comparator.comparing(name -> RunSettings.lastUsed(checkout.state(name))))
                    .orElseThrow());
  }

  public StateName state() {
    return name;
  }

  public String environment() {
    return environment;
  }

  /** A client whose statements see one schema without naming it. */
  public WarehouseClient client(String schema) {
    return new WarehouseClient(
        URI.create("http://127.0.0.1:" + port), Names.of(environment).database(), schema);
  }

  public Dbt dbt() {
    return new Dbt(checkout, checkout.state(name), environment, port);
  }

  @Override
  public void close() {
    if (process != null) {
      process.close();
    }
    if (held != null) {
      try {
        held.close();
      } catch (UncheckedIOException e) {
        if (!(e.getCause() instanceof IOException)) {
          throw e;
        }
      }
    }
  }
}

package millrace.local.model;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.IntSupplier;
import millrace.core.failed.MillraceFailure.SetupFailure;
import millrace.local.Progress;
import millrace.local.process.ToolRun;
import millrace.local.state.Checkout;
import millrace.local.state.StateFolder;

/**
 * dbt of the prepared environment, against the local warehouse; it writes into the state folder
 * only.
 */
public final class Dbt {
  private static final Duration PATIENCE = Duration.ofMinutes(30);

  /** The project as dbt has read it, and for which warehouse. */
  public static final List<String> READ =
      List.of("dbt/target/partial_parse.msgpack", "dbt/read-for");

  private static final String READ_FOR = READ.getLast();

  private static final ReentrantLock IN_THIS_PROCESS = new ReentrantLock();

  private final Checkout checkout;
  private final Path state;
  private final String environment;
  private final int warehousePort;

  public Dbt(Checkout checkout, Path state, String environment, int warehousePort) {
    this.checkout = checkout;
    this.state = state;
    this.environment = environment;
    this.warehousePort = warehousePort;
  }

  /** Manifest and results of the last run. */
  public Path target() {
    return state.resolve("dbt/target");
  }

  public Path log() {
    return state.resolve("logs/dbt.log");
  }

  /**
   * Runs dbt with its output in {@link #log} and returns its exit code: 1 when a model or a test
   * failed.
   */
  public int quietly(List<String> arguments) {
    return alone(Progress.silent(), () -> tool(arguments).toLog(log(), PATIENCE));
  }

  /**
   * Reads the project, so that a build need not; nothing to do where an earlier reading still
   * holds. dbt reads again what has changed since, and everything when the warehouse is at another
   * port.
   */
  public void readAhead() {
    if (!StateFolder.read(state.resolve(READ_FOR)).equals(Optional.of(readFor()))
        && quietly(List.of("parse")) == 0) {
      try {
        Files.writeString(state.resolve(READ_FOR), readFor());
      } catch (IOException e) {
        throw new SetupFailure("cannot write " + state.resolve(READ_FOR), e);
      }
    }
  }

  private String readFor() {
    return "port " + warehousePort;
  }

  /**
   * Runs dbt on the terminal and returns its exit code; says so when it has to wait for another.
   */
  public int onTerminal(List<String> arguments, Progress progress) {
    return alone(progress, () -> tool(arguments).onTerminal());
  }

  /**
   * One dbt at a time, in whatever process: the hourly one of a kept run and a user's would replace
   * each other's tables and results.
   */
  private int alone(Progress progress, IntSupplier run) {
    Path file = state.resolve("dbt/lock");
    IN_THIS_PROCESS.lock();
    try {
      Files.createDirectories(state.resolve("dbt"));
      try (FileChannel channel =
          FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
        if (channel.tryLock() == null) {
          progress.say("dbt: waiting for the one that runs already");
          var unused = channel.lock(); // given back when the channel is closed
        }
        return run.getAsInt();
      }
    } catch (IOException e) {
      throw new SetupFailure("cannot use " + file + ": " + e.getMessage(), e);
    } finally {
      IN_THIS_PROCESS.unlock();
    }
  }

  private ToolRun tool(List<String> arguments) {
    List<String> command = new ArrayList<>();
    command.add(checkout.pythonProgram("dbt").toString());
    command.addAll(arguments);
    return new ToolRun("dbt", command, variables(), checkout.home().resolve("dbt"));
  }

  /** Variables of the project's profile. */
  Map<String, String> variables() {
    Map<String, String> variables = new TreeMap<>();
    variables.put("DBT_PROFILES_DIR", checkout.home().resolve("dbt").toString());
    variables.put("DBT_PROJECT_DIR", checkout.home().resolve("dbt").toString());
    variables.put("DBT_TARGET_PATH", target().toString());
    variables.put("DBT_LOG_PATH", state.resolve("dbt/logs").toString());
    variables.put("MILLRACE_DBT_TARGET", "local");
    variables.put("MILLRACE_ENV", environment);
    variables.put("SNOWFLAKE_HOST", "127.0.0.1");
    variables.put("SNOWFLAKE_PORT", Integer.toString(warehousePort));
    return variables;
  }
}

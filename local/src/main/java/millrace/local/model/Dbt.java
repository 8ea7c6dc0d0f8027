package millrace.local.model;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.IntSupplier;
import millrace.local.Progress;
import millrace.local.process.ToolRun;
import millrace.local.state.Checkout;

/**
 * dbt of the prepared environment, against the local warehouse; it writes into the state folder
 * only.
 */
public final class Dbt {
  private static final Duration PATIENCE = Duration.ofMinutes(30);

  /**
   * The project as dbt has read it: it reads again what has changed since, and everything when the
   * warehouse is at another port.
   */
  public static final String READ = "dbt/target/partial_parse.msgpack";

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
    return alone(Progress.silent(), () -> dbt(arguments).toLog(log(), PATIENCE));
  }

  /**
   * A dbt that reads the project now and runs a command later, with its output in {@link #log}. No
   * other dbt runs on this state until it is closed.
   */
  public DbtAhead ahead() {
    Turn turn = Turn.take(state.resolve("dbt"), Progress.silent());
    try {
      List<String> command =
          List.of(
              checkout.python().toString(),
              checkout.home().resolve("local/python/dbt_ahead.py").toString());
      return new DbtAhead(tool(command).start(log()), turn);
    } catch (RuntimeException e) {
      turn.close();
      throw e;
    }
  }

  /**
   * Runs dbt on the terminal and returns its exit code; says so when it has to wait for another.
   */
  public int onTerminal(List<String> arguments, Progress progress) {
    return alone(progress, () -> dbt(arguments).onTerminal());
  }

  private int alone(Progress progress, IntSupplier run) {
    try (Turn turn = Turn.take(state.resolve("dbt"), progress)) {
      return run.getAsInt();
    }
  }

  private ToolRun dbt(List<String> arguments) {
    List<String> command = new ArrayList<>();
    command.add(checkout.pythonProgram("dbt").toString());
    command.addAll(arguments);
    return tool(command);
  }

  private ToolRun tool(List<String> command) {
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

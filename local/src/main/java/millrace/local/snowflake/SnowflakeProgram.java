package millrace.local.snowflake;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import millrace.core.failed.MillraceFailure.SetupFailure;
import millrace.core.names.Names;
import millrace.local.aws.DataPlace;
import millrace.local.process.ToolRun;
import millrace.local.release.MigrationVariables;
import millrace.local.release.RunningWarehouse;
import millrace.local.state.Checkout;
import millrace.local.state.Endpoints;
import millrace.local.warehouse.WarehouseClient;

/**
 * The program that speaks to a warehouse in the words of the migrations: the one of a running
 * pipeline, or an account.
 *
 * @param checkout whose migrations and tools these are
 * @param place options that name the warehouse
 * @param variables of the migrations
 * @param environment what the process gets besides the few variables that every child gets
 */
public record SnowflakeProgram(
    Checkout checkout,
    List<String> place,
    MigrationVariables variables,
    Map<String, String> environment) {
  private static final Duration PATIENCE = Duration.ofHours(1);
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Variables that name an account and its key; the same as dbt reads. */
  private static final Set<String> ACCOUNT =
      Set.of(
          "SNOWFLAKE_ACCOUNT",
          "SNOWFLAKE_USER",
          "SNOWFLAKE_PRIVATE_KEY_PATH",
          "SNOWFLAKE_PRIVATE_KEY_PASSPHRASE",
          "SNOWFLAKE_ROLE",
          "SNOWFLAKE_WAREHOUSE",
          "SNOWFLAKE_HOST");

  /** For the warehouse of a pipeline that runs. */
  public static SnowflakeProgram ofRun(Checkout checkout, Endpoints run) {
    try (WarehouseClient client =
        new WarehouseClient(
            URI.create(run.warehouseUrl()), Names.of(run.environment()).database(), "RAW")) {
      return onPort(
          checkout,
          run.warehousePort(),
          MigrationVariables.of(
              run.environment(),
              run.account(),
              run.bucket(),
              run.topicArn(),
              RunningWarehouse.eventFormat(client)));
    }
  }

  /** For a warehouse that answers on a port of this machine. */
  public static SnowflakeProgram onPort(Checkout checkout, int port, MigrationVariables variables) {
    return new SnowflakeProgram(
        checkout, List.of("--port", Integer.toString(port)), variables, Map.of());
  }

  /**
   * For the account that the environment variables name.
   *
   * @param environment of {@code cdk.json}: bucket, topic and format follow from it
   * @param variables of the process
   */
  public static SnowflakeProgram ofAccount(
      Checkout checkout, String environment, Map<String, String> variables) {
    Path cdkJson = checkout.home().resolve("cdk.json");
    DataPlace place = DataPlace.ofAccount(cdkJson, environment, variables);
    var given = new TreeMap<String, String>(variables);
    given.keySet().retainAll(ACCOUNT);
    return new SnowflakeProgram(
        checkout,
        List.of("--account"),
        accountVariables(cdkJson, place).withChoices(checkout.home()),
        given);
  }

  private static MigrationVariables accountVariables(Path cdkJson, DataPlace place) {
    try {
      JsonNode configured =
          JSON.readTree(cdkJson.toFile()).at("/context/environments/" + place.environment());
      var values =
          MigrationVariables.of(
              place.environment(),
              place.account(),
              place.bucket(),
              place.topicArn(),
              configured.path("eventFormat").asText("parquet"));
      var more = new TreeMap<String, String>();
      if (configured.path("snowflake").has("externalId")) {
        more.put("external_id", configured.path("snowflake").path("externalId").asText());
      }
      if (configured.has("ndjsonCodec")) {
        more.put("ndjson_codec", configured.path("ndjsonCodec").asText());
      }
      return values.with(more);
    } catch (IOException e) {
      throw new SetupFailure(cdkJson + " cannot be read: " + e.getMessage(), e);
    }
  }

  /** Runs it on this terminal and returns its exit code: 0, 1 for a bad result, 2 for set-up. */
  public int onTerminal(String command, List<String> options) {
    return tool(command, options).onTerminal();
  }

  /** An answer and the exit code that came with it. */
  public record Answer(int code, JsonNode json) {}

  /**
   * Runs it for its JSON; its progress is on this terminal.
   *
   * @throws SetupFailure when it gave none; what is wrong is on the terminal then
   */
  public Answer ask(String command, List<String> options) {
    try {
      Path result = Files.createTempFile("millrace-snowflake", ".json");
      try {
        int code = tool(command, options).toFile(result, PATIENCE);
        if (code > 1 || Files.size(result) == 0) {
          throw new SetupFailure("'" + command + "' ended with code " + code);
        }
        return new Answer(code, JSON.readTree(result.toFile()));
      } finally {
        Files.delete(result);
      }
    } catch (IOException e) {
      throw new SetupFailure("the answer of '" + command + "' cannot be read: " + e, e);
    }
  }

  private ToolRun tool(String command, List<String> options) {
    var line = new ArrayList<>(List.of(checkout.python().toString(), "-m", "warehouse", command));
    line.addAll(place);
    line.addAll(List.of("--vars", variables.json()));
    line.addAll(List.of("--root", checkout.home().resolve("snowflake/migrations").toString()));
    line.addAll(options);
    var child = new TreeMap<>(environment);
    child.put("PYTHONPATH", checkout.home().resolve("local").toString());
    return new ToolRun("warehouse " + command, line, child, checkout.home());
  }
}

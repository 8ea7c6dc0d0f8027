package millrace.local.release;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import millrace.core.failed.MillraceFailure.SetupFailure;
import millrace.derive.artifact.SqlTypes;
import millrace.local.state.Checkout;
import millrace.local.state.Endpoints;
import millrace.local.warehouse.QueryResult;
import millrace.local.warehouse.WarehouseClient;

/** The warehouse of a running pipeline, with the migrations of a folder. */
public final class RunningWarehouse implements ReleaseWarehouse {
  private static final Pattern PREFIX = Pattern.compile("/format=([a-z]+)/");

  private final Checkout checkout;
  private final Path migrations;
  private final Endpoints endpoints;
  private final WarehouseClient client;
  private final String database;
  private final Path log;

  /**
   * @param migrations folder of the migrations to apply
   * @param log where their words go
   */
  public RunningWarehouse(
      Checkout checkout,
      Path migrations,
      Endpoints endpoints,
      WarehouseClient client,
      String database,
      Path log) {
    this.checkout = checkout;
    this.migrations = migrations;
    this.endpoints = endpoints;
    this.client = client;
    this.database = database;
    this.log = log;
  }

  @Override
  public void migrate() {
    new WarehouseMigrations(
            checkout,
            migrations,
            endpoints.environment(),
            endpoints.account(),
            endpoints.bucket(),
            endpoints.topicArn(),
            eventFormat())
        .apply(endpoints.warehousePort(), log);
  }

  @Override
  public Map<String, String> columns(String rawTable) {
    QueryResult found =
        client.query(
            "select column_name, data_type, numeric_precision from "
                + database
                + ".information_schema.columns where table_schema = 'RAW' and table_name = "
                + SqlTypes.literal(rawTable.toUpperCase(Locale.ROOT)));
    var columns = new HashMap<String, String>();
    for (int row = 0; row < found.rows().size(); row++) {
      columns.put(
          String.valueOf(found.value(row, "column_name")).toLowerCase(Locale.ROOT),
          type(
              String.valueOf(found.value(row, "data_type")),
              String.valueOf(found.value(row, "numeric_precision"))));
    }
    return columns;
  }

  /** The type as {@link SqlTypes} writes it. */
  private static String type(String dataType, String precision) {
    return switch (dataType) {
      case "TEXT" -> "varchar";
      case "NUMBER" -> "number(" + precision + ", 0)";
      case "TIMESTAMP_NTZ" -> "timestamp_ntz(6)";
      default -> dataType.toLowerCase(Locale.ROOT);
    };
  }

  @Override
  public Set<String> pipes() {
    QueryResult found = client.query("show pipes in account");
    var names = new HashSet<String>();
    for (int row = 0; row < found.rows().size(); row++) {
      names.add(String.valueOf(found.value(row, "name")).toLowerCase(Locale.ROOT));
    }
    return names;
  }

  private String eventFormat() {
    return eventFormat(client);
  }

  /** The pipes that are there say how files are written in this deployment. */
  public static String eventFormat(WarehouseClient client) {
    QueryResult found = client.query("show pipes in account");
    for (int row = 0; row < found.rows().size(); row++) {
      Matcher prefix = PREFIX.matcher(String.valueOf(found.value(row, "definition")));
      if (prefix.find()) {
        return prefix.group(1);
      }
    }
    throw new SetupFailure("the warehouse has no pipe yet: start the pipeline first");
  }
}

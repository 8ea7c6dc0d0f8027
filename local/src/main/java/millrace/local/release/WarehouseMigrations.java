package millrace.local.release;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import millrace.local.process.ToolRun;
import millrace.local.state.Checkout;

/**
 * The migrations of a checkout and the deployment they are for.
 *
 * @param checkout whose tools run them
 * @param root folder of the migrations
 * @param environment name of the environment
 * @param account of the bucket's owner
 * @param bucket all objects
 * @param topicArn topic that pipes listen to
 * @param eventFormat parquet or ndjson
 */
public record WarehouseMigrations(
    Checkout checkout,
    Path root,
    String environment,
    String account,
    String bucket,
    String topicArn,
    String eventFormat) {
  private static final Duration PATIENCE = Duration.ofSeconds(120);

  /**
   * Applies those that are not applied yet.
   *
   * @param log where schemachange's words go
   * @throws millrace.core.failed.MillraceFailure.SetupFailure with its last words when one fails
   */
  public void apply(int warehousePort, Path log) {
    new ToolRun(
            "migrations",
            List.of(
                checkout.python().toString(),
                "-m",
                "warehouse",
                "migrate",
                "--port",
                Integer.toString(warehousePort),
                "--vars",
                variables(),
                "--root",
                root.toString()),
            Map.of("PYTHONPATH", checkout.home().resolve("local").toString()),
            checkout.home())
        .mustSucceed(log, PATIENCE);
  }

  /** What stands for the variables in the migrations, as a JSON object. */
  String variables() {
    return MigrationVariables.of(environment, account, bucket, topicArn, eventFormat).json();
  }
}

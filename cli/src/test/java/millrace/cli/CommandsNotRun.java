package millrace.cli;

import java.util.Map;

/** Quoted commands that {@link KeptPipelineIT} does not run, and what does or why nothing can. */
final class CommandsNotRun {
  private static final String CDK = "CdkDeployIT runs it against an emulator";

  static final Map<String, String> REASONS =
      Map.ofEntries(
          Map.entry("./millrace demo", "DemoIT runs the demo, in both formats"),
          Map.entry("./millrace demo --format ndjson", "DemoIT runs the demo, in both formats"),
          Map.entry("./mvnw verify", "KeptPipelineIT is a part of it"),
          Map.entry("./mvnw -T1.5C verify", "KeptPipelineIT is a part of it"),
          Map.entry(
              "./millrace erase --subject ID",
              "done before the emulator is killed: its table of data keys does not outlive that"),
          Map.entry("./mvnw verify -Pproofs", "takes most of an hour"),
          Map.entry(
              "./mvnw -Dquick -Pproofs -pl local -am verify -Dit.test=MillionEventsProof"
                  + " -Dfailsafe.failIfNoSpecifiedTests=false",
              "takes ten minutes"),
          Map.entry("./mvnw -pl functions/writer -am verify", "a part of verify"),
          Map.entry("./mvnw -Dquick -pl functions/writer -am test", "a part of verify"),
          Map.entry(
              "./mvnw -Dquick -pl functions/core -am test -Dtest=FileIdTest"
                  + " -Dsurefire.failIfNoSpecifiedTests=false",
              "a part of verify"),
          Map.entry(
              ".millrace/venv/bin/python -m pytest local/warehouse/tests", "a part of verify"),
          Map.entry(
              ".millrace/venv/bin/python -m pytest local/sqlcheck/tests"
                  + " dbt/integration_tests/test_sql_passes_there_too.py",
              "a part of verify"),
          Map.entry("./millrace format", "would write into the checkout"),
          Map.entry("./millrace format --check", "a part of verify"),
          Map.entry("cdk deploy", "needs an account"),
          Map.entry("cdk import", "needs an account"),
          Map.entry("./millrace image", "ImageIT packs the image and runs it"),
          Map.entry(
              "./millrace backfill", "BackfillIT and PostgresTableIT read tables of their own"),
          Map.entry(
              "./millrace backfill --jdbc 'jdbc:postgresql://db.example/shop?user=reader' --table"
                  + " orders --as orders.v1.OrderStatusChanged --map order_id=event_id --watermark"
                  + " changed_at --versioned --dry-run",
              "needs a shop"),
          Map.entry(
              "./millrace prepare airflow && .millrace/airflow/bin/python -P -m pytest"
                  + " airflow/tests",
              "a part of verify"),
          Map.entry("./millrace cdk", CDK),
          Map.entry(
              "./millrace --env prod replay --archive --source orders --day 2026-11-21 --dry-run",
              "CdkDeployIT replays by the names of an account"),
          Map.entry("./millrace --env ENV replay --failed --day 2026-11-21", "needs an account"),
          Map.entry("./millrace --env ENV renotify --all --prefix events/...", "needs an account"),
          Map.entry("./millrace deploy", "needs two accounts; CdkDeployIT runs its steps"),
          Map.entry("./millrace deploy --env prod", "needs two accounts"),
          Map.entry("./millrace deploy --env prod --dry-run", "needs two accounts"),
          Map.entry("./millrace snowflake check --env prod", "needs an account"),
          Map.entry("./millrace snowflake verify --env prod", "needs an account"),
          Map.entry(
              "./millrace snowflake pipe-change orders_v1__order_created_pipe --env prod",
              "needs an account"),
          Map.entry("./millrace cdk bootstrap --app cdk.out/prod", CDK),
          Map.entry("./millrace cdk deploy --app cdk.out/prod --all", CDK),
          Map.entry("./millrace cdk diff --app cdk.out/prod --all", CDK),
          Map.entry("./millrace cdk destroy --app cdk.out/prod --all", CDK),
          Map.entry("cd local/python", "leads to the next line, which needs a network"),
          Map.entry(
              "uv pip compile --universal --python-version 3.11 --generate-hashes"
                  + " --no-emit-index-url --no-emit-find-links --no-header requirements.in"
                  + " -o requirements.lock",
              "needs a network"));

  private CommandsNotRun() {}
}

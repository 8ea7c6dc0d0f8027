package millrace.local.release;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import millrace.core.contract.Contract;
import millrace.core.contract.ContractSet;
import millrace.local.release.TypeStatements.PipeFormat;
import org.junit.jupiter.api.Test;

class TypeStatementsTest {
  private static final Map<String, String> MIGRATIONS =
      Map.of(
          "cards.v1.CardCatalogCreated", "V1.1.0__cards_v1__card_catalog_created.sql",
          "orders.v1.OrderCreated", "V1.1.1__orders_v1__order_created.sql",
          "manufacturing.v1.ManufacturingBatch",
              "V1.1.2__manufacturing_v1__manufacturing_batch.sql");

  private static String migration(String type) throws IOException {
    Path home = Path.of(System.getenv().getOrDefault("MILLRACE_HOME", ".."));
    return Files.readString(home.resolve("snowflake/migrations").resolve(MIGRATIONS.get(type)))
        .replace("{{ database }}", "MILLRACE_DEV")
        .replace("{{ event_format }}", "parquet")
        .replace("{{ format }}", "PARQUET")
        .replace("{{ topic_arn }}", "arn:topic");
  }

  private static String normal(String sql) {
    return sql.replaceAll("(?m)^\\s*(--|\\{%).*$", "")
        .replaceAll("\\s+", " ")
        .strip()
        .toLowerCase();
  }

  @Test
  void aReleaseMakesTheTableAndThePipeThatTheMigrationsMake() throws IOException {
    for (Contract contract : ContractSet.builtIn().contracts()) {
      String made =
          TypeStatements.table("MILLRACE_DEV", contract)
              + ";"
              + TypeStatements.pipe(
                  "MILLRACE_DEV",
                  contract,
                  "arn:topic",
                  new PipeFormat("parquet", "MILLRACE_DEV.RAW.PARQUET"))
              + ";";
      assertThat(normal(made).replace("; ", ";"))
          .isEqualTo(normal(migration(contract.type())).replace("; ", ";"));
    }
  }
}

package millrace.derive.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import millrace.core.contract.ContractSet;
import millrace.core.failed.MillraceFailure.SetupFailure;
import millrace.derive.artifact.DerivedFiles;
import millrace.derive.change.Migrations;
import millrace.derive.draft.InferredContract;
import millrace.derive.draft.NewContract;
import millrace.derive.draft.TypeName;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The contracts of this checkout, and a copy of it that is changed, as buf sees them. */
class ContractTreeIT {
  private static final Path HOME =
      Path.of(System.getenv().getOrDefault("MILLRACE_HOME", "../..")).toAbsolutePath();
  private static final Path BUF =
      Path.of(
              System.getenv()
                  .getOrDefault(
                      "MILLRACE_PYTHON", HOME.resolve(".millrace/venv/bin/python").toString()))
          .resolveSibling("buf");

  @TempDir Path copy;
  private ContractTree tree;

  @BeforeEach
  void copyTheTree() throws IOException {
    for (String folder :
        List.of("proto", "snowflake", "dbt/models", "dbt/macros", "docs/data-dictionary")) {
      try (Stream<Path> files = Files.walk(HOME.resolve(folder))) {
        for (Path file : files.filter(Files::isRegularFile).toList()) {
          String path = HOME.relativize(file).toString();
          if (!path.startsWith("proto/target")) {
            Files.createDirectories(copy.resolve(path).getParent());
            Files.copy(file, copy.resolve(path));
          }
        }
      }
    }
    tree = new ContractTree(copy, BUF);
  }

  @Test
  void nothingStandsInTheWayOfMergingThisCheckout() {
    assertThat(new ContractTree(HOME, BUF).problems()).isEmpty();
  }

  @Test
  void bufAndTheBuildReadTheSameContracts() {
    assertThat(DerivedFiles.of(new ContractTree(HOME, BUF).candidate()))
        .isEqualTo(DerivedFiles.of(ContractSet.builtIn()));
  }

  @Test
  void oneNewFileIsAllThatIsWrittenByHand() {
    TypeName type = TypeName.parse("orders.v1.OrderShipped");
    tree.begin(type, NewContract.of(type));

    assertThat(tree.problems())
        .anySatisfy(
            problem ->
                assertThat(problem)
                    .contains("orders_v1__order_shipped.sql is missing")
                    .contains("./millrace contract migrate"));

    Migrations.write(tree.missingMigrations(tree.plan(tree.candidate())), tree.migrations());
    tree.derived().write(DerivedFiles.of(tree.candidate()));

    assertThat(tree.problems()).isEmpty();
    assertThat(copy.resolve("dbt/models/staging/orders/stg_orders__order_shipped.sql")).exists();
  }

  @Test
  void aDraftFromSamplesPassesEveryCheckAsItIs() {
    TypeName type = TypeName.parse("shop.v1.OrderPaid");
    tree.begin(
        type,
        InferredContract.of(
            type,
            List.of(
                """
                {"id": "1", "occurredAt": "2026-11-21T10:00:00Z", "order": 1, "source": "web", "kind": "NEW", "buyer": {"email": "a@b.example"}, "meta": {}, "matrix": [[1]], "any": 1, "stock": {"sku-1": 1}}""",
                """
                {"id": "2", "occurredAt": "2026-11-21T10:00:00Z", "order": 2, "source": "app", "kind": "NEW", "buyer": {"email": "a@b.example"}, "meta": {}, "matrix": [], "any": {"a": 1}, "stock": {"sku-2": 1}}""",
                """
                {"id": "3", "occurredAt": "2026-11-21T10:00:00Z", "order": 3, "source": "app", "kind": "NEW", "stock": {"sku-3": 1}}""")));

    Migrations.write(tree.missingMigrations(tree.plan(tree.candidate())), tree.migrations());
    tree.derived().write(DerivedFiles.of(tree.candidate()));

    assertThat(tree.problems()).isEmpty();
    assertThat(tree.candidate().find("shop", "shop.v1.OrderPaid")).isPresent();
  }

  @Test
  void theNextMajorVersionStandsBesideTheFirst() throws IOException {
    Path v2 = copy.resolve("proto/orders/v2/order_created.proto");
    Files.createDirectories(v2.getParent());
    Files.writeString(
        v2,
        Files.readString(copy.resolve("proto/orders/v1/order_created.proto"))
            .replace("package orders.v1", "package orders.v2")
            .replace("contracts.orders.v1", "contracts.orders.v2")
            .replace("int64 total_amount_minor", "string total_amount")
            .replace(
                "string total_amount = 8",
                "string total_amount = 8 [(millrace.options.v1.field) = {pii: PII_NONE}]"));

    Migrations.write(tree.missingMigrations(tree.plan(tree.candidate())), tree.migrations());
    tree.derived().write(DerivedFiles.of(tree.candidate()));

    assertThat(tree.problems()).isEmpty();
    assertThat(tree.candidate().find("orders", "orders.v2.OrderCreated")).isPresent();
    assertThat(copy.resolve("dbt/models/staging/orders/stg_orders__order_created_v2.sql"))
        .content()
        .contains("orders_v2__order_created")
        .contains("total_amount");
    assertThat(copy.resolve("dbt/models/staging/orders/stg_orders__order_created.sql"))
        .content()
        .contains("orders_v1__order_created")
        .contains("total_amount_minor");
  }

  @Test
  void aFileThatDoesNotParseIsNamedWithItsLineAndNothingIsWritten() throws IOException {
    Path file = copy.resolve("proto/orders/v1/order_created.proto");
    Files.writeString(file, Files.readString(file).replace("string currency", "strin currency"));

    assertThatThrownBy(() -> tree.candidate())
        .isInstanceOf(SetupFailure.class)
        .hasMessageMatching(
            "the contracts do not compile: proto/orders/v1/order_created.proto:\\d+: .*strin.*");
  }

  @Test
  void aBreakingChangeIsFoundByBufAndByThePlan() throws IOException {
    Path file = copy.resolve("proto/orders/v1/order_created.proto");
    Files.writeString(
        file,
        Files.readString(file)
            .replace("optional string promotion_code = 9", "optional string promotion_code = 19"));

    List<String> problems = tree.problems();

    assertThat(problems).anySatisfy(problem -> assertThat(problem).contains("deleted"));
    assertThat(problems)
        .anySatisfy(
            problem ->
                assertThat(problem)
                    .startsWith("proto/orders/v1/order_created.proto:")
                    .contains("promotion_code: renumbered from 9 to 19"));
  }

  @Test
  void twoMessagesThatClaimOneTypeAreRefusedWithFileAndLine() throws IOException {
    String status = Files.readString(copy.resolve("proto/orders/v1/order_status_changed.proto"));
    Files.writeString(copy.resolve("proto/orders/v1/again.proto"), status);

    assertThatThrownBy(() -> tree.candidate())
        .isInstanceOf(SetupFailure.class)
        .hasMessageMatching(
            "the contracts do not compile: .*proto/orders/v1/\\w+.proto:\\d+:"
                + " `OrderStatusChanged` declared multiple times.*");
  }

  @Test
  void aWrongOptionIsNamedByFileAndLineOfTheCheckout() throws IOException {
    Path file = copy.resolve("proto/orders/v1/order_status_changed.proto");
    String text = Files.readString(file);
    Files.writeString(file, text.replace("event_id: \"event_id\"", "event_id: \"id\""));
    assertThatThrownBy(() -> tree.candidate())
        .hasMessageMatching(
            "contracts: proto/orders/v1/order_status_changed.proto:\\d+: orders.v1.OrderStatusChanged:"
                + " event_id 'id' is not a field of the message");

    Files.writeString(
        file,
        text.replace(
            "OrderStatus status = 4;",
            "OrderStatus status = 4 [(millrace.options.v1.field) = {pii: PII_HASH}];"));
    assertThatThrownBy(() -> tree.candidate())
        .hasMessageMatching(
            "contracts: proto/orders/v1/order_status_changed.proto:\\d+: orders.v1.OrderStatusChanged:"
                + " field 'status': PII_HASH is for strings and bytes");
  }

  @Test
  void aMissingReleasedSetIsOneSentence() throws IOException {
    Files.delete(tree.releasedFile());

    assertThatThrownBy(() -> tree.released())
        .isInstanceOf(SetupFailure.class)
        .hasMessage("proto/released/contracts.binpb is missing: take it from git again");
  }

  @Test
  void aDamagedReleasedSetIsOneSentence() throws IOException {
    Files.writeString(tree.releasedFile(), "not a set");

    assertThatThrownBy(() -> tree.released())
        .isInstanceOf(SetupFailure.class)
        .hasMessageStartingWith(
            "proto/released/contracts.binpb is damaged: take it from git again");
  }
}

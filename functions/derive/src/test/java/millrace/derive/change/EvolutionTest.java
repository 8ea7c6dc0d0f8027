package millrace.derive.change;

import static millrace.core.contract.ContractProtos.field;
import static millrace.core.contract.ContractProtos.pii;
import static millrace.core.contract.ContractProtos.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.DescriptorProtos.FieldDescriptorProto.Type;
import java.nio.file.Path;
import millrace.core.failed.MillraceFailure.SetupFailure;
import millrace.options.v1.Access;
import millrace.options.v1.Pii;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class EvolutionTest {
  @TempDir Path empty;

  @ParameterizedTest
  @MethodSource("millrace.derive.change.Case#all")
  void aChangeIsJudged(Case change) {
    var before = new ReleasedOrder().set();
    var order = new ReleasedOrder();
    change.change().accept(order);

    Plan plan = Plan.of(before, order.set(), new ModelReaders(empty));

    assertThat(plan.verdict()).as(plan.text()).isEqualTo(change.verdict());
    if (change.words().isEmpty()) {
      assertThat(plan.changes()).isEmpty();
    } else {
      assertThat(plan.changes())
          .as(plan.text())
          .anySatisfy(
              found -> {
                assertThat(found.verdict()).isEqualTo(change.verdict());
                assertThat(found.field()).isEqualTo(change.field());
                assertThat(found.what()).contains(change.words());
              });
    }
  }

  @Test
  void atLeastFortyKindsOfChangeAreJudged() {
    assertThat(Case.all().count()).isGreaterThanOrEqualTo(40);
  }

  @Test
  void namesThatNoWarehouseHoldsAreRefusedBeforeAPlanIsMade() {
    for (String name : new String[] {"order", "Quantity", "batch_id", "_hidden"}) {
      var order = new ReleasedOrder();
      order.root().addField(field(name, 20, Type.TYPE_INT32));

      assertThatThrownBy(
              () -> Plan.of(new ReleasedOrder().set(), order.set(), new ModelReaders(empty)))
          .isInstanceOf(SetupFailure.class)
          .hasMessageContaining("'" + name + "'");
    }
  }

  @Test
  void aSetThatIsNotChangedNeedsNothing() {
    Plan plan =
        Plan.of(new ReleasedOrder().set(), new ReleasedOrder().set(), new ModelReaders(empty));

    assertThat(plan.changes()).isEmpty();
    assertThat(plan.text()).isEqualTo("Nothing differs from the released contracts.\n");
  }

  @Test
  void theStatementsOfAPlanAreTheAltersInTheirOrder() {
    var order = new ReleasedOrder();
    order.root().addField(text("mobile", 20, pii(Pii.PII_HASH)));
    order.of("quantity").setType(Type.TYPE_INT64);
    order.decide(order.of("note"), f -> f.setAccess(Access.ACCESS_RESTRICTED));

    Plan plan = Plan.of(new ReleasedOrder().set(), order.set(), new ModelReaders(empty));

    String table = "alter table {{ database }}.RAW.TESTING_V1__ORDER ";
    assertThat(plan.changes().stream().flatMap(change -> change.statements().stream()))
        .containsExactly(
            table + "alter column quantity set data type number(19, 0)",
            table + "modify column note set tag {{ database }}.RAW.ACCESS = 'RESTRICTED'",
            table + "modify column note set masking policy {{ database }}.RAW.MASK_VARCHAR force",
            table + "add column if not exists mobile varchar",
            table + "modify column mobile set tag {{ database }}.RAW.PII = 'HASH'");
    assertThat(plan.json())
        .contains("\"verdict\" : \"needs_migration\"")
        .contains("\"field\" : \"mobile\"");
  }

  @Test
  void aMigrationIsOneFilePerTypeAndIsNotWrittenTwice() {
    var order = new ReleasedOrder();
    order.root().addField(field("plant", 20, Type.TYPE_INT32));
    Plan plan = Plan.of(new ReleasedOrder().set(), order.set(), new ModelReaders(empty));
    var present = new java.util.TreeMap<String, String>();
    present.put("V1.9.7__earlier.sql", "");

    var missing = Migrations.of(plan, present);

    assertThat(missing).containsOnlyKeys("V1.10.0__testing_v1__order.sql");
    present.putAll(missing);
    assertThat(Migrations.of(plan, present)).isEmpty();
  }

  @Test
  void noMigrationIsWrittenForABreakingChange() {
    var order = new ReleasedOrder();
    order.of("quantity").setName("pieces");
    Plan plan = Plan.of(new ReleasedOrder().set(), order.set(), new ModelReaders(empty));

    assertThatThrownBy(() -> Migrations.of(plan, new java.util.TreeMap<>()))
        .hasMessageContaining("make it as the next major version");
  }

  @Test
  void theModelsThatReadAColumnAreNamedAndNoOthers() throws java.io.IOException {
    java.nio.file.Files.createDirectories(empty.resolve("models"));
    write("int_testing__order_deduplicated", "select * from {{ ref('stg_testing__order') }}");
    write("orders", "select quantity from {{ ref('int_testing__order_deduplicated') }}");
    write("others", "select note from {{ ref('orders') }} -- not quantity");
    write("elsewhere", "select quantity from {{ ref('another') }}");
    var order = new ReleasedOrder();
    order.of("quantity").setType(Type.TYPE_INT64);

    Plan plan = Plan.of(new ReleasedOrder().set(), order.set(), new ModelReaders(empty));

    assertThat(plan.changes())
        .singleElement()
        .extracting(Change::models)
        .asList()
        .containsExactly("orders");
  }

  private void write(String model, String sql) throws java.io.IOException {
    java.nio.file.Files.writeString(empty.resolve("models/" + model + ".sql"), sql);
  }
}

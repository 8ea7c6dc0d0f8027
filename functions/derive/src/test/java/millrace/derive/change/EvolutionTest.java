package millrace.derive.change;

import static millrace.core.contract.ContractProtos.field;
import static millrace.core.contract.ContractProtos.pii;
import static millrace.core.contract.ContractProtos.text;
import static millrace.derive.change.ReleasedOrder.in;
import static millrace.derive.change.ReleasedOrder.repeated;
import static millrace.derive.change.ReleasedOrder.ruled;
import static millrace.derive.change.ReleasedOrder.value;
import static millrace.derive.change.Verdict.BREAKING;
import static millrace.derive.change.Verdict.NEEDS_MIGRATION;
import static millrace.derive.change.Verdict.SAFE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import build.buf.validate.MessageRules;
import build.buf.validate.OneofRules;
import build.buf.validate.ValidateProto;
import com.google.protobuf.DescriptorProtos.DescriptorProto.ReservedRange;
import com.google.protobuf.DescriptorProtos.EnumOptions;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto.Label;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto.Type;
import com.google.protobuf.DescriptorProtos.OneofDescriptorProto;
import java.nio.file.Path;
import java.util.function.Consumer;
import java.util.stream.Stream;
import millrace.core.failed.MillraceFailure.SetupFailure;
import millrace.options.v1.Access;
import millrace.options.v1.Format;
import millrace.options.v1.Identity;
import millrace.options.v1.Pii;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class EvolutionTest {
  /** One change of {@link ReleasedOrder}, what it is judged, and words of the reason. */
  record Case(
      String name, Verdict verdict, String field, String words, Consumer<ReleasedOrder> change) {
    @Override
    public String toString() {
      return name;
    }
  }

  @TempDir Path empty;

  private static Case of(
      String name, Verdict verdict, String field, String words, Consumer<ReleasedOrder> change) {
    return new Case(name, verdict, field, words, change);
  }

  static Stream<Case> cases() {
    return Stream.of(fields(), types(), presence(), enums(), decisions(), rules(), contracts())
        .flatMap(each -> each);
  }

  private static Stream<Case> fields() {
    return Stream.of(
        of(
            "a field is added",
            NEEDS_MIGRATION,
            "plant",
            "a new column",
            o -> o.root().addField(text("plant", 20, pii(Pii.PII_NONE)))),
        of(
            "a list is added",
            NEEDS_MIGRATION,
            "sizes",
            "a new column",
            o -> o.root().addField(repeated(field("sizes", 20, Type.TYPE_INT32)))),
        of(
            "a field is removed",
            BREAKING,
            "quantity",
            "removed: its readers",
            o -> o.remove(o.root(), "quantity")),
        of(
            "a field is removed and reserved",
            BREAKING,
            "quantity",
            "removed and reserved",
            o -> {
              o.remove(o.root(), "quantity");
              o.root().addReservedName("quantity");
              o.root().addReservedRange(ReservedRange.newBuilder().setStart(4).setEnd(5));
            }),
        of(
            "a reserved number is taken",
            BREAKING,
            "again",
            "removed and reserved",
            o -> {
              o.root().clearReservedRange();
              o.root().addField(field("again", 50, Type.TYPE_INT32));
            }),
        of(
            "a reserved name is taken",
            BREAKING,
            "old",
            "removed and reserved",
            o -> {
              o.root().clearReservedName();
              o.root().addField(field("old", 20, Type.TYPE_INT32));
            }),
        of(
            "a number is reserved that nobody had",
            SAFE,
            "",
            "",
            o -> o.root().addReservedRange(ReservedRange.newBuilder().setStart(60).setEnd(61))),
        of(
            "a field is renumbered",
            BREAKING,
            "quantity",
            "renumbered from 4 to 20",
            o -> o.of("quantity").setNumber(20)),
        of(
            "a field is renamed",
            BREAKING,
            "quantity",
            "renamed to 'pieces'",
            o -> o.of("quantity").setName("pieces")),
        of(
            "two fields swap their numbers",
            BREAKING,
            "quantity",
            "renumbered",
            o -> {
              o.of("quantity").setNumber(11);
              o.of("price_minor").setNumber(4);
            }),
        of(
            "a field is deprecated",
            SAFE,
            "quantity",
            "deprecated",
            o -> o.of("quantity").getOptionsBuilder().setDeprecated(true)),
        of(
            "fields stand in another order",
            SAFE,
            "",
            "",
            o -> {
              var first = o.root().getField(0);
              o.root().removeField(0).addField(first);
            }),
        of("the JSON name changes", SAFE, "", "", o -> o.of("quantity").setJsonName("anzahl")),
        of(
            "a nested field is added",
            SAFE,
            "buyer.street",
            "inside of the column 'buyer'",
            o -> o.message("Buyer").addField(text("street", 3, pii(Pii.PII_NONE)))),
        of(
            "a field of a list's message is added",
            SAFE,
            "lines.colour",
            "inside of the column",
            o -> o.message("Line").addField(text("colour", 3, pii(Pii.PII_NONE)))),
        of(
            "a nested field is removed",
            BREAKING,
            "buyer.city",
            "removed",
            o -> {
              o.remove(o.message("Buyer"), "city");
              o.decide(in(o.message("Buyer"), "customer"), f -> f.setSubject("id"));
            }),
        of(
            "a nested field is renamed",
            BREAKING,
            "lines.pieces",
            "renamed",
            o -> in(o.message("Line"), "pieces").setName("count")));
  }

  private static Stream<Case> types() {
    return Stream.of(
        of(
            "int32 is widened",
            NEEDS_MIGRATION,
            "quantity",
            "widened from int32 to int64",
            o -> o.of("quantity").setType(Type.TYPE_INT64)),
        of(
            "uint32 is widened",
            NEEDS_MIGRATION,
            "price_minor",
            "widened",
            o -> o.of("price_minor").setType(Type.TYPE_UINT64)),
        of(
            "a nested number is widened",
            SAFE,
            "lines.pieces",
            "inside of a VARIANT",
            o -> in(o.message("Line"), "pieces").setType(Type.TYPE_INT64)),
        of(
            "int32 to sint32, written otherwise",
            BREAKING,
            "quantity",
            "type changed",
            o -> o.of("quantity").setType(Type.TYPE_SINT32)),
        of(
            "int32 to uint32, signs lost",
            BREAKING,
            "quantity",
            "type changed",
            o -> o.of("quantity").setType(Type.TYPE_UINT32)),
        of(
            "a number is narrowed",
            BREAKING,
            "price_minor",
            "type changed",
            o -> o.of("price_minor").setType(Type.TYPE_BOOL)),
        of(
            "float to double, written otherwise",
            BREAKING,
            "ratio",
            "type changed",
            o -> o.of("ratio").setType(Type.TYPE_DOUBLE)),
        of(
            "a number becomes text",
            BREAKING,
            "quantity",
            "type changed",
            o -> {
              o.of("quantity").setType(Type.TYPE_STRING);
              o.decide(o.of("quantity"), f -> f.setPii(Pii.PII_NONE));
            }),
        of(
            "text becomes bytes",
            BREAKING,
            "note",
            "type changed",
            o -> o.of("note").setType(Type.TYPE_BYTES)),
        of(
            "an enum becomes a number",
            BREAKING,
            "status",
            "type changed",
            o -> o.of("status").setType(Type.TYPE_INT32).clearTypeName()),
        of(
            "a message becomes another well-known one",
            BREAKING,
            "buyer",
            "type changed",
            o -> o.of("buyer").setTypeName(".google.protobuf.Timestamp")),
        of(
            "a message is named otherwise",
            SAFE,
            "buyer",
            "its message is testing.v1.Person",
            o -> {
              o.message("Buyer").setName("Person");
              o.of("buyer").setTypeName(".testing.v1.Person");
            }),
        of(
            "a value of a map changes its type",
            BREAKING,
            "labels.(value)",
            "type changed",
            o -> o.root().getNestedTypeBuilder(0).getFieldBuilder(1).setType(Type.TYPE_BYTES)));
  }

  private static Stream<Case> presence() {
    return Stream.of(
        of(
            "a single value becomes a list",
            BREAKING,
            "quantity",
            "was a single value, is a list",
            o -> repeated(o.of("quantity"))),
        of(
            "a list becomes a single value",
            BREAKING,
            "tags",
            "was a list, is a single value",
            o -> o.of("tags").setLabel(Label.LABEL_OPTIONAL)),
        of(
            "a list becomes a map",
            BREAKING,
            "tags",
            "is a map",
            o -> {
              o.of("tags").setType(Type.TYPE_MESSAGE).setTypeName(".testing.v1.Order.TagsEntry");
              o.root().addNestedType(o.root().getNestedType(0).toBuilder().setName("TagsEntry"));
            }),
        of(
            "a field becomes optional",
            BREAKING,
            "quantity",
            "optional now",
            o -> {
              o.root().addOneofDecl(OneofDescriptorProto.newBuilder().setName("_quantity"));
              o.of("quantity").setProto3Optional(true).setOneofIndex(2);
            }),
        of(
            "a field is no longer optional",
            BREAKING,
            "note",
            "no longer optional",
            o -> {
              o.of("note").clearProto3Optional().clearOneofIndex();
              o.root().removeOneofDecl(1);
            }),
        of(
            "a field goes into a oneof",
            BREAKING,
            "quantity",
            "into the oneof 'contact'",
            o -> o.of("quantity").setOneofIndex(0)),
        of(
            "an optional field goes into a oneof of its own",
            SAFE,
            "note",
            "into a oneof",
            o -> {
              o.of("note").clearProto3Optional();
              o.root().getOneofDeclBuilder(1).setName("remark");
            }),
        of(
            "a field leaves its oneof",
            BREAKING,
            "mail",
            "out of its oneof",
            o -> o.of("mail").clearOneofIndex()),
        of(
            "a member is added to a oneof",
            NEEDS_MIGRATION,
            "fax",
            "a new column",
            o -> o.root().addField(text("fax", 20, pii(Pii.PII_NONE)).setOneofIndex(0))),
        of(
            "a oneof is renamed",
            SAFE,
            "mail",
            "its oneof is named 'reach'",
            o -> o.root().getOneofDeclBuilder(0).setName("reach")));
  }

  private static Stream<Case> enums() {
    return Stream.of(
        of(
            "a value is added",
            SAFE,
            "status",
            "STATUS_SENT added",
            o -> o.file.getEnumTypeBuilder(0).addValue(value("STATUS_SENT", 3))),
        of(
            "a value is removed",
            BREAKING,
            "status",
            "STATUS_DONE removed",
            o -> o.file.getEnumTypeBuilder(0).removeValue(2)),
        of(
            "a value is renumbered",
            BREAKING,
            "status",
            "renumbered from 2 to 3",
            o -> o.file.getEnumTypeBuilder(0).getValueBuilder(2).setNumber(3)),
        of(
            "a value is renamed",
            BREAKING,
            "status",
            "renamed to STATUS_CLOSED",
            o -> o.file.getEnumTypeBuilder(0).getValueBuilder(2).setName("STATUS_CLOSED")),
        of(
            "an alias is added behind",
            SAFE,
            "",
            "",
            o ->
                o.file
                    .getEnumTypeBuilder(0)
                    .setOptions(EnumOptions.newBuilder().setAllowAlias(true))
                    .addValue(value("STATUS_FINISHED", 2))),
        of(
            "an enum is named otherwise",
            SAFE,
            "",
            "",
            o -> {
              o.file.getEnumTypeBuilder(0).setName("State");
              o.of("status").setTypeName(".testing.v1.State");
            }));
  }

  private static Stream<Case> decisions() {
    return Stream.of(
        of(
            "clear becomes hashed",
            NEEDS_MIGRATION,
            "note",
            "from NONE to HASH",
            o -> o.decide(o.of("note"), f -> f.setPii(Pii.PII_HASH))),
        of(
            "hashed becomes dropped",
            NEEDS_MIGRATION,
            "name",
            "from HASH to DROP",
            o -> o.decide(o.of("name"), f -> f.setPii(Pii.PII_DROP))),
        of(
            "hashed becomes clear",
            BREAKING,
            "name",
            "weaker",
            o -> o.decide(o.of("name"), f -> f.setPii(Pii.PII_NONE))),
        of(
            "dropped becomes hashed",
            BREAKING,
            "secret",
            "weaker",
            o -> o.decide(o.of("secret"), f -> f.setPii(Pii.PII_HASH))),
        of(
            "hashed becomes encrypted",
            BREAKING,
            "name",
            "cannot be compared",
            o -> o.decide(o.of("name"), f -> f.setPii(Pii.PII_ENCRYPT).setSubject("order_id"))),
        of(
            "encrypted for somebody else",
            BREAKING,
            "buyer.customer",
            "encrypted for 'order_id'",
            o -> o.decide(in(o.message("Buyer"), "customer"), f -> f.setSubject("order_id"))),
        of(
            "public becomes restricted",
            NEEDS_MIGRATION,
            "note",
            "masked for reporting",
            o -> o.decide(o.of("note"), f -> f.setAccess(Access.ACCESS_RESTRICTED))),
        of(
            "restricted becomes public",
            BREAKING,
            "account",
            "no longer restricted",
            o -> o.decide(o.of("account"), f -> f.setAccess(Access.ACCESS_PUBLIC))),
        of(
            "named otherwise in staging",
            BREAKING,
            "note",
            "named 'remark' in staging",
            o -> o.decide(o.of("note"), f -> f.setStagingName("remark"))));
  }

  private static Stream<Case> rules() {
    return Stream.of(
        of(
            "a rule is tightened",
            BREAKING,
            "boxes",
            "tighter: lower bound from 1 to 2",
            o -> ruled(o.of("boxes"), "int32 {gte: 2 lte: 9}")),
        of(
            "a rule is loosened",
            SAFE,
            "boxes",
            "looser: upper bound from 9 to 10",
            o -> ruled(o.of("boxes"), "int32 {gte: 1 lte: 10}")),
        of(
            "a rule is loosened and another tightened",
            BREAKING,
            "boxes",
            "tighter: lower bound from 1 to 2:",
            o -> ruled(o.of("boxes"), "int32 {gte: 2}")),
        of(
            "the rules go",
            SAFE,
            "boxes",
            "looser: lower bound gone (was 1), upper bound gone (was 9)",
            o -> o.of("boxes").clearOptions()),
        of(
            "a number with rules is widened",
            NEEDS_MIGRATION,
            "boxes",
            "widened",
            o -> {
              o.of("boxes").setType(Type.TYPE_INT64).clearOptions();
              ruled(o.of("boxes"), "int64 {gte: 1 lte: 9}");
            }),
        of(
            "a field gets its first rule",
            BREAKING,
            "tags",
            "tighter: min_items added (1)",
            o -> ruled(o.of("tags"), "repeated {min_items: 1}")),
        of(
            "a nested field gets a rule",
            BREAKING,
            "lines.pieces",
            "tighter: lower bound added (1)",
            o -> ruled(in(o.message("Line"), "pieces"), "int32 {gte: 1}")),
        of(
            "a message gets a rule",
            BREAKING,
            "buyer",
            "tighter: cel added",
            o ->
                o.message("Buyer")
                    .getOptionsBuilder()
                    .setExtension(
                        ValidateProto.message,
                        MessageRules.newBuilder()
                            .addCelExpression("this.city != 'nowhere'")
                            .build())),
        of(
            "a oneof is required",
            BREAKING,
            "contact",
            "tighter: required added (true)",
            o ->
                o.root()
                    .getOneofDeclBuilder(0)
                    .getOptionsBuilder()
                    .setExtension(
                        ValidateProto.oneof, OneofRules.newBuilder().setRequired(true).build())),
        of(
            "a field is added that must be there",
            BREAKING,
            "plant",
            "added with the rule string.min_len",
            o ->
                o.root()
                    .addField(ruled(text("plant", 20, pii(Pii.PII_NONE)), "string {min_len: 1}"))),
        of(
            "a field is added whose rules an old event keeps",
            NEEDS_MIGRATION,
            "plant",
            "a new column",
            o ->
                o.root()
                    .addField(ruled(text("plant", 20, pii(Pii.PII_NONE)), "string {max_len: 9}"))));
  }

  private static Stream<Case> contracts() {
    return Stream.of(
        of(
            "the source changes",
            BREAKING,
            "",
            "source is 'shop'",
            o -> o.contract(c -> c.setSource("shop"))),
        of(
            "the owner changes",
            SAFE,
            "",
            "owner is 'shop'",
            o -> o.contract(c -> c.setOwner("shop"))),
        of(
            "the event id changes",
            BREAKING,
            "",
            "event_id is 'order_id'",
            o -> o.contract(c -> c.clearEventId().addEventId("order_id"))),
        of(
            "the event id becomes the payload",
            BREAKING,
            "",
            "identity is",
            o ->
                o.contract(c -> c.clearEventId().setIdentity(Identity.IDENTITY_CANONICAL_PAYLOAD))),
        of(
            "the key changes",
            BREAKING,
            "",
            "key is 'id'",
            o -> o.contract(c -> c.clearKey().addKey("id"))),
        of(
            "the event time goes",
            BREAKING,
            "",
            "event_time is ''",
            o -> o.contract(c -> c.clearEventTime())),
        of(
            "the format changes",
            BREAKING,
            "",
            "format is",
            o -> o.contract(c -> c.setFormat(Format.FORMAT_NDJSON))),
        of(
            "the event deletes now",
            BREAKING,
            "",
            "deletes is 'true'",
            o -> o.contract(c -> c.setDeletes(true))),
        of(
            "marts are clustered",
            SAFE,
            "",
            "clustered by (status)",
            o -> o.contract(c -> c.addCluster("status"))),
        of(
            "rows are kept shorter",
            BREAKING,
            "",
            "rows are kept 30 days",
            o -> o.contract(c -> c.setRetentionDays(30))),
        of(
            "the message moves to another file",
            SAFE,
            "",
            "moved from testing/v1/order.proto",
            o -> o.file.setName("testing/v1/orders.proto")),
        of(
            "the message moves to another package",
            BREAKING,
            "",
            "the type is gone",
            o -> {
              o.file.setPackage("moved.v1");
              o.root().getFieldBuilderList().stream()
                  .filter(f -> f.hasTypeName())
                  .forEach(f -> f.setTypeName(f.getTypeName().replace(".testing.", ".moved.")));
            }),
        of(
            "the message is no event any more",
            BREAKING,
            "",
            "the type is gone",
            o -> o.root().clearOptions()),
        of(
            "a type is added",
            NEEDS_MIGRATION,
            "",
            "a new type",
            o -> {
              var second = o.root().clone();
              second.setName("OrderSplit");
              second.getFieldBuilderList().stream()
                  .filter(f -> f.hasTypeName())
                  .forEach(f -> f.setTypeName(f.getTypeName().replace(".Order.", ".OrderSplit.")));
              o.file.addMessageType(second);
            }));
  }

  @ParameterizedTest
  @MethodSource("cases")
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
    assertThat(cases().count()).isGreaterThanOrEqualTo(40);
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

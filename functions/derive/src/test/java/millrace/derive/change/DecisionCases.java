package millrace.derive.change;

import static millrace.core.contract.ContractProtos.pii;
import static millrace.core.contract.ContractProtos.text;
import static millrace.derive.change.Case.of;
import static millrace.derive.change.ReleasedOrder.in;
import static millrace.derive.change.ReleasedOrder.ruled;
import static millrace.derive.change.ReleasedOrder.value;
import static millrace.derive.change.Verdict.BREAKING;
import static millrace.derive.change.Verdict.NEEDS_MIGRATION;
import static millrace.derive.change.Verdict.SAFE;

import build.buf.validate.MessageRules;
import build.buf.validate.OneofRules;
import build.buf.validate.ValidateProto;
import com.google.protobuf.DescriptorProtos.EnumOptions;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto.Type;
import java.util.stream.Stream;
import millrace.options.v1.Access;
import millrace.options.v1.Format;
import millrace.options.v1.Identity;
import millrace.options.v1.Pii;

/**
 * Changes of enums, of what a contract decides for its fields, of rules, and of contracts as
 * wholes.
 */
final class DecisionCases {
  private DecisionCases() {}

  static Stream<Case> all() {
    return Stream.of(enums(), decisions(), rules(), contracts()).flatMap(each -> each);
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
}

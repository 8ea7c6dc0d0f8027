package millrace.derive.change;

import static millrace.core.contract.ContractProtos.field;
import static millrace.core.contract.ContractProtos.pii;
import static millrace.core.contract.ContractProtos.text;
import static millrace.derive.change.Case.of;
import static millrace.derive.change.ReleasedOrder.in;
import static millrace.derive.change.ReleasedOrder.repeated;
import static millrace.derive.change.Verdict.BREAKING;
import static millrace.derive.change.Verdict.NEEDS_MIGRATION;
import static millrace.derive.change.Verdict.SAFE;

import com.google.protobuf.DescriptorProtos.DescriptorProto.ReservedRange;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto.Label;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto.Type;
import com.google.protobuf.DescriptorProtos.OneofDescriptorProto;
import java.util.stream.Stream;
import millrace.options.v1.Pii;

/** Changes of fields: there or not, their types, how often and whether they are present. */
final class FieldCases {
  private FieldCases() {}

  static Stream<Case> all() {
    return Stream.of(fields(), types(), presence()).flatMap(each -> each);
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
}

package millrace.derive.change;

import static millrace.core.contract.ContractProtos.decided;
import static millrace.core.contract.ContractProtos.field;
import static millrace.core.contract.ContractProtos.pii;
import static millrace.core.contract.ContractProtos.text;

import build.buf.validate.FieldRules;
import build.buf.validate.ValidateProto;
import com.google.protobuf.DescriptorProtos.DescriptorProto;
import com.google.protobuf.DescriptorProtos.DescriptorProto.ReservedRange;
import com.google.protobuf.DescriptorProtos.EnumDescriptorProto;
import com.google.protobuf.DescriptorProtos.EnumValueDescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto.Label;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto.Type;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.DescriptorProtos.MessageOptions;
import com.google.protobuf.DescriptorProtos.OneofDescriptorProto;
import com.google.protobuf.TextFormat;
import java.util.function.UnaryOperator;
import millrace.core.contract.ContractProtos;
import millrace.core.contract.ContractSet;
import millrace.options.v1.Access;
import millrace.options.v1.Contract;
import millrace.options.v1.Field;
import millrace.options.v1.OptionsProto;
import millrace.options.v1.Pii;

/** A released type with every kind of field, as a builder that a test changes one thing of. */
final class ReleasedOrder {
  final FileDescriptorProto.Builder file =
      ContractProtos.file("testing/v1/order.proto", "testing.v1");

  ReleasedOrder() {
    file.addMessageType(order());
    file.addMessageType(
        ContractProtos.message("Line")
            .addField(text("card", 1, pii(Pii.PII_NONE)))
            .addField(field("pieces", 2, Type.TYPE_INT32)));
    file.addMessageType(
        ContractProtos.message("Buyer")
            .addField(text("customer", 1, pii(Pii.PII_ENCRYPT).setSubject("city")))
            .addField(text("city", 2, pii(Pii.PII_NONE))));
    file.addEnumType(
        EnumDescriptorProto.newBuilder()
            .setName("Status")
            .addValue(value("STATUS_UNSPECIFIED", 0))
            .addValue(value("STATUS_OPEN", 1))
            .addValue(value("STATUS_DONE", 2)));
  }

  private static DescriptorProto.Builder order() {
    var labels = repeated(ContractProtos.message("labels", 10, ".testing.v1.Order.LabelsEntry"));
    return ContractProtos.event(
            "Order",
            ContractProtos.contract().addEventId("id").addKey("order_id").setEventTime("at"))
        .addOneofDecl(OneofDescriptorProto.newBuilder().setName("contact"))
        .addOneofDecl(OneofDescriptorProto.newBuilder().setName("_note"))
        .addNestedType(
            ContractProtos.message("LabelsEntry")
                .setOptions(MessageOptions.newBuilder().setMapEntry(true))
                .addField(field("key", 1, Type.TYPE_STRING))
                .addField(field("value", 2, Type.TYPE_STRING)))
        .addField(text("id", 1, pii(Pii.PII_NONE)))
        .addField(text("order_id", 2, pii(Pii.PII_NONE)))
        .addField(ContractProtos.message("at", 3, ".google.protobuf.Timestamp"))
        .addField(field("quantity", 4, Type.TYPE_INT32))
        .addField(text("name", 5, pii(Pii.PII_HASH)))
        .addField(text("note", 6, pii(Pii.PII_NONE)).setProto3Optional(true).setOneofIndex(1))
        .addField(field("status", 7, Type.TYPE_ENUM).setTypeName(".testing.v1.Status"))
        .addField(repeated(ContractProtos.message("lines", 8, ".testing.v1.Line")))
        .addField(ContractProtos.message("buyer", 9, ".testing.v1.Buyer"))
        .addField(decided(labels, pii(Pii.PII_NONE)))
        .addField(field("price_minor", 11, Type.TYPE_UINT32))
        .addField(text("phone", 12, pii(Pii.PII_NONE)).setOneofIndex(0))
        .addField(text("mail", 13, pii(Pii.PII_NONE)).setOneofIndex(0))
        .addField(text("secret", 14, pii(Pii.PII_DROP)))
        .addField(text("account", 15, pii(Pii.PII_NONE).setAccess(Access.ACCESS_RESTRICTED)))
        .addField(field("ratio", 16, Type.TYPE_FLOAT))
        .addField(repeated(text("tags", 17, pii(Pii.PII_NONE))))
        .addField(ruled(field("boxes", 18, Type.TYPE_INT32), "int32 {gte: 1 lte: 9}"))
        .addReservedRange(ReservedRange.newBuilder().setStart(50).setEnd(51))
        .addReservedName("old");
  }

  static FieldDescriptorProto.Builder repeated(FieldDescriptorProto.Builder field) {
    return field.setLabel(Label.LABEL_REPEATED);
  }

  /**
   * Gives a field its rules, in place of those it had.
   *
   * @param rules in protobuf's text format
   */
  static FieldDescriptorProto.Builder ruled(FieldDescriptorProto.Builder field, String rules) {
    try {
      return field.setOptions(
          field.getOptions().toBuilder()
              .setExtension(ValidateProto.field, TextFormat.parse(rules, FieldRules.class)));
    } catch (TextFormat.ParseException e) {
      throw new IllegalArgumentException(rules, e);
    }
  }

  static EnumValueDescriptorProto.Builder value(String name, int number) {
    return EnumValueDescriptorProto.newBuilder().setName(name).setNumber(number);
  }

  ContractSet set() {
    return ContractSet.parse(ContractProtos.set(file));
  }

  DescriptorProto.Builder message(String name) {
    return file.getMessageTypeBuilderList().stream()
        .filter(each -> each.getName().equals(name))
        .findFirst()
        .orElseThrow();
  }

  DescriptorProto.Builder root() {
    return file.getMessageTypeBuilder(0);
  }

  FieldDescriptorProto.Builder of(String name) {
    return in(root(), name);
  }

  static FieldDescriptorProto.Builder in(DescriptorProto.Builder message, String name) {
    return message.getFieldBuilderList().stream()
        .filter(each -> each.getName().equals(name))
        .findFirst()
        .orElseThrow();
  }

  void remove(DescriptorProto.Builder message, String name) {
    for (int i = 0; i < message.getFieldCount(); i++) {
      if (message.getField(i).getName().equals(name)) {
        message.removeField(i);
        return;
      }
    }
    throw new IllegalArgumentException(name);
  }

  void decide(FieldDescriptorProto.Builder field, UnaryOperator<Field.Builder> change) {
    Field before = field.getOptions().getExtension(OptionsProto.field);
    field.setOptions(
        field.getOptions().toBuilder()
            .setExtension(OptionsProto.field, change.apply(before.toBuilder()).build()));
  }

  void contract(UnaryOperator<Contract.Builder> change) {
    var root = root();
    Contract before = root.getOptions().getExtension(OptionsProto.contract);
    root.setOptions(
        root.getOptions().toBuilder()
            .setExtension(OptionsProto.contract, change.apply(before.toBuilder()).build()));
  }
}

package millrace.core.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.Any;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorSet;
import com.google.protobuf.DescriptorProtos.MessageOptions;
import millrace.core.Contracts;
import millrace.core.failed.MillraceFailure.SetupFailure;
import millrace.options.v1.OptionsProto;
import org.junit.jupiter.api.Test;

class ContractSetTest {
  @Test
  void the_built_in_contracts_are_those_of_the_house() {
    assertThat(ContractSet.builtIn().contracts())
        .extracting(Contract::type)
        .containsExactly(
            "cards.v1.CardCatalogCreated",
            "cards.v1.CardCatalogDeleted",
            "cards.v1.CardCatalogUpdated",
            "commerce.v1.InventoryChanged",
            "commerce.v1.OrderPlaced",
            "commerce.v1.UserActivity",
            "json.v1.JsonEvent",
            "manufacturing.v1.ManufacturingBatch",
            "orders.v1.OrderCreated",
            "orders.v1.OrderStatusChanged");
    assertThat(ContractSet.builtIn().contracts())
        .filteredOn(contract -> contract.jsonSources().isEmpty())
        .allSatisfy(
            contract -> {
              assertThat(contract.eventId()).hasSize(1);
              assertThat(contract.key()).isNotEmpty();
              assertThat(contract.eventTime()).isNotNull();
            });
  }

  @Test
  void a_type_belongs_to_one_source() {
    ContractSet set = ContractSet.builtIn();

    assertThat(set.find("orders", "orders.v1.OrderCreated")).isPresent();
    assertThat(set.find("orders", "OrderCreated"))
        .isEqualTo(set.find("orders", "orders.v1.OrderCreated"));
    assertThat(set.find("cards", "orders.v1.OrderCreated")).isEmpty();
    assertThat(set.find("cards", "OrderCreated")).isEmpty();
    assertThat(set.find("orders", "orders.v1.Customer")).isEmpty();
    assertThat(set.find("orders", "")).isEmpty();
  }

  @Test
  void a_set_is_named_by_the_digest_of_its_bytes() {
    assertThat(ContractSet.parse(Contracts.TESTING.descriptorSet()).digest())
        .isEqualTo(Contracts.TESTING.digest());
    assertThat(Contracts.TESTING.digest()).isNotEqualTo(ContractSet.builtIn().digest());
  }

  @Test
  void every_problem_of_a_set_is_named_at_once() {
    var options =
        MessageOptions.newBuilder()
            .setExtension(
                OptionsProto.contract,
                millrace.options.v1.Contract.newBuilder()
                    .setSource("s")
                    .addEventId("nothing")
                    .setEventTime("a")
                    .build());
    var file =
        FileDescriptorProto.newBuilder()
            .setName("bad/v1/bad.proto")
            .setPackage("bad.v1")
            .setSyntax("proto3");
    file.addMessageTypeBuilder()
        .setName("Bad")
        .setOptions(options)
        .addField(field("a", 1))
        .addField(field("_hidden", 2));

    assertThatThrownBy(() -> ContractSet.parse(set(file)))
        .isInstanceOf(SetupFailure.class)
        .hasMessageContaining("bad/v1/bad.proto: bad.v1.Bad: the contract names no owner")
        .hasMessageContaining("event_id 'nothing' is not a field")
        .hasMessageContaining("event_time 'a' is not a google.protobuf.Timestamp")
        .hasMessageContaining("'_hidden': leading underscores");
  }

  @Test
  void a_message_that_contains_itself_or_any_is_refused() {
    var options =
        MessageOptions.newBuilder()
            .setExtension(
                OptionsProto.contract,
                millrace.options.v1.Contract.newBuilder().setSource("s").setOwner("o").build());
    var file =
        FileDescriptorProto.newBuilder()
            .setName("tree.proto")
            .setPackage("t.v1")
            .setSyntax("proto3")
            .addDependency("google/protobuf/any.proto");
    file.addMessageTypeBuilder()
        .setName("Tree")
        .setOptions(options)
        .addField(
            field("child", 1)
                .setType(FieldDescriptorProto.Type.TYPE_MESSAGE)
                .setTypeName(".t.v1.Tree"))
        .addField(
            field("any", 2)
                .setType(FieldDescriptorProto.Type.TYPE_MESSAGE)
                .setTypeName(".google.protobuf.Any"));

    assertThatThrownBy(() -> ContractSet.parse(set(file)))
        .hasMessageContaining("t.v1.Tree contains itself")
        .hasMessageContaining("google.protobuf.Any has no contract");
  }

  @Test
  void damaged_and_incomplete_sets_are_refused_with_a_sentence() {
    assertThatThrownBy(() -> ContractSet.parse(new byte[] {1, 2, 3}))
        .isInstanceOf(SetupFailure.class)
        .hasMessageContaining("not a descriptor set");
    assertThatThrownBy(() -> ContractSet.parse(new byte[0])).hasMessageContaining("empty");
    var lonely = FileDescriptorProto.newBuilder().setName("a.proto").addDependency("missing.proto");
    assertThatThrownBy(
            () ->
                ContractSet.parse(
                    FileDescriptorSet.newBuilder().addFile(lonely).build().toByteArray()))
        .hasMessageContaining("a.proto imports missing.proto, which the set lacks");
  }

  private static FieldDescriptorProto.Builder field(String name, int number) {
    return FieldDescriptorProto.newBuilder()
        .setName(name)
        .setNumber(number)
        .setType(FieldDescriptorProto.Type.TYPE_STRING)
        .setLabel(FieldDescriptorProto.Label.LABEL_OPTIONAL);
  }

  private static byte[] set(FileDescriptorProto.Builder file) {
    return FileDescriptorSet.newBuilder()
        .addFile(Any.getDescriptor().getFile().toProto())
        .addFile(file)
        .build()
        .toByteArray();
  }
}

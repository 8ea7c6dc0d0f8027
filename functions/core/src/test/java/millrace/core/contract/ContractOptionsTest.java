package millrace.core.contract;

import static millrace.core.contract.ContractProtos.contract;
import static millrace.core.contract.ContractProtos.decided;
import static millrace.core.contract.ContractProtos.event;
import static millrace.core.contract.ContractProtos.field;
import static millrace.core.contract.ContractProtos.file;
import static millrace.core.contract.ContractProtos.message;
import static millrace.core.contract.ContractProtos.pii;
import static millrace.core.contract.ContractProtos.set;
import static millrace.core.contract.ContractProtos.text;
import static millrace.options.v1.Pii.PII_DROP;
import static millrace.options.v1.Pii.PII_ENCRYPT;
import static millrace.options.v1.Pii.PII_HASH;
import static millrace.options.v1.Pii.PII_NONE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.DescriptorProtos.DescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto.Label;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto.Type;
import com.google.protobuf.DescriptorProtos.MessageOptions;
import com.google.protobuf.Descriptors.FieldDescriptor;
import java.util.List;
import java.util.stream.Stream;
import millrace.core.Contracts;
import millrace.core.failed.MillraceFailure.SetupFailure;
import millrace.options.v1.Access;
import millrace.options.v1.Contract;
import millrace.options.v1.Field;
import millrace.options.v1.JsonSource;
import millrace.options.v1.PersonalPath;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ContractOptionsTest {
  private static final String TIMESTAMP = ".google.protobuf.Timestamp";

  private static Arguments wrong(FieldDescriptorProto.Builder field, String problem) {
    return Arguments.of(event("E", contract()).addField(field), problem);
  }

  private static Arguments option(Contract.Builder contract, String problem) {
    return Arguments.of(
        event("E", contract).addField(text("id", 1, pii(PII_NONE))).addField(time("at", 2)),
        problem);
  }

  private static FieldDescriptorProto.Builder time(String name, int number) {
    return message(name, number, TIMESTAMP);
  }

  static Stream<Arguments> wrongFields() {
    return Stream.of(
        wrong(field("a", 1, Type.TYPE_STRING), "t.v1.E: field 'a': holds text or bytes and has no"),
        wrong(field("a", 1, Type.TYPE_BYTES), "field 'a': holds text or bytes"),
        wrong(
            field("a", 1, Type.TYPE_STRING).setLabel(Label.LABEL_REPEATED),
            "field 'a': holds text or bytes"),
        wrong(message("a", 1, ".google.protobuf.StringValue"), "field 'a': holds text or bytes"),
        wrong(message("a", 1, ".google.protobuf.BytesValue"), "field 'a': holds text or bytes"),
        wrong(message("a", 1, ".google.protobuf.Struct"), "field 'a': holds text or bytes"),
        wrong(text("a", 1, pii(PII_ENCRYPT)), "'a': PII_ENCRYPT needs a subject"),
        wrong(text("a", 1, pii(PII_ENCRYPT).setSubject("b")), "subject 'b' is not a field of t.v1"),
        wrong(text("a", 1, pii(PII_ENCRYPT).setSubject("a.b")), "subject 'a.b' is not a field of"),
        wrong(text("a", 1, pii(PII_HASH).setSubject("a")), "subject is for PII_ENCRYPT only"),
        wrong(
            decided(field("a", 1, Type.TYPE_INT64), pii(PII_HASH)),
            "field 'a': PII_HASH is for strings and bytes"),
        wrong(decided(time("a", 1), pii(PII_ENCRYPT).setSubject("a")), "is for strings and bytes"),
        wrong(
            decided(message("a", 1, ".google.protobuf.Value"), pii(PII_HASH)),
            "is for strings and bytes, not for free JSON"),
        wrong(
            text("a", 1, pii(PII_HASH).setAccess(Access.ACCESS_RESTRICTED)),
            "ACCESS_RESTRICTED masks what is stored clear; PII_HASH"),
        wrong(text("a", 1, pii(PII_NONE).setStagingName("A b")), "staging_name 'A b' is not made"),
        wrong(text("a", 1, Field.newBuilder().setPiiValue(99)), "treatment that this version does"),
        wrong(
            text("a", 1, pii(PII_NONE).setAccessValue(99)), "an access that this version does not"),
        wrong(message("a", 1, ".t.v1.E"), "t.v1.E contains itself"));
  }

  static Stream<Arguments> wrongContracts() {
    return Stream.of(
        option(contract().addEventId("nothing"), "event_id 'nothing' is not a field"),
        option(contract().addKey("nothing"), "key 'nothing' is not a field"),
        option(contract().addCluster("nothing"), "cluster 'nothing' is not a field"),
        option(contract().addEventId("at"), "event_id 'at' must be a single string"),
        option(contract().setEventTime("id"), "event_time 'id' is not a google.protobuf.Timestamp"),
        option(contract().setRetentionDays(-1), "retention_days is negative"),
        option(contract().setDeletes(true), "deletes needs a key"),
        option(Contract.newBuilder().setOwner("o"), "the contract names no source"),
        option(Contract.newBuilder().setSource("s"), "the contract names no owner"),
        option(contract().addJsonSources(json("a", true)), "either a source or json_sources"),
        option(json(json("a", false)), "json source 'a': either list personal_paths or state"),
        option(
            json(json("a", true, PersonalPath.newBuilder().setPath("b").setPii(PII_HASH))),
            "json source 'a': either list personal_paths or state"),
        option(json(json("a", true), json("a", true)), "json source 'a': is listed twice"),
        option(json(json("", true)), "a json source has no name"),
        option(
            json(json("a", false, PersonalPath.newBuilder().setPath("b[0]").setPii(PII_HASH))),
            "path 'b[0]' is not names joined by '.'"),
        option(
            json(json("a", false, PersonalPath.newBuilder().setPath("b").setPii(PII_NONE))),
            "path 'b': pii is PII_HASH, PII_DROP or PII_ENCRYPT"),
        option(
            json(json("a", false, PersonalPath.newBuilder().setPath("b").setPii(PII_ENCRYPT))),
            "path 'b': PII_ENCRYPT needs a subject"),
        option(
            json(
                json(
                    "a",
                    false,
                    PersonalPath.newBuilder()
                        .setPath("b")
                        .setPii(PII_ENCRYPT)
                        .setSubject("c[].id"))),
            "subject 'c[].id' goes through an array"));
  }

  static Stream<Arguments> treatedFacts() {
    return Stream.of(PII_DROP, PII_ENCRYPT)
        .flatMap(
            pii -> {
              var treated = pii(pii).setSubject(pii == PII_ENCRYPT ? "who" : "");
              return Stream.of(
                  Arguments.of(
                      event("E", contract().addEventId("id"))
                          .addField(text("id", 1, treated))
                          .addField(text("who", 2, pii(PII_NONE))),
                      "field 'id': is the event id, which " + pii + " would hide"),
                  Arguments.of(
                      event("E", contract().addKey("id"))
                          .addField(text("id", 1, treated))
                          .addField(text("who", 2, pii(PII_NONE))),
                      "field 'id': is the key, which " + pii + " would hide"));
            });
  }

  @ParameterizedTest
  @MethodSource({"wrongFields", "wrongContracts", "treatedFacts"})
  void a_wrong_option_is_a_sentence_with_file_and_message(
      DescriptorProto.Builder message, String problem) {
    byte[] set = set(file("t/v1/e.proto", "t.v1").addMessageType(message));

    assertThatThrownBy(() -> ContractSet.parse(set))
        .isInstanceOf(SetupFailure.class)
        .hasMessageStartingWith("contracts: t/v1/e.proto: t.v1.E: ")
        .hasMessageContaining(problem);
  }

  @Test
  void an_event_time_cannot_be_dropped() {
    var message =
        event("E", contract().setEventTime("at")).addField(decided(time("at", 1), pii(PII_DROP)));

    assertThatThrownBy(
            () -> ContractSet.parse(set(file("e.proto", "t.v1").addMessageType(message))))
        .hasMessageContaining("field 'at': is the event time, which PII_DROP would hide");
  }

  @Test
  void an_event_id_cannot_be_masked_since_audits_show_it_and_a_key_can() {
    var restricted = pii(PII_NONE).setAccess(Access.ACCESS_RESTRICTED);
    var message = event("E", contract().addEventId("id")).addField(text("id", 1, restricted));

    assertThatThrownBy(
            () -> ContractSet.parse(set(file("e.proto", "t.v1").addMessageType(message))))
        .hasMessageContaining("e.proto: t.v1.E: field 'id': is the event id, which is read clear")
        .hasMessageContaining("cannot be ACCESS_RESTRICTED");

    var keyed = event("E", contract().addKey("id")).addField(text("id", 1, restricted));
    assertThat(ContractSet.parse(set(file("e.proto", "t.v1").addMessageType(keyed))).contracts())
        .hasSize(1);
  }

  @Test
  void the_event_id_and_the_key_may_be_hashed() {
    var message =
        event("E", contract().addEventId("id").addKey("id")).addField(text("id", 1, pii(PII_HASH)));

    var contracts = ContractSet.parse(set(file("e.proto", "t.v1").addMessageType(message)));

    assertThat(contracts.contracts().iterator().next().treated())
        .extracting(ContractField::name)
        .containsExactly("id");
  }

  @Test
  void fields_without_a_decision_are_found_at_every_depth_and_each_is_named_once() {
    var part =
        message("Part")
            .addField(field("plain", 1, Type.TYPE_STRING))
            .addField(field("number", 2, Type.TYPE_INT32));
    var entry =
        message("ByNameEntry")
            .setOptions(MessageOptions.newBuilder().setMapEntry(true))
            .addField(field("key", 1, Type.TYPE_STRING))
            .addField(field("value", 2, Type.TYPE_INT32));
    var outer =
        message("Outer")
            .addNestedType(entry)
            .addField(message("part", 1, ".t.v1.Part"))
            .addField(
                message("by_name", 2, ".t.v1.Outer.ByNameEntry").setLabel(Label.LABEL_REPEATED));
    var first =
        event("First", contract())
            .addField(message("outer", 1, ".t.v1.Outer").setLabel(Label.LABEL_REPEATED));
    var second = event("Second", contract()).addField(message("part", 1, ".t.v1.Part"));
    byte[] set =
        set(
            file("e.proto", "t.v1")
                .addMessageType(part)
                .addMessageType(outer)
                .addMessageType(first)
                .addMessageType(second));

    assertThatThrownBy(() -> ContractSet.parse(set))
        .message()
        .contains("e.proto: t.v1.Part: field 'plain': holds text or bytes")
        .contains("e.proto: t.v1.Outer: field 'by_name': holds text or bytes")
        .matches(text -> text.split("holds text or bytes", -1).length == 3, "each is named once");
  }

  @Test
  void a_set_released_before_there_were_decisions_goes_on_running() {
    var message = event("E", contract()).addField(field("a", 1, Type.TYPE_STRING));
    byte[] set = set(file("e.proto", "t.v1").addMessageType(message));

    ContractSet contracts = ContractSet.released(set);

    assertThat(contracts.contracts().iterator().next().treated()).isEmpty();
    assertThatThrownBy(() -> ContractSet.parse(set)).hasMessageContaining("no PII decision");
  }

  @Test
  void a_released_set_with_a_treatment_from_the_future_is_refused() {
    var message = event("E", contract()).addField(text("a", 1, Field.newBuilder().setPiiValue(99)));

    assertThatThrownBy(
            () -> ContractSet.released(set(file("e.proto", "t.v1").addMessageType(message))))
        .hasMessageContaining("treatment that this version does not know");
  }

  @Test
  void two_files_that_define_one_type_are_refused() {
    var one = file("a.proto", "t.v1").addMessageType(event("E", contract()));
    var other = file("b.proto", "t.v1").addMessageType(event("E", contract()));

    assertThatThrownBy(() -> ContractSet.parse(set(one, other)))
        .hasMessageContaining("b.proto: t.v1.E: the type is defined in a.proto too");
  }

  @Test
  void two_types_of_one_source_share_a_short_name_only_as_versions_of_one_another() {
    var first = file("a.proto", "t.v1").addMessageType(event("E", contract()));
    var next = file("b.proto", "t.v2").addMessageType(event("E", contract()));
    var other = file("c.proto", "u.v1").addMessageType(event("E", contract()));

    assertThat(ContractSet.parse(set(first, next)).contracts()).hasSize(2);
    assertThatThrownBy(() -> ContractSet.parse(set(first, other)))
        .hasMessageContaining("c.proto: u.v1.E: t.v1.E in a.proto has the same short name");
  }

  @Test
  void one_contract_takes_the_json_of_a_source() {
    var one = event("One", json(json("a", true)));
    var two = event("Two", json(json("a", true)));

    assertThatThrownBy(
            () ->
                ContractSet.parse(
                    set(file("e.proto", "t.v1").addMessageType(one).addMessageType(two))))
        .hasMessageContaining("t.v1.Two: JSON of the source 'a' is t.v1.One already");
  }

  @Test
  void a_contract_inside_of_another_message_is_refused() {
    var outer = message("Outer").addNestedType(event("E", contract()));

    assertThatThrownBy(() -> ContractSet.parse(set(file("e.proto", "t.v1").addMessageType(outer))))
        .hasMessageContaining("t.v1.Outer.E: a contract is a message at the top level");
  }

  @Test
  void a_subject_is_looked_up_from_the_field_outwards() {
    var inner =
        message("Inner")
            .addField(text("near", 1, pii(PII_ENCRYPT).setSubject("id")))
            .addField(text("far", 2, pii(PII_ENCRYPT).setSubject("person.id")))
            .addField(text("id", 3, pii(PII_NONE)));
    var person = message("Person").addField(text("id", 1, pii(PII_NONE)));
    var message =
        event("E", contract())
            .addField(message("inner", 1, ".t.v1.Inner"))
            .addField(message("person", 2, ".t.v1.Person"))
            .addField(text("id", 3, pii(PII_NONE)));
    var contracts =
        ContractSet.parse(
            set(
                file("e.proto", "t.v1")
                    .addMessageType(inner)
                    .addMessageType(person)
                    .addMessageType(message)));

    List<ContractField> treated = contracts.contracts().iterator().next().treated();

    assertThat(treated).extracting(ContractField::name).containsExactly("inner.near", "inner.far");
    assertThat(treated.get(0).subject().outer()).isEqualTo(1);
    assertThat(treated.get(0).subject().path())
        .extracting(FieldDescriptor::getFullName)
        .containsExactly("t.v1.Inner.id");
    assertThat(treated.get(1).subject().outer()).isZero();
    assertThat(treated.get(1).subject().path())
        .extracting(FieldDescriptor::getFullName)
        .containsExactly("t.v1.E.person", "t.v1.Person.id");
  }

  @Test
  void everything_that_a_contract_says_is_read() {
    var message =
        event("E", contract().addKey("id").addCluster("at").setRetentionDays(30).setDeletes(true))
            .addField(
                text(
                    "id",
                    1,
                    pii(PII_NONE).setAccess(Access.ACCESS_RESTRICTED).setStagingName("thing_id")))
            .addField(time("at", 2));

    var contract =
        ContractSet.parse(set(file("e.proto", "t.v1").addMessageType(message)))
            .find("testing", "E")
            .orElseThrow();

    assertThat(contract.cluster()).extracting(FieldDescriptor::getName).containsExactly("at");
    assertThat(contract.retentionDays()).isEqualTo(30);
    assertThat(contract.deletes()).isTrue();
    ContractField id = contract.fields().getFirst();
    assertThat(id.access()).isEqualTo(Access.ACCESS_RESTRICTED);
    assertThat(id.stagingName()).isEqualTo("thing_id");
    assertThat(contract.fields().get(1).access()).isEqualTo(Access.ACCESS_PUBLIC);
  }

  @Test
  void paths_into_json_are_read() {
    var path =
        PersonalPath.newBuilder()
            .setPath("lines[].buyer.name")
            .setPii(PII_ENCRYPT)
            .setSubject("account.id");
    var message = jsonEvent(json(json("shop", false, path)));

    var contract =
        ContractSet.parse(set(file("e.proto", "t.v1").addMessageType(message)))
            .contracts()
            .iterator()
            .next();

    assertThat(contract.jsonSources())
        .containsExactly(
            new JsonPaths(
                "shop",
                List.of(
                    new JsonPaths.Personal(
                        List.of(
                            new JsonPaths.Step("lines", true),
                            new JsonPaths.Step("buyer", false),
                            new JsonPaths.Step("name", false)),
                        PII_ENCRYPT,
                        List.of(
                            new JsonPaths.Step("account", false),
                            new JsonPaths.Step("id", false))))));
  }

  @Test
  void the_built_in_set_names_lines_and_knows_the_comments() {
    var order = ContractSet.builtIn().find("orders", "OrderCreated").orElseThrow();
    FieldDescriptor total = order.descriptor().findFieldByName("total_amount_minor");

    assertThat(SourcePlaces.place(total)).matches("orders/v1/order_created\\.proto:[1-9][0-9]*");
    assertThat(SourcePlaces.comment(total))
        .isEqualTo(
            "Sum of quantity times unit price over the lines, in minor units of `currency`.");
    assertThat(SourcePlaces.comment(order.descriptor())).isEqualTo("A customer placed an order.");
    assertThat(SourcePlaces.place(Contracts.testing("AllKinds").descriptor()))
        .isEqualTo("testing/v1/all_kinds.proto");
  }

  @Test
  void a_contract_of_json_has_two_fields_and_leaves_identity_to_the_transport() {
    var one = json(json("a", true));
    assertThat(ContractSet.parse(set(file("e.proto", "t.v1").addMessageType(jsonEvent(one)))))
        .satisfies(
            contracts -> {
              assertThat(contracts.findJson("a")).isPresent();
              assertThat(contracts.findJson("b")).isEmpty();
              assertThat(contracts.find("", "t.v1.E")).isEmpty();
            });

    refusedJson(
        jsonEvent(one).addField(text("more", 3, pii(PII_NONE))),
        "has the fields 'google.protobuf.Struct payload' and 'string stated_type', and no other");
    refusedJson(
        event("E", one)
            .addField(decided(message("payload", 1, ".google.protobuf.Value"), pii(PII_NONE)))
            .addField(text("stated_type", 2, pii(PII_NONE))),
        "has the fields 'google.protobuf.Struct payload'");
    refusedJson(
        jsonEvent(one.clone().addEventId("stated_type")), "has no event_id, key or event_time");
    refusedJson(jsonEvent(one.clone().addKey("stated_type")), "has no event_id, key or event_time");
    refusedJson(
        event("E", one)
            .addField(decided(message("payload", 1, ".google.protobuf.Struct"), pii(PII_DROP)))
            .addField(text("stated_type", 2, pii(PII_NONE))),
        "is listed in personal_paths of its source");
    refusedJson(
        jsonEvent(
            json(
                json(
                    "a",
                    false,
                    PersonalPath.newBuilder().setPath("b[].c").setPii(PII_HASH),
                    PersonalPath.newBuilder().setPath("b.c").setPii(PII_DROP)))),
        "path 'b.c' is listed twice");
  }

  private static void refusedJson(DescriptorProto.Builder message, String reason) {
    assertThatThrownBy(
            () -> ContractSet.parse(set(file("e.proto", "t.v1").addMessageType(message))))
        .hasMessageContaining(reason);
  }

  private static DescriptorProto.Builder jsonEvent(Contract.Builder contract) {
    return event("E", contract)
        .addField(decided(message("payload", 1, ".google.protobuf.Struct"), pii(PII_NONE)))
        .addField(text("stated_type", 2, pii(PII_NONE)));
  }

  private static Contract.Builder json(JsonSource.Builder... sources) {
    var contract = Contract.newBuilder().setOwner("o");
    for (JsonSource.Builder source : sources) {
      contract.addJsonSources(source);
    }
    return contract;
  }

  private static JsonSource.Builder json(
      String name, boolean nothingPersonal, PersonalPath.Builder... paths) {
    var source = JsonSource.newBuilder().setSource(name).setNoPersonalData(nothingPersonal);
    for (PersonalPath.Builder path : paths) {
      source.addPersonalPaths(path);
    }
    return source;
  }
}

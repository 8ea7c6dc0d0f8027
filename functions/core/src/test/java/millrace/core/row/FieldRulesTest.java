package millrace.core.row;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.DescriptorProtos.DescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorSet;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import java.util.stream.Stream;
import millrace.core.Contracts;
import millrace.core.contract.ContractSet;
import millrace.core.event.PayloadHash;
import millrace.core.event.Times;
import millrace.core.failed.FailedEvent;
import millrace.core.failed.FailureClass;
import millrace.core.failed.MillraceFailure.SetupFailure;
import millrace.core.row.RowReader.Reading;
import millrace.core.treat.PersonalHash;
import millrace.event.v1.Event;
import millrace.people.v1.Ruled;
import millrace.people.v1.RuledPart;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A payload that violates a rule of its contract is a failed event that says which. */
class FieldRulesTest {
  private static final Ruled GOOD =
      Ruled.newBuilder()
          .setEventId("e-1")
          .setMail("ada@example.org")
          .addParts(RuledPart.newBuilder().setNumber(1))
          .setFrom(1)
          .setTo(2)
          .build();

  private final RowReader reader =
      new RowReader(
          Contracts.TESTING,
          new PayloadHash("a key of sixteen bytes".getBytes(StandardCharsets.UTF_8)),
          new PersonalHash("another key of bytes".getBytes(StandardCharsets.UTF_8)));

  static Stream<Arguments> violations() {
    RuledPart bad = RuledPart.newBuilder().setNumber(-77).build();
    return Stream.of(
        Arguments.of(
            GOOD.toBuilder().setMail("canary-no-mail").build(),
            "the rule string.email of the field 'mail' is violated"),
        Arguments.of(
            GOOD.toBuilder().addParts(bad).build(),
            "the rule int32.gte of the field 'parts[1].number' is violated"),
        Arguments.of(
            GOOD.toBuilder().putByName("canary-key", bad).build(),
            "the rule int32.gte of the field 'by_name.number' is violated"),
        Arguments.of(
            GOOD.toBuilder().setTo(0).build(),
            "the rule ruled.to_after_from of the message is violated"));
  }

  @ParameterizedTest
  @MethodSource("violations")
  void a_violation_names_rule_and_field_and_no_value(Ruled payload, String reason) {
    FailedEvent failed = ((Reading.Refused) read(event(payload))).failed();

    assertThat(failed.failureClass()).isEqualTo(FailureClass.RULE);
    assertThat(failed.reason()).isEqualTo(reason).doesNotContain("canary").doesNotContain("77");
  }

  @Test
  void what_keeps_the_rules_is_a_row_and_stays_one_in_every_replay() {
    var accepted = (Reading.Accepted) read(event(GOOD));

    assertThat(read(accepted.archived()))
        .as("a hashed mail address is none")
        .isInstanceOf(Reading.Accepted.class);
  }

  @Test
  void a_rule_that_cannot_be_read_fails_the_build_and_names_the_message() throws Exception {
    var set = FileDescriptorSet.newBuilder();
    FileDescriptorSet good =
        FileDescriptorSet.parseFrom(Contracts.TESTING.descriptorSet(), ContractSet.extensions());
    for (FileDescriptorProto file : good.getFileList()) {
      var changed = file.toBuilder();
      for (DescriptorProto.Builder message : changed.getMessageTypeBuilderList()) {
        if (message.getName().equals("Ruled")) {
          var rules =
              message
                  .getOptions()
                  .getExtension(build.buf.validate.ValidateProto.message)
                  .toBuilder();
          rules.getCelBuilder(0).setExpression("this.nothing > 1");
          message
              .getOptionsBuilder()
              .setExtension(build.buf.validate.ValidateProto.message, rules.build());
        }
      }
      set.addFile(changed);
    }
    byte[] wrong = set.build().toByteArray();

    assertThatThrownBy(() -> ContractSet.parse(wrong))
        .isInstanceOf(SetupFailure.class)
        .hasMessageContaining("people/v1/person.proto: people.v1.Ruled: a rule cannot be read:");
    // A set that is active already is taken: the first event that needs the rule tells of it.
    assertThat(ContractSet.released(wrong).find("people", "Ruled")).isPresent();
  }

  @Test
  void the_built_in_contracts_can_be_built_and_released() {
    byte[] builtIn = ContractSet.builtIn().descriptorSet();

    assertThat(ContractSet.parse(builtIn).digest()).isEqualTo(ContractSet.builtIn().digest());
  }

  private Reading read(Event event) {
    return reader.read(event, "batch", 0, Map.of());
  }

  private static Event event(Ruled payload) {
    return Event.newBuilder()
        .setSource("people")
        .setType("people.v1.Ruled")
        .setReceivedTime(Times.timestamp(Instant.parse("2026-11-21T10:00:00Z")))
        .setPayload(payload.toByteString())
        .build();
  }
}

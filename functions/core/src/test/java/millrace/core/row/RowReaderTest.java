package millrace.core.row;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.MessageLite;
import com.google.protobuf.Timestamp;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import millrace.core.Contracts;
import millrace.core.event.PayloadHash;
import millrace.core.event.Times;
import millrace.core.failed.FailedEvent;
import millrace.core.failed.FailureClass;
import millrace.core.treat.PersonalHash;
import millrace.event.v1.Event;
import millrace.event.v1.IdOrigin;
import millrace.testing.v1.AllKinds;
import millrace.testing.v1.CanonicalId;
import millrace.testing.v1.Part;
import millrace.testing.v1.PartNext;
import millrace.testing.v1.TransportId;
import millrace.testing.v1.TransportIdNext;
import millrace.testing.v1.TwoFieldId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RowReaderTest {
  private static final Instant RECEIVED = Instant.parse("2026-11-21T10:00:00.123456Z");

  private final RowReader reader =
      new RowReader(
          Contracts.TESTING,
          new PayloadHash("a key of sixteen bytes".getBytes(StandardCharsets.UTF_8)),
          new PersonalHash("another key of bytes".getBytes(StandardCharsets.UTF_8)));

  @Test
  void the_contracts_event_id_wins_over_the_transports() {
    Row row = row(event("AllKinds", AllKinds.newBuilder().setAString("from the payload").build()));

    assertThat(row.get(MetadataColumn.EVENT_ID)).isEqualTo("from the payload");
    assertThat(row.get(MetadataColumn.ID_ORIGIN)).isEqualTo("CONTRACT");
  }

  @Test
  void an_empty_event_id_of_the_contract_does_not_fall_back() {
    FailedEvent failed = failed(event("AllKinds", AllKinds.newBuilder().setAnInt32(1).build()));

    assertThat(failed.failureClass()).isEqualTo(FailureClass.NO_IDENTITY);
    assertThat(failed.reason()).contains("a_string");
    assertThat(failed.eventId()).isEqualTo("message-1");
  }

  @Test
  void an_id_of_several_fields_is_percent_encoded_and_joined() {
    Row row =
        row(event("TwoFieldId", TwoFieldId.newBuilder().setTenant("a|b c").setNumber(7).build()));

    assertThat(row.get(MetadataColumn.EVENT_ID)).isEqualTo("a%7Cb%20c|7");
    assertThat(
            failed(event("TwoFieldId", TwoFieldId.newBuilder().setTenant("a").build()))
                .failureClass())
        .isEqualTo(FailureClass.NO_IDENTITY);
  }

  @Test
  void the_transports_id_is_taken_where_the_contract_has_none() {
    Event event = event("TransportId", TransportId.newBuilder().setText("x").build());

    Row row = row(event);

    assertThat(row.get(MetadataColumn.EVENT_ID)).isEqualTo("message-1");
    assertThat(row.get(MetadataColumn.ID_ORIGIN)).isEqualTo("MESSAGE_ID");
    assertThat(failed(event.toBuilder().clearId().clearIdOrigin().build()).failureClass())
        .isEqualTo(FailureClass.NO_IDENTITY);
  }

  @Test
  void the_payload_identifies_only_where_the_contract_says_so() {
    Row row = row(event("CanonicalId", CanonicalId.newBuilder().setText("x").build()));

    assertThat(row.get(MetadataColumn.EVENT_ID)).isEqualTo(row.get(MetadataColumn.PAYLOAD_HASH));
    assertThat(row.get(MetadataColumn.ID_ORIGIN)).isEqualTo("CANONICAL_PAYLOAD");
  }

  @Test
  void a_short_type_name_is_resolved_by_source() {
    Event event = event("TransportId", TransportId.newBuilder().setText("x").build());

    assertThat(row(event.toBuilder().setType("TransportId").build()).get(MetadataColumn.TYPE))
        .isEqualTo("testing.v1.TransportId");
    assertThat(failed(event.toBuilder().setSource("other").build()).failureClass())
        .isEqualTo(FailureClass.UNKNOWN_TYPE);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "application/x-protobuf",
        "Application/Protobuf; proto=x",
        "application/vnd.google.protobuf"
      })
  void protobuf_has_several_media_types(String contentType) {
    row(
        event("TransportId", TransportId.newBuilder().setText("x").build()).toBuilder()
            .setContentType(contentType)
            .build());
  }

  @Test
  void bad_data_is_named_and_never_thrown() {
    Event good = event("TransportId", TransportId.newBuilder().setText("x").build());

    assertThat(failed(good.toBuilder().setContentType("application/json").build()).failureClass())
        .isEqualTo(FailureClass.CONTENT_TYPE);
    assertThat(failed(good.toBuilder().clearPayload().build()).failureClass())
        .isEqualTo(FailureClass.EMPTY);
    assertThat(failed(good.toBuilder().setType("testing.v2.TransportId").build()).failureClass())
        .isEqualTo(FailureClass.UNKNOWN_TYPE);
    assertThat(
            failed(good.toBuilder().setPayload(ByteString.copyFromUtf8("not protobuf")).build())
                .failureClass())
        .isEqualTo(FailureClass.MALFORMED);
  }

  @Test
  void a_timestamp_that_no_column_holds_is_malformed() {
    AllKinds payload =
        AllKinds.newBuilder()
            .setAString("1")
            .setATimestamp(Timestamp.newBuilder().setSeconds(Long.MAX_VALUE))
            .build();

    assertThat(failed(event("AllKinds", payload)).failureClass()).isEqualTo(FailureClass.MALFORMED);
  }

  @Test
  void a_reason_never_repeats_the_payload() {
    Event event = event("AllKinds", AllKinds.newBuilder().setAString("1").build());
    byte[] secret = "\u000b\u0001 secret@example.com".getBytes(StandardCharsets.UTF_8);

    assertThat(failed(event.toBuilder().setPayload(ByteString.copyFrom(secret)).build()).reason())
        .doesNotContain("secret");
  }

  @Test
  void the_event_time_is_the_contracts_field_else_the_transports() {
    Timestamp inPayload = Timestamp.newBuilder().setSeconds(1_700_000_000L).build();
    Instant ofTransport = Instant.parse("2026-11-20T00:00:00Z");
    AllKinds payload = AllKinds.newBuilder().setAString("1").setATimestamp(inPayload).build();
    Event.Builder event =
        event("AllKinds", payload).toBuilder().setTime(Times.timestamp(ofTransport));

    assertThat(row(event.build()).get(MetadataColumn.OCCURRED_AT))
        .isEqualTo(Times.instant(inPayload));
    event.setPayload(payload.toBuilder().clearATimestamp().build().toByteString());
    assertThat(row(event.build()).get(MetadataColumn.OCCURRED_AT)).isEqualTo(ofTransport);
    assertThat(row(event.clearTime().build()).get(MetadataColumn.OCCURRED_AT)).isNull();
  }

  @Test
  void a_row_has_the_trace_context_of_its_event_and_no_other_text() {
    String traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    Event event = event("TransportId", TransportId.newBuilder().setText("x").build());

    assertThat(row(event).get(MetadataColumn.TRACEPARENT)).isNull();
    assertThat(
            row(event.toBuilder().setTraceparent(traceparent).build())
                .get(MetadataColumn.TRACEPARENT))
        .isEqualTo(traceparent);
    assertThat(
            row(event.toBuilder().setTraceparent("jane@example.com").build())
                .get(MetadataColumn.TRACEPARENT))
        .isNull();
  }

  @Test
  void unknown_fields_are_cut_from_row_and_archive_and_kept_for_quarantine() {
    var payload =
        TransportIdNext.newBuilder()
            .setText("known")
            .setAdded("unknown@example.com")
            .setPart(PartNext.newBuilder().setName("n"))
            .build();
    Event event = event("TransportId", payload);

    var accepted = (RowReader.Reading.Accepted) reader.read(event, "batch", 0, Map.of());

    assertThat(accepted.archived().getPayload())
        .isEqualTo(TransportId.newBuilder().setText("known").build().toByteString());
    assertThat(accepted.quarantined()).isNotNull();
    assertThat(accepted.quarantined().getPayload()).isEqualTo(payload.toByteString());
    assertThat(accepted.row().values()).doesNotContain("unknown@example.com");
    // both keep the hash of what was received, so that a replay is not taken for another payload
    assertThat(accepted.archived().getPayloadHash())
        .isEqualTo(accepted.quarantined().getPayloadHash())
        .isEqualTo(accepted.row().get(MetadataColumn.PAYLOAD_HASH));
  }

  @Test
  void unknown_fields_are_found_at_every_depth() throws Exception {
    // field 100 of a message that knows three
    Part part =
        Part.parseFrom(new byte[] {(byte) 0xa2, 0x06, 0x01, 'x'}).toBuilder().setName("n").build();
    AllKinds payload = AllKinds.newBuilder().setAString("1").build();

    for (AllKinds nested :
        List.of(
            payload.toBuilder().setAPart(part).build(),
            payload.toBuilder().addParts(part).build(),
            payload.toBuilder().putPartsByInt64(1, part).build(),
            payload.toBuilder().setChosenPart(part).build())) {
      var accepted =
          (RowReader.Reading.Accepted) reader.read(event("AllKinds", nested), "batch", 0, Map.of());
      assertThat(accepted.quarantined()).isNotNull();
      var again =
          (RowReader.Reading.Accepted) reader.read(accepted.archived(), "batch", 0, Map.of());
      assertThat(again.quarantined()).isNull();
    }
  }

  @Test
  void a_replayed_event_keeps_its_payload_hash() {
    Event event = event("TransportId", TransportId.newBuilder().setText("x").build());

    assertThat(
            row(event.toBuilder().setPayloadHash("0a0b0c0d:ff").build())
                .get(MetadataColumn.PAYLOAD_HASH))
        .isEqualTo("0a0b0c0d:ff");
  }

  private Row row(Event event) {
    return ((RowReader.Reading.Accepted) reader.read(event, "batch", 3, Map.of())).row();
  }

  private FailedEvent failed(Event event) {
    return ((RowReader.Reading.Refused) reader.read(event, "batch", 3, Map.of())).failed();
  }

  private static Event event(String message, MessageLite payload) {
    return Event.newBuilder()
        .setId("message-1")
        .setIdOrigin(IdOrigin.ID_ORIGIN_MESSAGE_ID)
        .setSource("testing")
        .setType("testing.v1." + message)
        .setReceivedTime(Times.timestamp(RECEIVED))
        .setPayload(payload.toByteString())
        .build();
  }
}

package millrace.writer;

import static millrace.writer.WriterWorld.event;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.luben.zstd.Zstd;
import com.google.protobuf.ByteString;
import com.google.protobuf.Timestamp;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import millrace.core.batch.Batch;
import millrace.core.batch.BatchAttributes;
import millrace.core.batch.BatchBody;
import millrace.core.batch.BatchFrame;
import millrace.core.file.ObjectKeys;
import millrace.core.names.Digests;
import millrace.event.v1.Event;
import millrace.testing.v1.AllKinds;
import millrace.testing.v1.TransportId;
import org.junit.jupiter.api.Test;

/**
 * Bad input of every kind: kept with class, reason and bytes, and harmless to what lies beside it.
 */
class BadInputTest {
  private final WriterWorld world = new WriterWorld();

  private final Event good =
      event("TransportId", "good", TransportId.newBuilder().setText("good").build());

  @Test
  void malformed_protobuf_is_a_failed_event() {
    failsAs("MALFORMED", event("TransportId", "1", ByteString.copyFrom(new byte[] {10, 99, 1})));
  }

  @Test
  void an_empty_payload_is_a_failed_event() {
    failsAs("EMPTY", event("TransportId", "1", ByteString.EMPTY));
  }

  @Test
  void an_unknown_type_is_a_failed_event() {
    failsAs("UNKNOWN_TYPE", event("NeverReleased", "1", ByteString.copyFromUtf8("x")));
  }

  @Test
  void an_event_that_nothing_identifies_is_a_failed_event() {
    failsAs("NO_IDENTITY", event("AllKinds", "1", AllKinds.newBuilder().setAnInt32(1).build()));
  }

  @Test
  void another_content_type_is_a_failed_event() {
    failsAs("CONTENT_TYPE", good.toBuilder().setId("1").setContentType("application/json").build());
  }

  /**
   * The event fails as this class, lies in quarantine as received, and the good one beside it
   * becomes a row.
   */
  private void failsAs(String failureClass, Event bad) {
    assertThat(world.write(world.message(good, bad))).isEmpty();

    assertThat(world.lines("failed/"))
        .singleElement()
        .asString()
        .contains("\"class\":\"" + failureClass + "\"");
    assertThat(world.events("quarantine/")).containsExactly(bad);
    assertThat(world.lines("events/")).hasSize(1);
  }

  @Test
  void times_that_no_calendar_has_do_not_cost_the_event() {
    Timestamp never = Timestamp.newBuilder().setSeconds(Long.MAX_VALUE).setNanos(-1).build();

    world.write(world.message(good.toBuilder().setTime(never).setPublishedTime(never).build()));

    assertThat(world.lines("events/"))
        .singleElement()
        .asString()
        .contains("\"_published_at\":null");
  }

  @Test
  void a_body_that_is_none_is_kept_whole_with_what_its_attributes_say() {
    Batch batch = world.batch(good);
    QueueMessage message = world.message("hello, <world>", BatchAttributes.of(batch.header()));

    assertThat(world.write(message)).isEmpty();

    assertThat(world.lines("failed/"))
        .singleElement()
        .asString()
        .contains("\"class\":\"BAD_BATCH\"", "\"_source\":\"testing\"")
        .contains("\"_batch_id\":\"" + batch.header().getBatchId() + "\"");
    assertThat(world.events("quarantine/"))
        .singleElement()
        .satisfies(
            event -> assertThat(event.getPayload().toStringUtf8()).isEqualTo("hello, <world>"));
    assertThat(world.key("failed/")).contains("/year=2026/month=11/day=21/");
  }

  @Test
  void a_body_without_attributes_takes_its_day_from_the_queue() {
    assertThat(world.write(world.message("hello", Map.of()))).isEmpty();

    assertThat(world.lines("failed/"))
        .singleElement()
        .asString()
        .contains("\"_source\":\"unknown\"");
    assertThat(world.key("failed/")).contains("/year=2026/month=11/day=21/");
  }

  @Test
  void a_body_that_is_not_base64_is_a_bad_batch() {
    badBatch("m1:*", "the body is not base64");
  }

  @Test
  void a_body_of_a_newer_version_is_retried_and_nothing_is_written() {
    QueueMessage message = world.message("m7:AAAA", Map.of());

    assertThat(world.write(message)).containsExactly(message.id());

    assertThat(world.effects).isEmpty();
    assertThat(world.log).anyMatch(line -> line.contains("m7"));
  }

  @Test
  void a_damaged_frame_is_a_bad_batch() {
    byte[] frame = BatchFrame.encode(world.batch(good));
    frame[frame.length / 2] ^= 0x55;
    QueueMessage damaged = world.message(BatchBody.inline(frame), Map.of());
    QueueMessage whole = world.message(good);

    assertThat(world.write(damaged, whole)).isEmpty();

    assertThat(world.lines("failed/")).singleElement().asString().contains("BAD_BATCH");
    assertThat(world.events("quarantine/").getFirst().getPayload().toByteArray()).isEqualTo(frame);
    assertThat(world.lines("events/")).hasSize(1);
  }

  @Test
  void a_frame_that_is_cut_off_is_a_bad_batch() {
    byte[] frame = BatchFrame.encode(world.batch(good, good));

    badBatch(BatchBody.inline(java.util.Arrays.copyOf(frame, frame.length - 9)), "damaged frame");
  }

  @Test
  void a_decompression_bomb_is_a_bad_batch() {
    Event swollen =
        event(
            "TransportId",
            "1",
            TransportId.newBuilder().setText("a".repeat(64 << 20)).build().toByteString());
    byte[] bomb = BatchFrame.encode(world.batch(swollen));
    assertThat(bomb.length).isLessThan(1 << 14);

    badBatch(BatchBody.inline(bomb), "unpacks to more than");
  }

  @Test
  void a_batch_without_a_header_is_a_bad_batch() {
    badBatch(BatchBody.inline(Zstd.compress(new byte[0])), "expected one batch, found 0");
  }

  @Test
  void a_batch_whose_id_carries_no_time_is_a_bad_batch() {
    Batch batch = world.batch(good);
    var header = batch.header().toBuilder().setBatchId("made up\nby hand").build();

    badBatch(
        BatchBody.inline(BatchFrame.encode(new Batch(header, batch.events()))), "not a UUIDv7");
  }

  @Test
  void a_batch_sealed_at_a_time_that_no_calendar_has_is_a_bad_batch() {
    Batch batch = world.batch(good);
    var header =
        batch.header().toBuilder()
            .setSealedTime(Timestamp.newBuilder().setSeconds(Long.MIN_VALUE))
            .build();

    badBatch(BatchBody.inline(BatchFrame.encode(new Batch(header, batch.events()))), "sealed time");
  }

  @Test
  void two_batches_with_one_id_are_both_kept() {
    Batch batch = world.batch(good);
    Event other = good.toBuilder().setId("other").build();
    Batch impostor = new Batch(batch.header(), List.of(other));

    assertThat(world.write(world.message(batch), world.message(impostor))).isEmpty();

    assertThat(world.lines("events/")).hasSize(1);
    assertThat(world.lines("failed/"))
        .singleElement()
        .asString()
        .contains("BAD_BATCH", "the same id");
    assertThat(world.events("quarantine/").getFirst().getPayload().toByteArray())
        .isEqualTo(BatchFrame.encode(impostor));
  }

  @Test
  void a_damaged_copy_of_a_written_batch_is_kept_too() {
    Batch batch =
        world.batch(event("TransportId", "1", ByteString.copyFrom(new byte[] {10, 99, 1})));
    world.write(world.message(batch));

    world.write(world.message("m1:*", BatchAttributes.of(batch.header())));

    assertThat(world.objects.keys().stream().filter(key -> key.startsWith("quarantine/")))
        .hasSize(2);
  }

  @Test
  void a_batch_by_reference_is_fetched() {
    Batch batch = world.batch(good);
    byte[] frame = BatchFrame.encode(batch);
    String key = ObjectKeys.batch(batch.header().getBatchId());
    world.objects.putIfAbsent(key, frame, Map.of());

    assertThat(
            world.write(world.message(BatchBody.reference(key, Digests.sha256(frame)), Map.of())))
        .isEmpty();

    assertThat(world.lines("events/")).hasSize(1);
  }

  @Test
  void a_reference_to_an_object_that_is_missing_or_out_of_reach_is_retried() {
    String sha256 = Digests.sha256("x");
    QueueMessage missing =
        world.message(BatchBody.reference("batches/missing.mrb", sha256), Map.of());
    QueueMessage outOfReach =
        world.message(BatchBody.reference("batches/refused.mrb", sha256), Map.of());
    QueueMessage whole = world.message(good);
    world.store.refuseToRead("batches/refused.mrb"::equals);

    assertThat(world.write(missing, outOfReach, whole))
        .containsExactly(missing.id(), outOfReach.id());

    assertThat(world.lines("events/")).hasSize(1);
  }

  @Test
  void a_reference_to_other_bytes_is_a_bad_batch_that_keeps_those_bytes() {
    byte[] frame = BatchFrame.encode(world.batch(good));
    world.objects.putIfAbsent("batches/b.mrb", frame, Map.of());

    world.write(
        world.message(BatchBody.reference("batches/b.mrb", Digests.sha256("other")), Map.of()));

    assertThat(world.lines("failed/")).singleElement().asString().contains("BAD_BATCH");
    assertThat(world.events("quarantine/").getFirst().getPayload().toByteArray()).isEqualTo(frame);
  }

  @Test
  void values_of_payloads_and_bodies_reach_no_log_no_metric_no_key_and_no_reason() {
    String canary = "Canary Birdsong-4711";
    ByteString personal = ByteString.copyFromUtf8(canary);
    var attributes = new HashMap<>(Map.of("note", canary));
    world.write(
        world.message(
            good.toBuilder()
                .setPayload(TransportId.newBuilder().setText(canary).build().toByteString())
                .build(),
            event("TransportId", "1", personal),
            event("Unknown", "2", personal),
            event("AllKinds", "3", AllKinds.newBuilder().setAnOptionalString(canary).build()),
            good.toBuilder()
                .setId("4")
                .setContentType("text/" + canary)
                .setPayload(personal)
                .build()),
        world.message(canary, attributes),
        world.message("m9:" + canary, attributes),
        world.message(
            "m1:" + Base64.getEncoder().encodeToString(canary.getBytes(StandardCharsets.UTF_8)),
            attributes));
    world.store.refuse(key -> true);
    world.write(world.message(event("TransportId", "5", personal)));

    assertThat(String.join("\n", world.log))
        .isNotEmpty()
        .doesNotContain("Canary")
        .doesNotContain("4711");
    assertThat(String.join("\n", world.metrics))
        .isNotEmpty()
        .doesNotContain("Canary")
        .doesNotContain("4711");
    for (String key : world.objects.keys()) {
      assertThat(key).doesNotContain("Canary");
      assertThat(world.objects.get(key).orElseThrow().metadata().toString())
          .doesNotContain("Canary");
      if (key.startsWith("failed/")) {
        assertThat(world.lines(key)).isNotEmpty().noneMatch(line -> line.contains("Canary"));
      }
    }
  }

  private void badBatch(String body, String reason) {
    QueueMessage whole = world.message(good);

    assertThat(world.write(world.message(body, Map.of()), whole)).isEmpty();

    assertThat(world.lines("failed/"))
        .singleElement()
        .asString()
        .contains("\"class\":\"BAD_BATCH\"")
        .contains(reason);
    assertThat(world.lines("events/")).hasSize(1);
    assertThat(world.events("quarantine/")).hasSize(1);
  }
}

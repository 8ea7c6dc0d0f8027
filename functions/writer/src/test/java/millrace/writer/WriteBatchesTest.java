package millrace.writer;

import static millrace.writer.WriterWorld.event;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import millrace.core.batch.Batch;
import millrace.core.batch.BatchFrame;
import millrace.core.batch.FrameLimits;
import millrace.core.failed.MillraceFailure.EnvironmentFailure;
import millrace.core.failed.MillraceFailure.SetupFailure;
import millrace.core.file.FileFormat;
import millrace.event.v1.Event;
import millrace.testing.v1.AllKinds;
import millrace.testing.v1.CanonicalId;
import millrace.testing.v1.TransportId;
import org.junit.jupiter.api.Test;

/** What becomes of batches: which objects, in which order, and which messages are acknowledged. */
class WriteBatchesTest {
  private final WriterWorld world = new WriterWorld();

  private static Event good(String id) {
    return event("TransportId", id, TransportId.newBuilder().setText("text of " + id).build());
  }

  private static Event malformed(String id) {
    return event("TransportId", id, ByteString.copyFrom(new byte[] {10, 99, 1}));
  }

  @Test
  void bytes_are_stored_before_the_rows_that_point_to_them_and_the_answer_comes_last() {
    QueueMessage message =
        world.message(
            good("1"),
            malformed("2"),
            event("AllKinds", "3", AllKinds.newBuilder().setAString("three").build()));

    List<String> retried = world.write(FileFormat.PARQUET, List.of(message));
    world.effects.add("answer " + retried);

    String day = "year=2026/month=11/day=21/";
    String id = world.key("archive/").replaceAll(".*/|\\.mrb", "");
    assertThat(id).matches("[0-9a-f]{32}");
    assertThat(world.effects)
        .containsExactly(
            "CREATED quarantine/" + day + id + ".mrb",
            "CREATED failed/" + day + id + ".r1.ndjson.gz",
            "CREATED archive/source=testing/" + day + id + ".mrb",
            "CREATED events/format=parquet/source=testing/type=testing.v1.AllKinds/"
                + day
                + id
                + ".r1.parquet",
            "CREATED events/format=parquet/source=testing/type=testing.v1.TransportId/"
                + day
                + id
                + ".r1.parquet",
            "answer []");
  }

  @Test
  void good_events_of_a_batch_become_rows_whatever_lies_beside_them() {
    world.write(world.message(good("1"), malformed("2"), good("3"), malformed("4"), good("5")));

    assertThat(world.lines("events/"))
        .extracting(
            line ->
                line.replaceAll(
                    ".*\"text\":\"(text of .)\".*\"_batch_row\":([0-9]+).*", "$1 in row $2"))
        .containsExactly("text of 1 in row 0", "text of 3 in row 2", "text of 5 in row 4");
    assertThat(world.lines("failed/"))
        .hasSize(2)
        .allMatch(line -> line.contains("\"class\":\"MALFORMED\""));
    assertThat(world.events("archive/")).extracting(Event::getId).containsExactly("1", "3", "5");
  }

  @Test
  void a_failed_row_counts_its_place_over_all_frames_of_the_quarantine() {
    Batch first = world.batch(good("1"), malformed("2"), malformed("3"));
    Batch second = world.batch(malformed("4"), good("5"), malformed("6"));

    world.write(world.message(first), world.message(second));

    List<Event> quarantined = world.events("quarantine/");
    List<String> failed = world.lines("failed/");
    assertThat(failed).hasSize(4);
    for (int row = 0; row < 4; row++) {
      assertThat(failed.get(row))
          .contains("\"_event_id\":\"" + quarantined.get(row).getId() + "\"")
          .contains(
              "\"quarantine_key\":\""
                  + world.key("quarantine/")
                  + "\",\"quarantine_row\":"
                  + row
                  + "}");
    }
    assertThat(world.frames("quarantine/"))
        .extracting(batch -> batch.header().getCount())
        .containsExactly(2, 2);
  }

  @Test
  void objects_that_would_be_empty_are_not_written() {
    world.write(world.message(good("1")));
    assertThat(world.effects)
        .extracting(effect -> effect.replaceAll("/.*", ""))
        .containsExactly("CREATED archive", "CREATED events");
    world.effects.clear();

    world.write(world.message(malformed("2")));

    assertThat(world.effects)
        .extracting(effect -> effect.replaceAll("/.*", ""))
        .containsExactly("CREATED quarantine", "CREATED failed");
  }

  @Test
  void a_group_that_the_store_refuses_is_retried_whole_and_the_other_groups_are_acknowledged() {
    QueueMessage today = world.message(good("1"));
    QueueMessage alsoToday = world.message(good("2"));
    QueueMessage tomorrow =
        world.message(world.batch(WriterWorld.SEALED.plus(Duration.ofDays(1)), good("3")));
    world.store.refuse(key -> key.startsWith("events/") && key.contains("/day=21/"));

    List<String> retried = world.write(today, alsoToday, tomorrow);

    assertThat(retried).containsExactly(today.id(), alsoToday.id());
    assertThat(world.key("events/")).contains("/day=22/");
    assertThat(world.log).anyMatch(line -> line.contains("SlowDown (HTTP 503, request 1)"));
  }

  @Test
  void whichever_object_fails_the_retry_writes_the_same_keys_once() {
    QueueMessage message =
        world.message(
            good("1"),
            malformed("2"),
            event("AllKinds", "3", AllKinds.newBuilder().setAString("x").build()));
    var reference = new WriterWorld();
    reference.write(message);
    List<String> keys = reference.objects.keys();

    for (int failing = 0; failing < keys.size(); failing++) {
      var broken = new WriterWorld();
      String key = keys.get(failing);
      broken.store.refuse(key::equals);
      assertThat(broken.write(message))
          .as("retried when %s fails", key)
          .containsExactly(message.id());
      broken.store.recover();

      assertThat(broken.write(message)).isEmpty();

      assertThat(broken.objects.keys()).isEqualTo(keys);
      assertThat(broken.effects.stream().filter(effect -> effect.startsWith("CREATED")))
          .hasSize(keys.size());
      for (String each : keys) {
        assertThat(broken.objects.get(each).orElseThrow().bytes())
            .isEqualTo(reference.objects.get(each).orElseThrow().bytes());
      }
    }
  }

  @Test
  void an_error_after_the_write_is_harmless_at_every_object() {
    QueueMessage message = world.message(good("1"), malformed("2"));
    world.store.loseAnswerOf(key -> true);
    for (int lost = 0; lost < 4; lost++) {
      assertThat(world.write(message)).containsExactly(message.id());
      // this object's answer arrives from now on, the next one's is lost
      List<String> known = world.objects.keys();
      world.store.loseAnswerOf(key -> !known.contains(key));
    }

    assertThat(world.write(message)).isEmpty();

    assertThat(world.effects.stream().filter(effect -> effect.startsWith("CREATED")))
        .hasSize(4)
        .doesNotHaveDuplicates();
    assertThat(world.lines("events/")).hasSize(1);
  }

  @Test
  void a_message_that_is_delivered_twice_is_written_once_and_acknowledged_twice() {
    Batch batch = world.batch(good("1"), good("2"));

    List<String> retried = world.write(world.message(batch), world.message(batch));

    assertThat(retried).isEmpty();
    assertThat(world.lines("events/")).hasSize(2);
    assertThat(world.events("archive/")).hasSize(2);
  }

  @Test
  void files_do_not_depend_on_the_order_of_messages() {
    List<QueueMessage> messages =
        IntStream.range(0, 6)
            .mapToObj(i -> world.message(good("a" + i), malformed("b" + i)))
            .toList();
    var reversed = new WriterWorld();

    world.write(FileFormat.PARQUET, messages);
    reversed.write(FileFormat.PARQUET, messages.reversed());

    assertThat(reversed.objects.keys()).isEqualTo(world.objects.keys());
    for (String key : world.objects.keys()) {
      assertThat(reversed.objects.get(key).orElseThrow().bytes())
          .isEqualTo(world.objects.get(key).orElseThrow().bytes());
    }
  }

  @Test
  void a_contract_decides_the_format_of_its_files() {
    QueueMessage message =
        world.message(
            good("1"), event("CanonicalId", "", CanonicalId.newBuilder().setText("x").build()));

    world.write(FileFormat.PARQUET, List.of(message));

    assertThat(world.key("events/format=parquet/"))
        .contains("type=testing.v1.TransportId/")
        .endsWith(".r1.parquet");
    assertThat(world.key("events/format=ndjson/"))
        .contains("type=testing.v1.CanonicalId/")
        .endsWith(".r1.ndjson.zst");
  }

  @Test
  void groups_that_would_start_too_late_wait_for_the_next_invocation() {
    QueueMessage message = world.message(good("1"));
    world.remaining = WriteBatches.LAST_START.minusMillis(1);

    assertThat(world.write(message)).containsExactly(message.id());

    assertThat(world.effects).isEmpty();
    world.remaining = WriteBatches.LAST_START;
    assertThat(world.write(message)).isEmpty();
  }

  @Test
  void a_failing_set_up_fails_the_invocation_with_its_sentence() {
    QueueMessage message = world.message(good("1"));
    var noContracts =
        new WriteBatches(
            world.store,
            () -> {
              throw new SetupFailure("contracts/active points to nothing: run the release again");
            },
            world.keys(),
            new RowFormats(FileFormat.PARQUET, FileFormat.NDJSON_ZSTD, java.util.Map.of()),
            new WriterMetrics("test", () -> WriterWorld.SEALED, world.metrics::add),
            world.logger);

    assertThatThrownBy(() -> noContracts.write(List.of(message), () -> world.remaining))
        .isInstanceOf(SetupFailure.class)
        .hasMessage("contracts/active points to nothing: run the release again");
    assertThat(world.effects).isEmpty();
  }

  @Test
  void a_set_up_that_shows_wrong_while_writing_fails_the_invocation_too() {
    world.store.refuse(
        key -> {
          throw new SetupFailure("the bucket is not ours: deploy the data stack");
        });

    assertThatThrownBy(() -> world.write(world.message(good("1"))))
        .isInstanceOf(SetupFailure.class)
        .hasMessage("the bucket is not ours: deploy the data stack");
  }

  @Test
  void a_hash_key_that_is_too_short_is_named_and_not_shown() {
    world.secrets.with(
        WriterWorld.HASH_KEY, "secret".getBytes(java.nio.charset.StandardCharsets.UTF_8));

    assertThatThrownBy(() -> world.write(world.message(good("1"))))
        .isInstanceOf(SetupFailure.class)
        .hasMessageContaining(WriterWorld.HASH_KEY)
        .hasMessageNotContaining("secret is not fit: secret");
  }

  @Test
  void an_outage_while_contracts_are_read_fails_the_invocation() {
    var outage =
        new WriteBatches(
            world.store,
            () -> {
              throw new EnvironmentFailure("S3 did not answer", null);
            },
            world.keys(),
            new RowFormats(FileFormat.PARQUET, FileFormat.NDJSON_ZSTD, java.util.Map.of()),
            new WriterMetrics("test", () -> WriterWorld.SEALED, world.metrics::add),
            world.logger);

    assertThatThrownBy(() -> outage.write(List.of(world.message(good("1"))), () -> world.remaining))
        .isInstanceOf(EnvironmentFailure.class);
  }

  @Test
  void a_defect_in_one_group_leaves_the_others_alone() {
    QueueMessage today = world.message(good("1"));
    QueueMessage tomorrow =
        world.message(world.batch(WriterWorld.SEALED.plus(Duration.ofDays(1)), good("2")));
    world.store.refuse(
        key -> {
          if (key.contains("/day=21/")) {
            throw new IllegalStateException("a defect that quotes personal data");
          }
          return false;
        });

    assertThat(world.write(today, tomorrow)).containsExactly(today.id());

    assertThat(world.log).anyMatch(line -> line.contains("IllegalStateException at "));
    assertThat(world.log).noneMatch(line -> line.contains("personal data"));
  }

  @Test
  void metadata_of_an_object_says_what_it_was_made_of_and_fits_however_many_batches_there_are() {
    var messages = new ArrayList<QueueMessage>();
    for (int i = 0; i < 200; i++) {
      messages.add(world.message(good("e" + i)));
    }

    world.write(FileFormat.PARQUET, messages);

    for (String key : world.objects.keys()) {
      var metadata = world.objects.get(key).orElseThrow().metadata();
      assertThat(metadata)
          .containsEntry("rows", "200")
          .containsEntry("batches", "200")
          .containsEntry("writer-version", Integer.toString(WriteBatches.WRITER_VERSION))
          .containsEntry("contract-set", world.contracts.digest())
          .containsEntry(
              "sha256",
              millrace.core.names.Digests.sha256(world.objects.get(key).orElseThrow().bytes()))
          .containsKeys("batch-first", "batch-last", "batch-ids-sha256");
      assertThat(
              metadata.entrySet().stream()
                  .mapToInt(e -> e.getKey().length() + e.getValue().length())
                  .sum())
          .isLessThan(2048);
    }
  }

  @Test
  void metadata_of_a_few_batches_lists_them_and_the_span_of_their_events() {
    Batch batch =
        world.batch(
            event(
                "AllKinds",
                "1",
                AllKinds.newBuilder()
                    .setAString("x")
                    .setATimestamp(com.google.protobuf.Timestamp.newBuilder().setSeconds(60))
                    .build()),
            event(
                "AllKinds",
                "2",
                AllKinds.newBuilder()
                    .setAString("y")
                    .setATimestamp(com.google.protobuf.Timestamp.newBuilder().setSeconds(30))
                    .build()));

    world.write(world.message(batch));

    assertThat(world.objects.get(world.key("events/")).orElseThrow().metadata())
        .containsEntry("batch-ids", batch.header().getBatchId())
        .containsEntry("occurred-first", "1970-01-01T00:00:30.000000Z")
        .containsEntry("occurred-last", "1970-01-01T00:01:00.000000Z");
  }

  @Test
  void alarms_know_every_metric_by_its_name() {
    world.write(world.message(good("1"), malformed("2")));

    var emitted = new java.util.TreeSet<String>();
    var name = java.util.regex.Pattern.compile("\\{\"Name\":\"(\\w+)\"");
    world.metrics.forEach(
        line -> name.matcher(line).results().forEach(found -> emitted.add(found.group(1))));
    assertThat(emitted).containsExactlyInAnyOrderElementsOf(millrace.core.names.Metrics.OF_WRITE);
  }

  @Test
  void metrics_count_in_the_words_of_the_flow() {
    world.write(world.message(good("1"), malformed("2"), good("3")));

    assertThat(world.metrics).hasSize(3);
    assertThat(world.metrics.getFirst())
        .contains("\"Namespace\":\"Millrace\"", "\"Environment\":\"test\"", "\"Step\":\"write\"")
        .contains("\"Events\":3", "\"Rows\":2", "\"FailedEvents\":1", "\"Files\":4", "\"Bytes\":");
    assertThat(world.metrics.get(1))
        .contains("\"FailureClass\":\"MALFORMED\"", "\"FailedEvents\":1");
    assertThat(world.metrics.get(2)).contains("\"Batches\":1", "\"RetriedBatches\":0");
  }

  @Test
  void failed_events_are_told_of_once_per_class_with_batch_place_and_trace() {
    String trace = "0af7651916cd43dd8448eb211c80319c";
    Event bad = WriterWorld.event("Unknown", "1", ByteString.copyFromUtf8("x"));
    Event traced = bad.toBuilder().setTraceparent("00-" + trace + "-b7ad6b7169203331-01").build();

    world.write(world.message(traced, bad, bad));

    assertThat(world.log)
        .singleElement()
        .asString()
        .contains("\"step\":\"write\"", "\"message\":\"events failed\"")
        .contains("\"source\":\"testing\"", "\"class\":\"UNKNOWN_TYPE\"", "\"events\":3")
        .contains("\"batch\":\"", "\"batch_row\":0", "\"trace_id\":\"" + trace + "\"");
  }

  @Test
  void the_archive_keeps_the_trace_context_of_an_event() throws Exception {
    String traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

    world.write(
        world.message(
            WriterWorld.event("TransportId", "1", TransportId.newBuilder().setText("x").build())
                .toBuilder()
                .setTraceparent(traceparent)
                .build()));

    byte[] archived = world.store.get(world.key("archive/")).orElseThrow().bytes();
    assertThat(BatchFrame.decodeAll(archived, FrameLimits.QUEUE).getFirst().events())
        .extracting(Event::getTraceparent)
        .containsExactly(traceparent);
  }
}

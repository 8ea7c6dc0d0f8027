package millrace.local.backfill;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import millrace.core.Contracts;
import millrace.core.batch.BatchQueue;
import millrace.core.batch.BatchQueue.Outcome;
import millrace.core.batch.InMemoryBatchQueue;
import millrace.core.batch.PackerLimits;
import millrace.core.failed.FailureClass;
import millrace.core.failed.MillraceFailure.EnvironmentFailure;
import millrace.core.failed.MillraceFailure.SetupFailure;
import millrace.core.file.InMemoryObjectStore;
import millrace.core.retry.Backoff;
import millrace.core.row.MetadataColumn;
import millrace.core.row.Row;
import millrace.local.backfill.Backfill.Result;
import millrace.local.backfill.Backfill.Settings;
import millrace.local.backfill.BackfillRequest.Versions;
import millrace.local.backfill.Mortal.Killed;
import millrace.local.backfill.Mortal.Moment;
import millrace.local.backfill.SourceTable.PageLimits;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class BackfillTest {
  private static final Instant NOW = Instant.parse("2026-11-22T12:00:00Z");
  private static final Map<String, String> PLACE = Map.of("database", "memory", "bucket", "b");

  private final InMemoryBatchQueue queue = new InMemoryBatchQueue();
  private final InMemoryObjectStore store = new InMemoryObjectStore();
  private final InMemoryTable table =
      new InMemoryTable(
          List.of(
              InMemoryTable.column("id", ColumnKind.INTEGER, "bigint"),
              InMemoryTable.column("an_int32", ColumnKind.INTEGER, "bigint"),
              InMemoryTable.column("changed_at", ColumnKind.TIMESTAMP, "timestamp")),
          List.of("id"));

  @TempDir Path folder;

  @Test
  void every_row_is_an_event_with_the_identity_of_its_contract() throws Exception {
    fill(1_000);

    Result result = run(request(false), false, queue, ledger());

    Received received = received();
    assertThat(received.deduplicated()).hasSize(1_000).containsKey("1000");
    assertThat(received.rows()).hasSize(1_000);
    assertThat(received.rows().getFirst().get(MetadataColumn.ID_ORIGIN)).isEqualTo("CONTRACT");
    assertThat(received.failed()).isEmpty();
    assertThat(result.state().rows()).isEqualTo(1_000);
    assertThat(result.state().isFinished()).isTrue();
  }

  @ParameterizedTest
  @EnumSource(Moment.class)
  void a_run_that_is_killed_at_any_moment_and_resumed_leaves_one_row_of_each(Moment moment)
      throws Exception {
    fill(700);
    var random = new Random(42);
    int kills = 0;
    boolean resume = false;
    for (int life = 0; life < 60; life++) {
      var mortal = new Mortal(moment, random.nextInt(6));
      try (Ledger ledger = ledger()) {
        Result result = run(request(false), resume, mortal.queue(queue), mortal.ledger(ledger));
        assertThat(result.state().isFinished()).isTrue();
        break;
      } catch (Killed killed) {
        kills++;
        try (Ledger ledger = ledger()) {
          resume = ledger.read().isPresent();
        }
      }
    }

    Received received = received();
    assertThat(kills).isGreaterThan(3);
    assertThat(received.deduplicated()).hasSize(700);
    assertThat(received.conflicts()).isEmpty();
  }

  @Test
  void what_the_state_says_was_accepted_before() throws Exception {
    fill(300);
    var mortal = new Mortal(Moment.AFTER_THE_STATE_IS_WRITTEN, 9);
    try (Ledger ledger = ledger()) {
      assertThatThrownBy(
              () -> run(request(false), false, mortal.queue(queue), mortal.ledger(ledger)))
          .isInstanceOf(Killed.class);
    }

    try (Ledger ledger = ledger()) {
      long recorded = ledger.read().orElseThrow().rows();
      assertThat(recorded).isPositive();
      assertThat((long) received().rows().size()).isGreaterThanOrEqualTo(recorded);
    }
  }

  @Test
  void a_repeated_batch_has_another_id_since_its_rows_may_have_changed_meanwhile()
      throws Exception {
    fill(100);
    var mortal = new Mortal(Moment.AFTER_THE_QUEUE_ACCEPTED, 0);
    try (Ledger ledger = ledger()) {
      assertThatThrownBy(
              () -> run(request(false), false, mortal.queue(queue), mortal.ledger(ledger)))
          .isInstanceOf(Killed.class);
    }
    run(request(false), true, queue, ledger());

    Received received = received();
    assertThat(received.rows().size()).isGreaterThan(100);
    assertThat(received.batchIds()).hasSize(queue.messages().size());
  }

  @Test
  void what_changes_while_the_table_is_read_is_sent_as_a_version_of_its_own() throws Exception {
    fill(200);
    BatchQueue changing =
        messages -> {
          synchronized (queue) {
            if (queue.messages().size() == 3) {
              put(7, 70, NOW.minusSeconds(5));
              put(8, 80, NOW.minusSeconds(4));
            }
            return queue.send(messages);
          }
        };

    Result result = run(request(true), false, changing, ledger());

    Map<String, Row> rows = received().deduplicated();
    assertThat(rows).containsKeys("7@2026-11-22T11:59:55.000000Z", "8@2026-11-22T11:59:56.000000Z");
    assertThat(Received.value(rows.get("7@2026-11-22T11:59:55.000000Z"), "an_int32")).isEqualTo(70);
    assertThat(newest(rows)).isEqualTo(source());
    assertThat(received().conflicts()).isEmpty();
    assertThat(result.state().watermark().reached()).isEqualTo(NOW.minusSeconds(4));
    assertThat(result.state().watermark().isCaughtUp()).isTrue();
  }

  @Test
  void a_row_from_the_future_does_not_hide_what_changes_today() throws Exception {
    fill(50);
    put(1, 1, NOW.plus(Duration.ofDays(400)));
    BatchQueue changing =
        messages -> {
          synchronized (queue) {
            if (queue.messages().size() == 1) {
              put(9, 90, NOW.minusSeconds(1));
            }
            return queue.send(messages);
          }
        };

    Result result = run(request(true), false, changing, ledger());

    assertThat(newest(received().deduplicated())).isEqualTo(source());
    assertThat(result.state().watermark().reached()).isEqualTo(NOW.minusSeconds(1));
  }

  @Test
  void a_resumed_run_that_was_finished_sends_what_changed_since() throws Exception {
    fill(100);
    run(request(true), false, queue, ledger());
    int before = received().rows().size();
    put(5, 55, NOW.minusSeconds(2));

    Result result = run(request(true), true, queue, ledger());

    assertThat(newest(received().deduplicated())).isEqualTo(source());
    assertThat(received().rows().size() - before).isLessThan(30);
    assertThat(result.state().watermark().reached()).isEqualTo(NOW.minusSeconds(2));
  }

  @Test
  void a_row_that_its_contract_cannot_hold_is_a_failed_event_and_named() throws Exception {
    fill(10);
    table.put(4, Map.of("an_int32", 5_000_000_000L, "changed_at", NOW.minusSeconds(900)));

    Result result = run(request(false), false, queue, ledger());

    assertThat(received().deduplicated()).hasSize(9);
    assertThat(received().failed()).hasSize(1);
    assertThat(received().failed().getFirst().failureClass()).isEqualTo(FailureClass.MALFORMED);
    assertThat(received().failed().getFirst().eventId()).isEqualTo("4");
    assertThat(received().failed().getFirst().event().getPayload().toStringUtf8())
        .contains("\"an_int32\":5000000000");
    assertThat(result.mismatches())
        .containsExactly("public.cards.an_int32 of the key 4 is outside of int32");
    assertThat(result.state().unreadable()).isEqualTo(1);
  }

  @Test
  void a_batch_that_the_queue_does_not_take_at_once_is_sent_again() throws Exception {
    fill(40);
    queue.answerNext(new Outcome.Retry("throttled"));
    queue.answerNext(new Outcome.Refused("too long"));

    run(request(false), false, queue, ledger());

    assertThat(received().deduplicated()).hasSize(40);
  }

  @Test
  void an_outage_ends_the_run_with_what_to_do_and_nothing_is_recorded_as_sent() throws Exception {
    fill(40);
    BatchQueue down = messages -> List.of(new Outcome.Retry("service unavailable"));

    try (Ledger ledger = ledger()) {
      assertThatThrownBy(() -> run(request(false), false, down, ledger))
          .isInstanceOf(EnvironmentFailure.class)
          .hasMessageContaining("service unavailable")
          .hasMessageContaining("--resume");
      assertThat(ledger.read().orElseThrow().rows()).isZero();
    }
    run(request(false), true, queue, ledger());
    assertThat(received().deduplicated()).hasSize(40);
  }

  @Test
  void an_unfinished_run_is_not_begun_again_without_a_word() throws Exception {
    fill(40);
    BatchQueue down = messages -> List.of(new Outcome.Retry("down"));
    try (Ledger ledger = ledger()) {
      assertThatThrownBy(() -> run(request(false), false, down, ledger))
          .isInstanceOf(EnvironmentFailure.class);
    }

    assertThatThrownBy(() -> run(request(false), false, queue, ledger()))
        .isInstanceOf(SetupFailure.class)
        .hasMessageContaining("public.cards was begun and not finished")
        .hasMessageContaining("state.json");
  }

  @Test
  void the_state_of_another_backfill_is_refused_with_each_difference() throws Exception {
    fill(40);
    run(request(true), false, queue, ledger());

    assertThatThrownBy(() -> run(request(false), true, queue, ledger()))
        .isInstanceOf(SetupFailure.class)
        .hasMessageContaining("versioned was true and is false")
        .hasMessageContaining("watermark was changed_at and is none");
    Files.delete(folder.resolve("state.json"));
    assertThatThrownBy(() -> run(request(true), true, queue, ledger()))
        .isInstanceOf(SetupFailure.class)
        .hasMessageContaining("nothing to resume");
  }

  @Test
  void one_process_has_the_state_at_a_time() {
    try (Ledger first = ledger()) {
      assertThat(first.read()).isEmpty();
      assertThatThrownBy(this::ledger)
          .isInstanceOf(SetupFailure.class)
          .hasMessageContaining("another process");
    }
  }

  @Test
  void a_preview_sends_nothing_and_names_what_does_not_fit() throws Exception {
    fill(10);
    table.put(4, Map.of("an_int32", 5_000_000_000L));

    try (Ledger ledger = ledger()) {
      Backfill.Preview preview = backfill(request(false), queue, ledger).preview();
      assertThat(preview.rows()).isEqualTo(10);
      assertThat(preview.mismatches()).hasSize(1);
      assertThat(ledger.read()).isEmpty();
    }
    assertThat(queue.messages()).isEmpty();
  }

  private void fill(int rows) {
    for (long id = 1; id <= rows; id++) {
      put(id, id, NOW.minusSeconds(10_000 - id));
    }
  }

  private void put(long id, long number, Instant changedAt) {
    table.put(id, Map.of("an_int32", number, "changed_at", changedAt));
  }

  private Map<Long, Object> source() {
    Map<Long, Object> source = new TreeMap<>();
    table.rows().forEach((id, row) -> source.put(id, ((Long) row.get("an_int32")).intValue()));
    return source;
  }

  /** The version of each row that was changed last, as a model of the table would keep it. */
  private static Map<Long, Object> newest(Map<String, Row> rows) {
    Map<Long, String> versions = new TreeMap<>();
    Map<Long, Object> newest = new TreeMap<>();
    rows.forEach(
        (eventId, row) -> {
          String[] parts = eventId.split("@", 2);
          long id = Long.parseLong(parts[0]);
          if (parts[1].compareTo(versions.getOrDefault(id, "")) > 0) {
            versions.put(id, parts[1]);
            newest.put(id, Received.value(row, "an_int32"));
          }
        });
    return newest;
  }

  private Received received() {
    return Received.of(queue.messages(), store, Contracts.TESTING);
  }

  private Ledger ledger() {
    return StateFile.open(folder.resolve("state.json"));
  }

  private static BackfillRequest request(boolean watermark) {
    return new BackfillRequest(
        "cards",
        "testing.v1.AllKinds",
        null,
        List.of("id=a_string", "changed_at=a_timestamp"),
        null,
        watermark ? "changed_at" : null,
        watermark ? Versions.BY_WATERMARK : Versions.NOT_SAID,
        Duration.ofSeconds(10));
  }

  private Result run(BackfillRequest request, boolean resume, BatchQueue into, Ledger ledger)
      throws InterruptedException {
    try (ledger) {
      return backfill(request, into, ledger).run(PLACE, resume);
    }
  }

  private Backfill backfill(BackfillRequest request, BatchQueue into, Ledger ledger) {
    BatchQueue oneAtATime =
        messages -> {
          synchronized (queue) {
            return into.send(messages);
          }
        };
    RowMapping mapping = RowMapping.of(request, table, Contracts.TESTING);
    return new Backfill(
        mapping,
        request.lookBack(),
        table.table(mapping.selection()),
        new BatchSender(
            store,
            oneAtATime,
            new Backoff(Duration.ofMillis(1), Duration.ofMillis(2), new Random(1)),
            pause -> {}),
        ledger,
        new Settings(
            3,
            new PageLimits(17, 1 << 20),
            new PackerLimits(1 << 20, 25, Duration.ofSeconds(30), 1 << 22, 100),
            5),
        new Throttle(0, () -> 0, pause -> {}),
        ProgressBar.silent(),
        () -> NOW);
  }
}

package millrace.local.trace;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import millrace.core.batch.Batch;
import millrace.core.batch.BatchFrame;
import millrace.core.batch.BatchIds;
import millrace.core.contract.ContractSet;
import millrace.core.event.Times;
import millrace.core.file.InMemoryObjectStore;
import millrace.event.v1.BatchHeader;
import millrace.event.v1.Event;
import millrace.local.trace.EventTrace.Place;
import millrace.local.warehouse.FakeWarehouse;
import millrace.local.warehouse.WarehouseClient;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a trace tells of an event, by what each store says of it. */
class EventTraceTest {
  private static final Instant SEALED = Instant.parse("2026-11-21T10:00:05Z");
  private static final String BATCH = BatchIds.create(SEALED, new Random(1));
  private static final String ARCHIVED = "archive/source=orders/year=2026/month=11/day=21/abc.mrb";
  private static final String RAW = "MILLRACE_DEV.RAW.orders_v1__order_created";
  private static final String MODEL =
      "MILLRACE_DEV.INTERMEDIATE.int_orders__order_created_deduplicated";
  private static final List<String> RAW_COLUMNS =
      List.of(
          "_SOURCE",
          "_TYPE",
          "_ID_ORIGIN",
          "_PUBLISHED_AT",
          "_RECEIVED_AT",
          "_BATCH_ID",
          "_BATCH_ROW",
          "_PAYLOAD_HASH",
          "_UNKNOWN_FIELDS",
          "_TRACEPARENT",
          "_FILE",
          "_FILE_ROW",
          "_LOADED_AT");
  private static final String TRACEPARENT =
      "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
  private static final List<String> MODEL_COLUMNS =
      List.of("EVENT_DAY", "RECEIVED_AT", "BATCH_ID", "BATCH_ROW", "FILE_NAME");

  private final InMemoryObjectStore store = new InMemoryObjectStore();
  private final FakeWarehouse warehouse = new FakeWarehouse();
  private final WarehouseClient client = warehouse.client();

  @AfterEach
  void stop() {
    client.close();
    warehouse.close();
  }

  private List<Place> trace(String eventId) {
    // What a test has not told of holds nothing.
    warehouse.answer("from MILLRACE_DEV.RAW.", RAW_COLUMNS, List.of());
    warehouse.answer("from MILLRACE_DEV.INTERMEDIATE.", MODEL_COLUMNS, List.of());
    warehouse.answer("from dim_card", List.of("CARD_ID"), List.of());
    warehouse.answer("from fct_", List.of("KEY"), List.of());
    return new EventTrace(
            client, "MILLRACE_DEV", ContractSet.builtIn().contracts(), new StoredFrames(store))
        .of(eventId);
  }

  private static List<String> rawRow(String batch, String row, String unknown) {
    return Arrays.asList(
        "orders",
        "orders.v1.OrderCreated",
        "CONTRACT",
        null,
        "2026-11-21 10:00:01",
        batch,
        row,
        "k1:abc",
        unknown,
        TRACEPARENT,
        "events/x.r9.parquet",
        "4",
        "2026-11-21 10:00:30");
  }

  private void archive(String key, String batchId) {
    store.putIfAbsent(
        key,
        BatchFrame.encode(
            new Batch(
                BatchHeader.newBuilder()
                    .setBatchId(batchId)
                    .setSource("orders")
                    .setSealedTime(Times.timestamp(SEALED))
                    .setCount(1)
                    .build(),
                List.of(
                    Event.newBuilder()
                        .setId("e1")
                        .setSource("orders")
                        .setPayloadHash("k1:abc")
                        .setTraceparent("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")
                        .build()))),
        Map.of());
  }

  @Test
  void anEventIsFollowedFromTheBrokerToTheMartsInTheOrderOfTheFlow() {
    archive(ARCHIVED, BATCH);
    warehouse.answer(
        "from " + RAW + " where _event_id = 'e1'", RAW_COLUMNS, List.of(rawRow(BATCH, "7", null)));
    warehouse.answer(
        "from " + MODEL,
        MODEL_COLUMNS,
        List.of(List.of("2026-11-21", "2026-11-21 10:00:01", BATCH, "7", "events/x.r9.parquet")));
    warehouse.answer(
        "from fct_orders", List.of("ORDER_LINE_ID"), List.of(List.of("o|1"), List.of("o|2")));

    List<Place> places = trace("e1");

    assertThat(places)
        .extracting(Place::step)
        .containsExactly("receive", "batch", "write", "load", "model", "mart");
    assertThat(places.get(0).facts())
        .containsEntry("source", "orders")
        .containsEntry("received", "2026-11-21 10:00:01")
        .doesNotContainKey("published");
    assertThat(places.get(1).facts())
        .containsEntry("batch", BATCH)
        .containsEntry("row", "7")
        .containsEntry("sealed", "2026-11-21 10:00:05.000000")
        .containsEntry("archive", ARCHIVED)
        .containsEntry("trace", "0af7651916cd43dd8448eb211c80319c");
    assertThat(places.get(2).facts())
        .containsEntry("file", "events/x.r9.parquet")
        .containsEntry("row in file", "4")
        .doesNotContainKey("unknown fields");
    assertThat(places.get(3).facts()).containsEntry("table", RAW);
    assertThat(places.get(4).facts())
        .containsEntry("kept row of batch", BATCH)
        .containsEntry("rows loaded", "1");
    assertThat(places.get(5).facts())
        .containsEntry("mart", "fct_orders")
        .containsEntry("rows", "o|1, o|2");
  }

  @Test
  void aRepeatIsShownWithEachOfItsWaysAndTheRowThatWasKept() {
    String second = BatchIds.create(SEALED.plusSeconds(60), new Random(2));
    archive(ARCHIVED, BATCH);
    warehouse.answer(
        "from " + RAW + " where",
        RAW_COLUMNS,
        List.of(rawRow(BATCH, "0", null), rawRow(second, "1", "quarantine/q.mrb#3")));
    warehouse.answer(
        "from " + MODEL,
        MODEL_COLUMNS,
        List.of(List.of("2026-11-21", "2026-11-21 10:00:01", BATCH, "0", "f")));

    List<Place> places = trace("e1");

    assertThat(places)
        .extracting(Place::step)
        .containsExactly(
            "receive", "batch", "write", "load", "receive", "batch", "write", "load", "model");
    assertThat(places.get(5).facts()).containsEntry("archive", "not in the archive");
    assertThat(places.get(6).facts())
        .containsEntry("unknown fields", "quarantine/q.mrb#3")
        .containsEntry("trace context", TRACEPARENT);
    assertThat(places.getLast().facts()).containsEntry("rows loaded", "2");
  }

  @Test
  void beforeTheFirstBuildTheModelsAreNamedAsWhatIsMissing() {
    warehouse.answer("from " + RAW + " where", RAW_COLUMNS, List.of(rawRow(BATCH, "0", null)));
    warehouse.refuse("from MILLRACE_DEV.INTERMEDIATE.", "Object does not exist");
    warehouse.refuse("from fct_", "Object does not exist");
    warehouse.refuse("from dim_card", "Object does not exist");

    assertThat(trace("e1").getLast())
        .isEqualTo(
            new Place(
                "model", Map.of("state", "the models were not built yet: ./millrace dbt build")));
  }

  @Test
  void aRowThatNoModelHasReadYetSaysSo() {
    warehouse.answer("from " + RAW + " where", RAW_COLUMNS, List.of(rawRow(BATCH, "0", null)));

    assertThat(trace("e1").getLast().facts())
        .containsEntry("state", "not in the models yet: ./millrace dbt build");
  }

  @Test
  void aFailedEventIsFollowedToItsBytesInQuarantine() {
    warehouse.answer(
        "from MILLRACE_DEV.RAW.FAILED_EVENTS",
        List.of(
            "_SOURCE",
            "_TYPE",
            "_ID_ORIGIN",
            "_BATCH_ID",
            "_BATCH_ROW",
            "_RECEIVED_AT",
            "CLASS",
            "REASON",
            "QUARANTINE_KEY",
            "QUARANTINE_ROW",
            "_FILE",
            "_FILE_ROW",
            "_LOADED_AT"),
        List.of(
            Arrays.asList(
                "orders",
                null,
                "MESSAGE_ID",
                BATCH,
                "2",
                "2026-11-21 10:00:01",
                "MALFORMED",
                "truncated",
                "quarantine/q.mrb",
                "5",
                "failed/f.r1.ndjson.gz",
                "1",
                "2026-11-21 10:00:30")));

    List<Place> places = trace("e1");

    assertThat(places).extracting(Place::step).containsExactly("receive", "batch", "write", "load");
    assertThat(places.get(2).facts())
        .containsEntry("failed", "MALFORMED")
        .containsEntry("because", "truncated")
        .containsEntry("bytes in", "quarantine/q.mrb")
        .containsEntry("at row", "5");
    assertThat(places.get(0).facts()).doesNotContainKey("type");
  }

  @Test
  void anEventThatNobodyKnowsIsNowhereAndNoMartIsAsked() {
    assertThat(trace("nobody")).isEmpty();
    assertThat(warehouse.statements()).noneMatch(statement -> statement.contains("from fct_"));
  }

  @Test
  void anIdIsAValueAndNeverPartOfAStatement() {
    trace("x' or '1'='1");

    assertThat(warehouse.statements())
        .isNotEmpty()
        .allSatisfy(statement -> assertThat(statement).contains("_event_id = 'x'' or ''1''=''1'"));
  }
}

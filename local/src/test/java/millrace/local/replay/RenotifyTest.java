package millrace.local.replay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import millrace.core.failed.MillraceFailure.EnvironmentFailure;
import millrace.core.file.InMemoryObjectStore;
import millrace.core.file.ObjectStore.Listed;
import millrace.local.warehouse.FakeWarehouse;
import millrace.local.warehouse.WarehouseClient;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RenotifyTest {
  private static final String ORDERS =
      "events/format=parquet/source=orders/type=orders.v1.OrderCreated/year=2026/month=11/day=21/";
  private static final String CARDS =
      "events/format=parquet/source=cards/type=cards.v1.CardCatalogCreated/year=2026/month=11/day=21/";
  private static final String FAILED = "failed/year=2026/month=11/day=21/";
  private static final String HISTORY = "MILLRACE_DEV.AUDIT.LOAD_HISTORY";

  private final InMemoryObjectStore store = new InMemoryObjectStore();
  private final FakeWarehouse warehouse = new FakeWarehouse();
  private final WarehouseClient client = warehouse.client();
  private final List<String> announced = new ArrayList<>();
  private final Renotify renotify =
      new Renotify(
          store,
          () -> Renotify.loaded(client, "MILLRACE_DEV"),
          file -> announced.add(file.key()),
          sentence -> {});

  @BeforeEach
  void fill() {
    for (String key :
        List.of(
            ORDERS + "a.r1.parquet",
            ORDERS + "b.r2.parquet",
            CARDS + "c.r3.parquet",
            FAILED + "d.r4.ndjson.gz",
            "archive/source=orders/year=2026/month=11/day=21/e.mrb",
            "quarantine/year=2026/month=11/day=21/f.mrb")) {
      store.putIfAbsent(key, new byte[] {1}, Map.of());
    }
  }

  @AfterEach
  void stop() {
    client.close();
    warehouse.close();
  }

  private void loaded(String... files) {
    warehouse.answer(
        HISTORY, List.of("FILE"), List.of(files).stream().sorted().map(List::of).toList());
  }

  @Test
  void onlyFilesThatTheLoadHistoryDoesNotHaveAreAnnounced() {
    loaded(ORDERS + "a.r1.parquet", FAILED + "d.r4.ndjson.gz");

    Renotify.Sent sent = renotify.send("", false, false);

    assertThat(announced).containsExactly(CARDS + "c.r3.parquet", ORDERS + "b.r2.parquet");
    assertThat(sent).isEqualTo(new Renotify.Sent(announced, 2));
  }

  @Test
  void askedForAllItAnnouncesAlsoWhatIsLoaded() {
    loaded(ORDERS + "a.r1.parquet");

    Renotify.Sent sent = renotify.send("", true, false);

    assertThat(announced)
        .containsExactly(
            CARDS + "c.r3.parquet",
            ORDERS + "a.r1.parquet",
            ORDERS + "b.r2.parquet",
            FAILED + "d.r4.ndjson.gz");
    assertThat(sent.known()).isEqualTo(1);
  }

  @Test
  void aDryRunSaysWhatItWouldAnnounceAndAnnouncesNothing() {
    loaded();

    assertThat(renotify.send("", false, true).files()).hasSize(4);
    assertThat(announced).isEmpty();
  }

  @Test
  void aPrefixNarrowsWhatIsLookedAtAndNoneLeadsToObjectsThatNoPipeTakes() {
    loaded();

    assertThat(renotify.send(CARDS, false, false).files()).containsExactly(CARDS + "c.r3.parquet");
    assertThat(renotify.send("fail", false, false).files())
        .containsExactly(FAILED + "d.r4.ndjson.gz");
    assertThat(renotify.send("archive/", false, false).files()).isEmpty();
    assertThat(renotify.send("quarantine/", true, false).files()).isEmpty();
  }

  @Test
  void aLongHistoryIsReadPageByPage() {
    List<String> page =
        IntStream.range(0, 10_000)
            .mapToObj(i -> String.format(Locale.ROOT, "events/%05d", i))
            .toList();
    warehouse.answer(
        "file > 'events/09999'",
        List.of("FILE"),
        List.of(List.of(ORDERS + "a.r1.parquet"), List.of(ORDERS + "b.r2.parquet")));
    warehouse.answer("file > ''", List.of("FILE"), page.stream().map(List::of).toList());

    renotify.send("", false, false);

    assertThat(warehouse.statements()).hasSize(2);
    assertThat(announced).containsExactly(CARDS + "c.r3.parquet", FAILED + "d.r4.ndjson.gz");
  }

  @Test
  void aTopicThatDoesNotAnswerEndsItWithWhatItSaid() {
    loaded();
    var broken =
        new Renotify(
            store,
            () -> Renotify.loaded(client, "MILLRACE_DEV"),
            file -> {
              throw new EnvironmentFailure("the topic took no notice: throttled", null);
            },
            sentence -> {});

    assertThatThrownBy(() -> broken.send("", false, false))
        .isInstanceOf(EnvironmentFailure.class)
        .hasMessageContaining("throttled");
  }

  @Test
  void aNoticeIsWhatS3Writes() throws Exception {
    JsonNode notice =
        new ObjectMapper()
            .readTree(
                FileNotices.of(
                    "bucket",
                    "eu-west-1",
                    new Listed(ORDERS + "a.r1.parquet", 77, Instant.EPOCH),
                    Instant.parse("2026-11-21T10:00:00Z")));

    JsonNode record = notice.path("Records").path(0);
    assertThat(notice.path("Records")).hasSize(1);
    assertThat(record.path("eventName").asText()).isEqualTo("ObjectCreated:Put");
    assertThat(record.path("eventTime").asText()).isEqualTo("2026-11-21T10:00:00.000000Z");
    assertThat(record.path("s3").path("bucket").path("name").asText()).isEqualTo("bucket");
    JsonNode object = record.path("s3").path("object");
    assertThat(object.path("size").asLong()).isEqualTo(77);
    assertThat(object.path("key").asText()).doesNotContain("=");
    assertThat(URLDecoder.decode(object.path("key").asText(), StandardCharsets.UTF_8))
        .isEqualTo(ORDERS + "a.r1.parquet");
  }
}

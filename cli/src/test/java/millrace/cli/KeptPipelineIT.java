package millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import millrace.local.aws.EmulatorClients;
import millrace.local.publish.EventPublisher;
import millrace.local.publish.OutgoingEvent;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.lambda.LambdaClient;

/**
 * A pipeline that is kept running, used as its users do: by the commands, and by a publisher in
 * another language.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class KeptPipelineIT {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String ORDERS = "raw.orders_v1__order_created";
  private static final String PARCELS = "raw.json_v1__json_event";

  /** How the README adds an event type: a test of its own edits the file between these. */
  private static final String NEW_TYPE = "./millrace contract new orders.v1.OrderShipped";

  private static final List<String> AFTER_THE_EDIT =
      List.of(
          "./millrace contract migrate",
          "./millrace contract derive",
          "./millrace contract check",
          "./millrace contract release --record");

  /** These end what the others need. */
  private static final List<String> AT_THE_END = List.of("./millrace down", "./millrace reset");

  @TempDir static Path folder;

  private static KeptPipeline kept;
  private static String traced;

  @BeforeAll
  static void start() throws Exception {
    kept = KeptPipeline.start(folder);
  }

  @AfterAll
  static void stop() throws Exception {
    kept.close();
  }

  private static OwnCheckout.Result run(String line) throws Exception {
    return kept.run(line);
  }

  @Test
  @Order(1)
  void statusNamesAllThatAProgramNeeds() {
    assertThat(kept.endpoints().fieldNames())
        .toIterable()
        .containsExactlyInAnyOrder(
            "amqp_url",
            "exchange",
            "routing_keys",
            "aws_endpoint",
            "bucket",
            "warehouse",
            "steps",
            "queue_depth");
    assertThat(StreamSupport.stream(kept.endpoints().path("steps").spliterator(), false))
        .allMatch(step -> step.path("ready").asBoolean())
        .extracting(step -> step.path("step").asText())
        .containsExactly("receive", "batch", "write", "notify", "load");
  }

  @Test
  @Order(2)
  void anOrderPublishedInPythonIsARow() throws Exception {
    String line =
        Files.readAllLines(kept.home().resolve("docs/examples/publish.py")).stream()
            .filter(each -> each.startsWith("    .millrace/venv/bin/python docs/examples/"))
            .findFirst()
            .orElseThrow();

    String eventId = run(line.strip()).out().strip();

    kept.await("the row of " + eventId, () -> kept.count(ORDERS, eventId) == 1);
    var rows =
        kept.warehouse()
            .query(
                "select order_id, currency, _source, _id_origin, total_amount_minor, _traceparent from "
                    + ORDERS
                    + " where _event_id = '"
                    + eventId
                    + "'");
    assertThat(rows.rows()).hasSize(1);
    assertThat(rows.rows().getFirst().subList(0, 5))
        .containsExactly("order-" + eventId.substring(0, 8), "EUR", "orders", "CONTRACT", "900");
    assertThat(rows.rows().getFirst().get(5)).matches("00-[0-9a-f]{32}-[0-9a-f]{16}-01");
  }

  @Test
  @Order(3)
  void anEditedSampleIsPublishedAndFollowedIntoTheMarts() throws Exception {
    var sample = (ObjectNode) JSON.readTree(run("./millrace sample OrderCreated --seed 7").out());
    traced = sample.path("event_id").asText();
    sample.put("order_id", "edited-1").put("promotion_code", "Höst");
    Files.writeString(kept.home().resolve("edited.jsonl"), "no JSON\n" + sample + "\n");

    OwnCheckout.Result published = kept.bash("./millrace publish edited.jsonl");

    assertThat(published.code()).as(published.toString()).isEqualTo(1);
    assertThat(published.err()).contains("line 1: not JSON");
    assertThat(published.out()).contains("1 events published, 1 bad lines");
    kept.await("the row of the edited order", () -> kept.count(ORDERS, traced) == 1);
    run("./millrace dbt run");
    String trace = run("./millrace trace " + traced).out();
    assertThat(trace.lines().map(line -> line.split(" ", 2)[0]).filter(word -> !word.isEmpty()))
        .as(trace)
        .containsExactly("receive", "batch", "write", "load", "model", "mart");
    assertThat(trace).contains("edited-1|1").contains("archive/source=orders/");
    assertThat(
            run("./millrace query --csv \"select distinct order_id, promotion_code from fct_orders where order_id = 'edited-1'\"")
                .out())
        .isEqualTo("order_id,promotion_code\nedited-1,Höst\n");
  }

  @Test
  @Order(4)
  void anEventThatCannotBeReadIsListedAndShownWithItsBytes() throws Exception {
    try (EventPublisher publisher =
        EventPublisher.connect(
            kept.endpoints().path("amqp_url").asText(), 1, InstantSource.system())) {
      publisher.publish(
          new OutgoingEvent(
              "orders",
              "orders.v1.OrderCreated",
              "broken-1",
              OutgoingEvent.PROTOBUF,
              new byte[] {0x0a, 0x7f, 'b', 'a', 'd'}),
          (event, outcome) -> {});
      assertThat(publisher.awaitOutcomes(Duration.ofSeconds(30))).isTrue();
    }
    kept.await("the failed event", () -> kept.count("raw.failed_events", "broken-1") == 1);

    assertThat(run("./millrace failed list").out())
        .contains("MALFORMED")
        .contains("broken-1")
        .contains("1 failed events");
    assertThat(run("./millrace failed show broken-1 --payload").out())
        .contains("quarantine/year=")
        .contains("0a 7f 62 61 64");
    assertThat(kept.bash("./millrace failed show nobody").code()).isEqualTo(1);
  }

  @Test
  @Order(5)
  void aFileThatAPipeMissedIsLoadedAfterRenotifyAndAllOthersAreNotLoadedTwice() throws Exception {
    long before = kept.warehouse().query("select count(*) from " + ORDERS).count();
    String file =
        kept.warehouse()
            .query("select _file from " + ORDERS + " where _event_id = '" + traced + "'")
            .single();
    assertThat(run("./millrace renotify --dry-run").out()).contains("would announce 0 files");
    // As if its notification had never come.
    var unused = kept.warehouse().query("delete from " + ORDERS + " where _file = '" + file + "'");
    unused = kept.warehouse().query("delete from audit.load_history where file = '" + file + "'");

    assertThat(run("./millrace renotify").out()).contains("announced 1 files");

    kept.await("the row again", () -> kept.count(ORDERS, traced) == 1);
    run("./millrace renotify --all");
    assertThat(run("./millrace trace " + traced).out()).contains(file);
    assertThat(kept.warehouse().query("select count(*) from " + ORDERS).count()).isEqualTo(before);
  }

  @Test
  @Order(5)
  void schemaLessJsonIsARowWithItsPersonalPathsTreated() throws Exception {
    run("./millrace sample JsonEvent --seed 9 > parcels.jsonl");
    JsonNode sample = JSON.readTree(kept.home().resolve("parcels.jsonl").toFile());
    String eventId = sample.path("_event_id").asText();
    String person = sample.at("/payload/recipient/customer_id").asText();
    assertThat(person).isNotEmpty();
    run("./millrace publish parcels.jsonl");

    kept.await("the row of " + eventId, () -> kept.count(PARCELS, eventId) == 1);

    run("./millrace dbt run --select stg_json__json_event");
    assertThat(
            kept.warehouse()
                .query(
                    "select payload:sequence::varchar, left(payload:recipient.name::varchar, 5),"
                        + " payload:recipient.phone::varchar, stated_type, id_origin"
                        + " from staging.stg_json__json_event where event_id = '"
                        + eventId
                        + "'")
                .rows())
        .containsExactly(
            java.util.Arrays.asList("1", "enc1:", null, "shipping.sample.made", "MESSAGE_ID"));
    assertThat(run("./millrace trace " + eventId).out()).contains("archive/source=shipping/");
    assertThat(run("./millrace erase --json --type json.v1.JsonEvent --subject " + person).out())
        .contains("\"rows\":1");
  }

  @Test
  @Order(6)
  void whatSqsHasAcceptedSurvivesAKillOfTheEmulator() throws Exception {
    var clients =
        new EmulatorClients(
            URI.create(kept.endpoints().path("aws_endpoint").asText()),
            "eu-west-1",
            "111111111111");
    // The writer takes nothing, so that the batch waits in the emulator alone.
    try (LambdaClient lambda = clients.lambda()) {
      String mapping =
          lambda.listEventSourceMappings(request -> {}).eventSourceMappings().getFirst().uuid();
      var unused = lambda.updateEventSourceMapping(request -> request.uuid(mapping).enabled(false));
    }
    run("./millrace sample OrderCreated --seed 8 > waiting.jsonl");
    String waiting =
        JSON.readTree(kept.home().resolve("waiting.jsonl").toFile()).path("event_id").asText();
    run("./millrace publish waiting.jsonl");
    // A send that was slow to answer is sent again: the writer takes two copies for one.
    kept.await("the batch in SQS", () -> kept.batchesInSqs() >= 1);

    ProcessHandle.of(kept.pid("batch", "ministack")).orElseThrow().destroyForcibly();

    kept.await("the row of what waited", () -> kept.count(ORDERS, waiting) == 1);
    kept.await("every step", () -> kept.status().code() == 0);
    assertThat(kept.count(ORDERS, traced)).isEqualTo(1);
  }

  @Test
  @Order(7)
  void aPersonWhoseDataKeyHasOutlivedTheKillIsErasedAndStaysErased() throws Exception {
    String customer =
        kept.warehouse()
            .query(
                "select customer:customer_id::varchar as id from "
                    + ORDERS
                    + " where _event_id = '"
                    + traced
                    + "' and customer:name::varchar like 'enc1:%'")
            .rows()
            .getFirst()
            .getFirst();

    // The event was written before the kill: without its key nothing would be left to erase.
    assertThat(run("./millrace erase --subject " + customer).out())
        .contains("erased: the data key");
    assertThat(JSON.readTree(run("./millrace erase --json --subject " + customer).out()).toString())
        .contains("ERASED_BEFORE");
  }

  @Test
  @Order(8)
  void aNewTypeIsOneFileWrittenByHandAndItsEventsAreRowsOfRawAndStaging() throws Exception {
    String raw = "raw.orders_v1__order_shipped";
    Path real = Path.of(System.getenv("MILLRACE_HOME"));
    String readme = Files.readString(real.resolve("README.md"));
    assertThat(QuotedCommands.in(readme.substring(readme.indexOf("## Add an event type"))))
        .startsWith(NEW_TYPE)
        .containsSubsequence(AFTER_THE_EDIT);

    String written = run(NEW_TYPE).out().strip();
    assertThat(written).isEqualTo("proto/orders/v1/order_shipped.proto");
    Path contract = kept.home().resolve(written);
    String draft = Files.readString(contract).stripTrailing();
    assertThat(draft).endsWith("}");
    Files.writeString(
        contract,
        draft.substring(0, draft.length() - 1)
            + """
              // Who carries the parcel.
              string carrier = 3 [(millrace.options.v1.field) = {pii: PII_NONE}];
              // Whom the carrier asks for.
              string recipient = 4 [(millrace.options.v1.field) = {pii: PII_HASH}];
              // Parcels of this shipment.
              int32 parcels = 5;
            }
            """);
    // And a source that nobody knew: its queue has to come with the release.
    Path json = kept.home().resolve("proto/json/v1/json_event.proto");
    String sources = Files.readString(json);
    Files.writeString(
        json,
        sources.replaceFirst(
            "\\n  };",
            "\n    json_sources: {\n      source: \"plant\"\n      no_personal_data: true\n    }\n  };"));
    for (String line : AFTER_THE_EDIT) {
      run(line);
    }
    Files.writeString(
        kept.home().resolve("plant.jsonl"),
        "{\"_type\":\"json.v1.JsonEvent\",\"_source\":\"plant\",\"_event_id\":\"plant-1\","
            + "\"stated_type\":\"plant.press.warm\",\"payload\":{\"press\":{\"celsius\":21.5}}}\n");
    run("./millrace publish plant.jsonl");

    var sample = (ObjectNode) JSON.readTree(run("./millrace sample OrderShipped --seed 9").out());
    String eventId = sample.path("event_id").asText();
    sample.put("carrier", "Höst & Söhne").put("recipient", "Anna Person").put("parcels", 3);
    Files.writeString(kept.home().resolve("shipped.jsonl"), sample + "\n");
    run("./millrace publish shipped.jsonl");
    awaitRowOrReplay(raw, eventId);
    awaitRowOrReplay(PARCELS, "plant-1");
    run(
        "./millrace dbt build --select stg_orders__order_shipped stg_json__json_event"
            + " int_orders__order_shipped_deduplicated");
    assertThat(
            run("./millrace query --csv \"select distinct payload:press.celsius::varchar as celsius,"
                    + " stated_type from staging.stg_json__json_event where source = 'plant'\"")
                .out())
        .isEqualTo("celsius,stated_type\n21.5,plant.press.warm\n");

    for (String rows :
        List.of(raw + " where _event_id", "staging.stg_orders__order_shipped where event_id")) {
      var found =
          kept.warehouse()
              .query(
                  "select distinct carrier, parcels, recipient from "
                      + rows
                      + " = '"
                      + eventId
                      + "'")
              .rows();
      assertThat(found).as(rows).hasSize(1);
      assertThat(found.getFirst()).as(rows).startsWith("Höst & Söhne", "3");
      assertThat(found.getFirst().getLast()).as(rows).matches("[^:]+:[0-9a-f]{64}");
    }
    assertThat(real.resolve(written)).as("the checkout that is tested").doesNotExist();
  }

  /**
   * A writer that has not read the pointer since a release parks what it does not know; replayed
   * after that, it is a row.
   */
  private static void awaitRowOrReplay(String table, String eventId) throws InterruptedException {
    Instant[] sentAt = {Instant.MIN};
    kept.await(
        "the row of " + eventId,
        () -> {
          if (kept.count("raw.failed_events", eventId) > 0
              && Instant.now().isAfter(sentAt[0].plusSeconds(20))) {
            assertThat(kept.bash("./millrace replay --failed --class UNKNOWN_TYPE").code())
                .isZero();
            sentAt[0] = Instant.now();
          }
          return kept.count(table, eventId) > 0;
        });
  }

  /** Commands of the documents, with the id of an event where they have a placeholder for one. */
  @TestFactory
  @Order(9)
  Stream<DynamicTest> everyCommandThatTheDocumentsQuoteDoesItsWork() throws Exception {
    List<String> quoted = QuotedCommands.of(Path.of(System.getenv("MILLRACE_HOME")));
    assertThat(quoted)
        .as("commands that are no longer quoted need no reason")
        .containsAll(CommandsNotRun.REASONS.keySet());
    Map<String, String> lines = new LinkedHashMap<>();
    for (String command : quoted) {
      if (!CommandsNotRun.REASONS.containsKey(command) && !command.equals(NEW_TYPE)) {
        lines.put(
            command,
            command
                .replaceAll("EVENT_ID|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", traced)
                .replace("COMMAND", "status"));
      }
    }
    List<String> order = new ArrayList<>(lines.keySet());
    order.sort(Comparator.comparing(AT_THE_END::indexOf));
    return order.stream()
        .map(command -> DynamicTest.dynamicTest(command, () -> run(lines.get(command))));
  }
}

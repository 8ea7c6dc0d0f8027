package millrace.core.row;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.UnaryOperator;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import millrace.core.Contracts;
import millrace.core.event.PayloadHash;
import millrace.core.event.Times;
import millrace.core.failed.FailedEvent;
import millrace.core.failed.FailureClass;
import millrace.core.row.RowReader.Reading;
import millrace.core.treat.InMemoryKeyService;
import millrace.core.treat.InMemorySubjectKeyStore;
import millrace.core.treat.PersonalCipher;
import millrace.core.treat.PersonalHash;
import millrace.core.treat.SubjectKey;
import millrace.core.treat.SubjectKeys;
import millrace.event.v1.Event;
import millrace.event.v1.IdOrigin;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Schema-less JSON as rows: what becomes of an event of each source, and of its personal data. */
class JsonRowTest {
  private static final Instant RECEIVED = Instant.parse("2026-11-21T10:00:00.123456Z");
  private static final PersonalHash HASH =
      new PersonalHash("another key of bytes".getBytes(StandardCharsets.UTF_8));
  private static final Pattern ENCRYPTED = Pattern.compile("enc1:[A-Za-z0-9+/]+=*");
  private static final String ORDER =
      """
      {"order": 9007199254740993, "total": 19.90,
       "buyer": {"id": "b-1", "name": "canary-name", "address": {"canary-street": ["canary-1", 2]}},
       "lines": [{"sku": "x", "gift": {"to": "canary-gift"}}, {"sku": "y"}],
       "emails": ["canary-mail", null, ""], "friends": [{"canary-friend": 1}, "canary-other"],
       "notes": {"any": "canary-note"}}
      """;

  private final InMemorySubjectKeyStore store = new InMemorySubjectKeyStore();
  private final Random random = new Random(1);
  private Instant now = RECEIVED.plusSeconds(1);
  private final SubjectKeys subjectKeys =
      new SubjectKeys(
          store, new InMemoryKeyService(random), () -> now, random, Duration.ofMinutes(1), 100);
  private final RowReader reader =
      new RowReader(
          Contracts.TESTING,
          new PayloadHash("a key of sixteen bytes".getBytes(StandardCharsets.UTF_8)),
          HASH);

  private static Event event(String source, String json) {
    return Event.newBuilder()
        .setId("m-1")
        .setIdOrigin(IdOrigin.ID_ORIGIN_MESSAGE_ID)
        .setSource(source)
        .setType(source + ".anything.happened")
        .setContentType("application/json; charset=utf-8")
        .setSubject("canary-subject")
        .setReceivedTime(Times.timestamp(RECEIVED))
        .setPayload(ByteString.copyFromUtf8(json))
        .build();
  }

  private Reading read(Event event) {
    Map<String, SubjectKey> keys = subjectKeys.of(reader.subjects(event));
    return reader.read(event, "batch", 0, keys);
  }

  private Reading.Accepted accepted(Event event) {
    Reading reading = read(event);
    assertThat(reading).as(reading.toString()).isInstanceOf(Reading.Accepted.class);
    return (Reading.Accepted) reading;
  }

  private FailedEvent refused(Event event) {
    Reading reading = read(event);
    assertThat(reading).as(reading.toString()).isInstanceOf(Reading.Refused.class);
    return ((Reading.Refused) reading).failed();
  }

  private static String json(Row row) {
    return (String) row.values()[0];
  }

  @Test
  void json_of_a_source_without_personal_data_is_a_row_with_all_its_digits() {
    Event event = event("plant", " {\"temperature\": 21.50, \"id\": 9007199254740993} ");

    Reading.Accepted accepted = accepted(event);

    Row row = accepted.row();
    assertThat(row.schema().columns().subList(0, 2))
        .extracting(Column::name)
        .containsExactly("payload", "stated_type");
    assertThat(json(row)).isEqualTo("{\"id\":9007199254740993,\"temperature\":21.5}");
    assertThat(row.values()[1]).isEqualTo("plant.anything.happened");
    assertThat(row.get(MetadataColumn.TYPE)).isEqualTo("anything.v1.Anything");
    assertThat(row.get(MetadataColumn.SOURCE)).isEqualTo("plant");
    assertThat(row.get(MetadataColumn.EVENT_ID)).isEqualTo("m-1");
    assertThat(row.get(MetadataColumn.ID_ORIGIN)).isEqualTo("MESSAGE_ID");
    assertThat(accepted.archived().getPayload())
        .as("the archive has the very bytes of the producer")
        .isEqualTo(event.getPayload());
    assertThat(accepted.quarantined()).isNull();
  }

  @Test
  void listed_paths_are_treated_in_row_and_archive_and_all_else_stays() {
    Reading.Accepted accepted = accepted(event("shop", ORDER));

    String row = json(accepted.row());
    assertThat(row + accepted.archived()).doesNotContain("canary");
    assertThat(accepted.archived().getPayload().toStringUtf8()).isEqualTo(row);
    assertThat(row)
        .contains("\"order\":9007199254740993", "\"total\":19.9", "{\"sku\":\"y\"}")
        .contains("\"gift\":{\"to\":\"" + HASH.of("canary-gift") + "\"}")
        .contains("\"emails\":[\"" + HASH.of("canary-mail") + "\",null,\"\"]")
        .contains("\"id\":\"" + HASH.of("b-1") + "\"")
        .doesNotContain("notes");
    assertThat(decrypted(row, "b-1"))
        .containsExactlyInAnyOrder(
            "canary-name",
            "{\"canary-street\":[\"canary-1\",2]}",
            "{\"canary-friend\":1}",
            "canary-other");
  }

  /** Nobody promises the shape of this JSON. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'lines':{'gift':{'to':'canary'}}}",
        "{'lines':[[{'gift':[{'to':'canary'}]}]]}",
        "{'lines':[{'gift':{'to':['canary',{'canary':1}]}}]}",
        "{'emails':'canary'}",
        "{'emails':{'canary':1}}",
        "{'emails':[['canary']]}",
        "{'buyer':[{'id':'canary'},{'id':true}]}",
        "{'notes':['canary']}",
      })
  void a_path_finds_its_values_in_other_shapes_too(String json) {
    Reading.Accepted accepted = accepted(event("shop", json.replace('\'', '"')));

    assertThat(json(accepted.row())).doesNotContain("canary", "true");
    assertThat(accepted.archived().getPayload().toStringUtf8()).doesNotContain("canary");
  }

  @Test
  void equal_values_have_equal_hashes_as_text_and_as_number() {
    Event text = event("shop", "{\"emails\":[\"12\",12,12.0]}");

    assertThat(json(accepted(text).row()))
        .isEqualTo("{\"emails\":[\"H\",\"H\",\"H\"]}".replace("H", HASH.of("12")));
  }

  @Test
  void a_value_for_a_person_whom_the_event_does_not_name_is_refused() {
    FailedEvent failed = refused(event("shop", "{\"buyer\":{\"name\":\"canary\"}}"));

    assertThat(failed.failureClass()).isEqualTo(FailureClass.RULE);
    assertThat(failed.reason())
        .isEqualTo("the path 'buyer.name' is to be encrypted, and its subject is empty");
  }

  @Test
  void a_replay_from_the_archive_gives_the_same_row() {
    Reading.Accepted first = accepted(event("shop", ORDER));

    Reading.Accepted again = accepted(first.archived());

    assertThat(again.row().values()).isEqualTo(first.row().values());
    assertThat(again.archived()).isEqualTo(first.archived());
  }

  @Test
  void what_looks_treated_is_treated_when_a_producer_sends_it() {
    String posing = HASH.of("somebody else");

    assertThat(json(accepted(event("shop", "{\"emails\":[\"" + posing + "\"]}")).row()))
        .doesNotContain(posing);
  }

  @Test
  void after_an_erasure_what_was_received_before_is_cleared() {
    Event received = event("shop", ORDER);
    Reading.Accepted before = accepted(received);
    now = now.plusSeconds(60);
    var unused = store.erase(HASH.of("b-1"), now);
    now = now.plusSeconds(600);

    String row = json(accepted(received).row());

    assertThat(row).doesNotContain("enc1:").contains("\"friends\":[\"\",\"\"]", "\"order\":");
    assertThat(decrypted(json(before.row()), "b-1")).isEmpty();
  }

  @Test
  void json_with_a_suffix_is_json() {
    Event event = event("plant", "{}");

    for (String type : List.of("application/geo+json", "Application/JSON", "application/json")) {
      assertThat(json(accepted(event.toBuilder().setContentType(type).build()).row()))
          .isEqualTo("{}");
    }
    for (String type : List.of("text/json", "application/jsonlines", "application/+json")) {
      assertThat(refused(event.toBuilder().setContentType(type).build()).failureClass())
          .as(type)
          .isEqualTo(FailureClass.CONTENT_TYPE);
    }
  }

  @Test
  void every_refusal_says_why() {
    Event good = event("plant", "{}");

    refusedAs(FailureClass.UNKNOWN_TYPE, "takes JSON of this source", e -> e.setSource("nobody"));
    refusedAs(FailureClass.NO_IDENTITY, "gave no id", e -> e.clearId().clearIdOrigin());
    refusedAs(FailureClass.EMPTY, "no payload", Event.Builder::clearPayload);
    refusedAs(
        FailureClass.MALFORMED,
        "not JSON at character 1",
        e -> e.setPayload(ByteString.copyFromUtf8("{canary")));
    refusedAs(
        FailureClass.UNKNOWN_TYPE,
        "its JSON is sent as application/json",
        e -> e.clearContentType().setType("anything.v1.Anything"));
    refusedAs(
        FailureClass.CONTENT_TYPE,
        "testing.v1.AllKinds is sent as application/x-protobuf",
        e -> e.setSource("testing").setType("AllKinds"));
    assertThat(accepted(good.toBuilder().setType("").build()).row().values()[1]).isEqualTo("");
  }

  private void refusedAs(FailureClass why, String reason, UnaryOperator<Event.Builder> change) {
    FailedEvent failed = refused(change.apply(event("plant", "{}").toBuilder()).build());

    assertThat(failed.failureClass()).as(failed.reason()).isEqualTo(why);
    assertThat(failed.reason()).contains(reason).doesNotContain("canary");
  }

  @Test
  void the_hash_is_that_of_the_values_and_of_the_stated_type() {
    Event one = event("plant", "{\"a\":1,\"b\":[2]}");
    Event same = event("plant", " {\"b\" : [2.0], \"a\" : 1e0}");
    Event other = event("plant", "{\"a\":1,\"b\":[3]}");
    Event otherType = one.toBuilder().setType("plant.other").build();

    assertThat(hash(same)).isEqualTo(hash(one)).isNotEqualTo(hash(other));
    assertThat(hash(otherType)).isNotEqualTo(hash(one));
  }

  private Object hash(Event event) {
    return accepted(event).row().get(MetadataColumn.PAYLOAD_HASH);
  }

  /** What the key of a person opens. */
  private List<String> decrypted(String row, String person) {
    var name = HASH.of(person);
    SubjectKey key = subjectKeys.of(java.util.Set.of(name)).get(name);
    var cipher = new PersonalCipher(key.dataKey());
    return ENCRYPTED
        .matcher(row)
        .results()
        .map(MatchResult::group)
        .filter(text -> opens(cipher, text))
        .map(text -> new String(cipher.decrypt(text), StandardCharsets.UTF_8))
        .toList();
  }

  private static boolean opens(PersonalCipher cipher, String text) {
    try {
      return cipher.decrypt(text).length > 0;
    } catch (IllegalArgumentException otherKey) {
      assertThat(Base64.getDecoder().decode(text.substring(5))).isNotEmpty();
      return false;
    }
  }
}

package millrace.core.row;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.StringValue;
import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SortedMap;
import java.util.stream.Collectors;
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
import millrace.event.v1.Treatment;
import millrace.people.v1.Contact;
import millrace.people.v1.Person;
import millrace.people.v1.SignedUp;
import org.junit.jupiter.api.Test;

/** What the writer does to personal data before a row, an archived or a failed event exists. */
class PersonalDataTest {
  private static final Instant RECEIVED = Instant.parse("2026-11-21T10:00:00.123456Z");
  private static final PersonalHash HASH =
      new PersonalHash("another key of bytes".getBytes(StandardCharsets.UTF_8));

  /** Every value that names somebody; none of them may be found in what is stored. */
  private static final List<String> CANARIES =
      List.of(
          "canary-name",
          "canary-mail",
          "canary-nick",
          "canary-note",
          "canary-noted",
          "canary-role",
          "canary-pass",
          "canary-photo",
          "canary-extra",
          "canary-phone",
          "canary-former");

  private final InMemorySubjectKeyStore store = new InMemorySubjectKeyStore();
  private final Random random = new Random(1);
  private final InMemoryKeyService service = new InMemoryKeyService(random);
  private Instant now = RECEIVED.plusSeconds(1);
  private SubjectKeys subjectKeys = freshSubjectKeys();

  private final RowReader reader =
      new RowReader(
          Contracts.TESTING,
          new PayloadHash("a key of sixteen bytes".getBytes(StandardCharsets.UTF_8)),
          HASH);

  private SubjectKeys freshSubjectKeys() {
    return new SubjectKeys(store, service, () -> now, random, Duration.ofMinutes(1), 100);
  }

  @Test
  void no_personal_value_is_in_row_or_archive() {
    Reading.Accepted accepted = accepted(event("Person", person("e-1")));

    String row = text(accepted.row().values());
    String archived = new String(accepted.archived().toByteArray(), StandardCharsets.ISO_8859_1);
    assertThat(CANARIES).noneMatch(row::contains).noneMatch(archived::contains);
    assertThat(row).contains("Lyon");
    assertThat(accepted.archived().getTreatment()).isEqualTo(Treatment.TREATMENT_APPLIED);
    assertThat(accepted.archived().getSubject()).isEmpty();
  }

  @Test
  void dropped_fields_are_as_if_they_had_not_been_sent() {
    Row row = accepted(event("Person", person("e-1"))).row();

    assertThat(column(row, "extra")).isNull();
    assertThat(column(row, "birth_year")).isEqualTo(0);
    assertThat((List<?>) column(row, "former")).isEmpty();
  }

  @Test
  void hashed_values_are_equal_where_they_were_equal() {
    Row row = accepted(event("Person", person("e-1"))).row();

    String mail = (String) ((Object[]) column(row, "contact"))[1];
    assertThat(mail).isEqualTo(HASH.of("canary-mail"));
    assertThat(((Object[]) ((List<?>) column(row, "others")).getFirst())[1]).isEqualTo(mail);
    assertThat(column(row, "passport")).isEqualTo(HASH.of("canary-pass"));
    assertThat(column(row, "phone")).isEqualTo(HASH.of("canary-phone"));
    assertThat(((SortedMap<?, ?>) column(row, "by_role")).firstKey())
        .isEqualTo(HASH.of("canary-role"));
  }

  @Test
  void encrypted_values_are_read_with_the_persons_key_alone() {
    Row row = accepted(event("Person", person("e-1"))).row();

    assertThat(decrypted(((Object[]) column(row, "contact"))[0], "person-1"))
        .isEqualTo("canary-name");
    Object nested = ((SortedMap<?, ?>) column(row, "by_role")).values().iterator().next();
    assertThat(decrypted(((Object[]) nested)[0], "person-1")).isEqualTo("canary-name in a map");
    List<?> nicknames = (List<?>) column(row, "nicknames");
    assertThat(nicknames).hasSize(3).doesNotHaveDuplicates();
    assertThat(decrypted(nicknames.get(0), "person-1")).isEqualTo("canary-nick");
    assertThat(decrypted(nicknames.get(1), "person-1")).isEqualTo("canary-nick");
    assertThat(nicknames.get(2)).as("nothing stays nothing").isEqualTo("");
    var notes = (SortedMap<?, ?>) column(row, "notes");
    assertThat(decrypted(notes.firstKey(), "person-1")).isEqualTo("canary-note");
    assertThat(decrypted(notes.get(notes.firstKey()), "person-1")).isEqualTo("canary-noted");
    assertThat(decrypted(((ByteString) column(row, "photo")).toStringUtf8(), "person-1"))
        .isEqualTo("canary-photo");
  }

  @Test
  void a_retry_writes_the_same_bytes() {
    Event event = event("Person", person("e-1"));

    assertThat(accepted(event).archived()).isEqualTo(accepted(event).archived());
    assertThat(text(accepted(event).row().values()))
        .isEqualTo(text(accepted(event).row().values()));
  }

  @Test
  void a_replay_treats_nothing_twice_and_keeps_the_payload_hash() {
    Reading.Accepted first = accepted(event("Person", person("e-1")));

    Reading.Accepted again = accepted(first.archived());

    assertThat(text(again.row().values())).isEqualTo(text(first.row().values()));
    assertThat(again.archived()).isEqualTo(first.archived());
    assertThat(again.quarantined()).isNull();
  }

  @Test
  void a_replay_treats_what_the_contract_did_not_ask_for_when_it_was_written() {
    Event archivedClear =
        event("Person", person("e-1")).toBuilder()
            .setTreatment(Treatment.TREATMENT_APPLIED)
            .build();

    String row = text(accepted(archivedClear).row().values());

    assertThat(CANARIES).noneMatch(row::contains);
  }

  @Test
  void a_producer_cannot_pass_a_value_off_as_treated() {
    String looksEncrypted = "enc1:" + "A".repeat(64);
    Person payload =
        person("e-1").toBuilder().setContact(Contact.newBuilder().setName(looksEncrypted)).build();

    Row row = accepted(event("Person", payload)).row();

    assertThat(decrypted(((Object[]) column(row, "contact"))[0], "person-1"))
        .isEqualTo(looksEncrypted);
  }

  @Test
  void the_event_id_is_made_of_the_treated_value() {
    Event event =
        event(
                "SignedUp",
                SignedUp.newBuilder().setEmail("canary-mail").setName("canary-name").build())
            .toBuilder()
            .setId("canary-mail")
            .build();

    Reading.Accepted accepted = accepted(event);

    assertThat(accepted.row().get(MetadataColumn.EVENT_ID)).isEqualTo(HASH.of("canary-mail"));
    assertThat(new String(accepted.archived().toByteArray(), StandardCharsets.ISO_8859_1))
        .doesNotContain("canary");
    Reading.Accepted again = accepted(accepted.archived());
    assertThat(text(again.row().values())).isEqualTo(text(accepted.row().values()));
  }

  @Test
  void a_failed_event_does_not_tell_an_id_that_the_contract_hides() {
    Event event =
        event("SignedUp", SignedUp.newBuilder().setName("x").build()).toBuilder()
            .setId("canary-mail")
            .build();

    FailedEvent failed = refused(event);

    assertThat(failed.failureClass()).isEqualTo(FailureClass.NO_IDENTITY);
    assertThat(failed.eventId()).isNull();
    assertThat(failed.idOrigin()).isEqualTo(IdOrigin.ID_ORIGIN_UNSPECIFIED);
  }

  @Test
  void a_value_to_encrypt_for_nobody_is_a_violated_rule_that_names_no_value() {
    FailedEvent failed =
        refused(event("Person", person("e-1").toBuilder().clearPersonId().build()));

    assertThat(failed.failureClass()).isEqualTo(FailureClass.RULE);
    assertThat(failed.reason()).contains("is to be encrypted, and its subject is empty");
    assertThat(CANARIES).noneMatch(failed.reason()::contains);
  }

  @Test
  void nobody_is_needed_where_there_is_nothing_to_encrypt() {
    Person nobody = Person.newBuilder().setEventId("e-1").setBirthYear(1990).build();

    accepted(event("Person", nobody));

    assertThat(store.names()).isEmpty();
  }

  @Test
  void the_store_of_keys_knows_no_person_by_name() {
    accepted(event("Person", person("e-1")));

    assertThat(store.names()).contains(HASH.of("person-1")).noneMatch(n -> n.contains("person-1"));
  }

  @Test
  void after_an_erasure_nothing_that_was_stored_can_be_read() {
    Row before = accepted(event("Person", person("e-1"))).row();
    String name = (String) ((Object[]) column(before, "contact"))[0];
    SubjectKey key = key("person-1");
    store.erase(HASH.of("person-1"), now);
    now = now.plus(Duration.ofMinutes(5));
    subjectKeys = freshSubjectKeys();

    // received before, and read again from quarantine as it came
    Row again = accepted(event("Person", person("e-1"))).row();

    assertThat(((Object[]) column(again, "contact"))[0]).isEqualTo("");
    assertThat(column(again, "nicknames")).isEqualTo(List.of("", "", ""));
    assertThat((SortedMap<?, ?>) column(again, "notes")).isEmpty();
    assertThat(text(again.values())).doesNotContain("canary");
    assertThat(key("person-1").dataKey()).isNotEqualTo(key.dataKey());
    org.assertj.core.api.Assertions.assertThatThrownBy(() -> decrypted(name, "person-1"))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void after_an_erasure_a_new_event_of_the_person_is_readable() {
    accepted(event("Person", person("e-1")));
    store.erase(HASH.of("person-1"), now);
    now = now.plus(Duration.ofMinutes(5));
    subjectKeys = freshSubjectKeys();
    Event later =
        event("Person", person("e-2")).toBuilder().setReceivedTime(Times.timestamp(now)).build();

    Row row = accepted(later).row();

    assertThat(decrypted(((Object[]) column(row, "contact"))[0], "person-1"))
        .isEqualTo("canary-name");
  }

  private static Person person(String eventId) {
    Contact contact =
        Contact.newBuilder().setName("canary-name").setEmail("canary-mail").setCity("Lyon").build();
    return Person.newBuilder()
        .setEventId(eventId)
        .setPersonId("person-1")
        .setSeenAt(Times.timestamp(RECEIVED))
        .setContact(contact)
        .addOthers(contact)
        .putByRole("canary-role", contact.toBuilder().setName("canary-name in a map").build())
        .addNicknames("canary-nick")
        .addNicknames("canary-nick")
        .addNicknames("")
        .putNotes("canary-note", "canary-noted")
        .setPassport(StringValue.of("canary-pass"))
        .setPhoto(ByteString.copyFromUtf8("canary-photo"))
        .setExtra(
            Struct.newBuilder()
                .putFields("canary-extra", Value.newBuilder().setStringValue("x").build()))
        .setBirthYear(1815)
        .setPhone("canary-phone")
        .addFormer(contact.toBuilder().setName("canary-former"))
        .build();
  }

  private static Event event(String message, com.google.protobuf.MessageLite payload) {
    return Event.newBuilder()
        .setId("message-1")
        .setIdOrigin(IdOrigin.ID_ORIGIN_MESSAGE_ID)
        .setSource("people")
        .setType("people.v1." + message)
        .setSubject("canary-name")
        .setReceivedTime(Times.timestamp(RECEIVED))
        .setPayload(payload.toByteString())
        .build();
  }

  private Reading read(Event event) {
    return reader.read(event, "batch", 0, subjectKeys.of(reader.subjects(event)));
  }

  private Reading.Accepted accepted(Event event) {
    return (Reading.Accepted) read(event);
  }

  private FailedEvent refused(Event event) {
    return ((Reading.Refused) read(event)).failed();
  }

  private SubjectKey key(String person) {
    return subjectKeys.of(java.util.Set.of(HASH.of(person))).get(HASH.of(person));
  }

  private String decrypted(Object value, String person) {
    return new String(
        new PersonalCipher(key(person).dataKey()).decrypt((String) value), StandardCharsets.UTF_8);
  }

  private static Object column(Row row, String name) {
    List<String> names = row.schema().columns().stream().map(Column::name).toList();
    return row.values()[names.indexOf(name)];
  }

  /** Everything that a row holds, bytes as text. */
  private static String text(Object value) {
    return switch (value) {
      case null -> "null";
      case Object[] fields ->
          Arrays.stream(fields).map(PersonalDataTest::text).collect(Collectors.joining(","));
      case List<?> list ->
          list.stream().map(PersonalDataTest::text).collect(Collectors.joining(";"));
      case Map<?, ?> map ->
          map.entrySet().stream()
              .map(e -> text(e.getKey()) + "=" + text(e.getValue()))
              .collect(Collectors.joining(";"));
      case ByteString bytes -> bytes.toString(StandardCharsets.ISO_8859_1);
      default -> value.toString();
    };
  }
}

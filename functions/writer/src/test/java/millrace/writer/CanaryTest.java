package millrace.writer;

import static millrace.writer.WriterWorld.personEvent;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.MessageLite;
import com.google.protobuf.UnknownFieldSet;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import millrace.core.batch.Batch;
import millrace.core.file.FileFormat;
import millrace.core.file.NdjsonEncoder;
import millrace.core.file.ObjectStore.Found;
import millrace.core.file.RowFileEncoder;
import millrace.core.row.Column;
import millrace.core.row.ColumnType.Fields;
import millrace.core.row.ColumnType.ListOf;
import millrace.core.row.ColumnType.Scalar;
import millrace.core.treat.PersonalCipher;
import millrace.core.treat.PersonalHash;
import millrace.core.treat.SubjectKeyStore.Erasure;
import millrace.event.v1.Event;
import millrace.parquet.ParquetEncoder;
import millrace.people.v1.Contact;
import millrace.people.v1.Person;
import millrace.people.v1.SignedUp;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Values that name somebody, sown into every place that an event has, are searched for in
 * everything that the writer leaves behind: objects with their keys and metadata, log, metrics and
 * data keys. Row files of every format are searched as the text of their values.
 */
class CanaryTest {
  private static final String CANARY = "canary";
  private static final Pattern ENCRYPTED = Pattern.compile("enc1:[A-Za-z0-9+/]+=*");

  private final WriterWorld world = new WriterWorld();
  private WrittenText text;
  private final PersonalHash hash =
      new PersonalHash("fedcba9876543210fedcba9876543210".getBytes(StandardCharsets.UTF_8));

  @BeforeEach
  void readIn(@TempDir Path folder) {
    text = new WrittenText(folder);
  }

  private static Person person() {
    return Person.newBuilder()
        .setEventId("e-1")
        .setPersonId("person-1")
        .setContact(
            Contact.newBuilder().setName("canary-name").setEmail("canary-mail").setCity("Lyon"))
        .addNicknames("canary-nick")
        .putNotes("canary-note", "canary-noted")
        .setPhoto(ByteString.copyFromUtf8("canary-photo"))
        .setPhone("canary-phone")
        .build();
  }

  /** Good, half known, and bad in every way that a payload can be. */
  private static Event[] events() {
    Person withUnknown =
        person().toBuilder()
            .setEventId("e-2")
            .setUnknownFields(
                UnknownFieldSet.newBuilder()
                    .addField(
                        100,
                        UnknownFieldSet.Field.newBuilder()
                            .addLengthDelimited(ByteString.copyFromUtf8("canary-unknown"))
                            .build())
                    .build())
            .build();
    Event good = personEvent("m-1", person());
    return new Event[] {
      good.toBuilder().setSubject("canary-subject").setTraceparent("canary-traceparent").build(),
      personEvent("m-2", withUnknown),
      good.toBuilder()
          .setId("m-3")
          .setPayload(ByteString.copyFromUtf8("\u000b\u0001 canary-malformed"))
          .build(),
      good.toBuilder().setId("m-4").setType("people.v1.Later").build(),
      personEvent("m-5", person().toBuilder().clearPersonId().build()).toBuilder()
          .setTraceparent("canary-traceparent")
          .build(),
      good.toBuilder()
          .setId("m-6")
          .setContentType("application/xml")
          .setPayload(ByteString.copyFromUtf8("<name>canary-xml</name>"))
          .build(),
      personEvent("m-7", person().toBuilder().clearEventId().build()),
      signedUp(SignedUp.newBuilder().setEmail("canary-id").setName("canary-name").build()),
      signedUp(SignedUp.newBuilder().setName("canary-name").build()),
    };
  }

  /** Schema-less: good in two shapes, cut off, twice, and of a source that nobody lists. */
  private static Event[] jsonEvents() {
    String good =
        """
        {"buyer": {"id": "canary-json-id", "name": "canary-json-name", "address": {"canary-json": 1}},
         "lines": [{"gift": {"to": "canary-json-gift"}}], "emails": "canary-json-mail",
         "notes": ["canary-json-note"], "city": "Turin"}
        """;
    return new Event[] {
      json("shop", "j-1", good),
      json("shop", "j-2", good.substring(0, good.length() / 2)),
      json("shop", "j-3", "{\"canary-json-key\":1,\"canary-json-key\":2}"),
      json("shop", "j-4", "{\"buyer\":{\"name\":\"canary-json-nobody\"}}"),
      json("shop", "j-5", "{\"canary-json-number\":" + "9".repeat(400) + "}"),
    };
  }

  private static Event json(String source, String id, String json) {
    return WriterWorld.event("any", id, ByteString.copyFromUtf8(json)).toBuilder()
        .setSource(source)
        .setType(source + ".any")
        .setContentType("application/json")
        .setSubject("canary-json-subject")
        .build();
  }

  private QueueMessage[] messages() {
    return new QueueMessage[] {
      world.message(events()),
      world.message(jsonEvents()),
      world.message(json("unlisted", "j-6", "{\"a\":\"canary-json-unlisted\"}"))
    };
  }

  /** The transport repeats the id that the contract calls personal. */
  private static Event signedUp(MessageLite payload) {
    return WriterWorld.event("SignedUp", "canary-id", payload).toBuilder()
        .setSource("people")
        .setType("people.v1.SignedUp")
        .build();
  }

  @ParameterizedTest
  @EnumSource(FileFormat.class)
  void no_personal_value_leaves_the_writer_but_into_quarantine(FileFormat format) {
    world.write(format, List.of(messages()));

    assertNothingClearOutsideQuarantine();
    assertThat(text("quarantine/"))
        .as("the search finds what is there")
        .contains("canary-unknown", "canary-malformed", "canary-name", "canary-xml", "canary-id")
        .contains("canary-json-key", "canary-json-nobody", "canary-json-unlisted");
    assertThat(text("failed/"))
        .as("every bad event is told of")
        .contains("MALFORMED", "UNKNOWN_TYPE", "RULE", "CONTENT_TYPE", "NO_IDENTITY");
    assertThat(text("events/")).as("values that are nobody's are found").contains("Lyon", "Turin");
    assertThat(encrypted()).as("text, lists and bytes").hasSizeGreaterThan(8);
  }

  @Test
  void the_search_finds_a_value_in_a_file_of_every_format_wherever_a_row_has_it() {
    var columns =
        List.of(
            new Column("text", 1, Scalar.STRING, true),
            new Column("raw", 2, Scalar.BYTES, true),
            new Column("list", 3, new ListOf(Scalar.STRING), false),
            new Column(
                "inner", 4, new Fields(List.of(new Column("raw", 1, Scalar.BYTES, true))), true));
    ByteString bytes = ByteString.copyFromUtf8("x" + CANARY);
    for (int place = 0; place < columns.size(); place++) {
      @Nullable Object[] row = {null, null, List.of(), null};
      row[place] =
          switch (place) {
            case 0 -> CANARY;
            case 1 -> bytes;
            case 2 -> List.of("a", CANARY);
            default -> new @Nullable Object[] {bytes};
          };
      Map<FileFormat, RowFileEncoder> encoders =
          Map.of(
              FileFormat.PARQUET, new ParquetEncoder(),
              FileFormat.NDJSON_ZSTD, NdjsonEncoder.zstd(),
              FileFormat.NDJSON_GZIP, NdjsonEncoder.gzip());
      for (FileFormat format : FileFormat.values()) {
        byte[] file =
            Objects.requireNonNull(encoders.get(format))
                .encode("t.v1.T", columns, List.<@Nullable Object[]>of(row));

        assertThat(text.of("events/file." + format.extension(), file))
            .as(columns.get(place).name() + " in " + format)
            .contains(CANARY);
      }
    }
  }

  @ParameterizedTest
  @EnumSource(FileFormat.class)
  void after_an_erasure_no_copy_can_be_read_a_replay_included(FileFormat format) {
    world.write(format, List.of(messages()));
    Set<String> before = encrypted();
    List<String> persons = persons();
    assertThat(before).hasSizeGreaterThan(10);
    assertThat(readable(before, persons)).as("all of it could be read").isEqualTo(before);
    assertThat(text("archive/")).as("the archive holds the same values").contains(before);

    world.now = world.now.plusSeconds(60);
    for (String person : persons) {
      assertThat(world.subjectKeys.erase(person, world.now)).isEqualTo(Erasure.ERASED);
    }
    world.now = world.now.plusSeconds(600);
    for (String key : keys("archive/", "quarantine/")) {
      assertThat(world.write(format, replaysOf(key))).isEmpty();
    }

    assertThat(keys("events/")).hasSizeGreaterThan(3);
    assertNothingClearOutsideQuarantine();
    assertThat(encrypted()).containsAll(before);
    assertThat(readable(encrypted(), persons)).isEmpty();
  }

  private List<String> persons() {
    return List.of(hash.of("person-1"), hash.of("canary-id"), hash.of("canary-json-id"));
  }

  private void assertNothingClearOutsideQuarantine() {
    assertThat(world.objects.keys()).noneMatch(key -> key.contains(CANARY));
    for (String key : world.objects.keys()) {
      Found object = world.objects.get(key).orElseThrow();
      assertThat(object.metadata().toString()).as(key).doesNotContain(CANARY);
      if (!key.startsWith("quarantine/")) {
        assertThat(text.of(key, object.bytes())).as(key).doesNotContain(CANARY);
      }
    }
    assertThat(world.log).noneMatch(line -> line.contains(CANARY));
    assertThat(world.metrics).isNotEmpty().noneMatch(line -> line.contains(CANARY));
    assertThat(world.subjectKeys.names()).isNotEmpty().noneMatch(name -> name.contains(CANARY));
  }

  /** Every encrypted value of the rows. */
  private Set<String> encrypted() {
    return keys("events/").stream()
        .map(key -> text.values(key, world.objects.get(key).orElseThrow().bytes()))
        .flatMap(values -> ENCRYPTED.matcher(values).results())
        .map(MatchResult::group)
        .collect(Collectors.toSet());
  }

  /** Those of the values that some key that is there opens. */
  private Set<String> readable(Set<String> values, List<String> persons) {
    List<PersonalCipher> ciphers =
        world.keys().subjectKeys().of(Set.copyOf(persons)).values().stream()
            .map(key -> new PersonalCipher(key.dataKey()))
            .toList();
    return values.stream()
        .filter(value -> ciphers.stream().anyMatch(cipher -> opens(cipher, value)))
        .collect(Collectors.toSet());
  }

  private static boolean opens(PersonalCipher cipher, String value) {
    try {
      cipher.decrypt(value);
      return true;
    } catch (IllegalArgumentException otherKey) {
      return false;
    }
  }

  private List<QueueMessage> replaysOf(String key) {
    var messages = new ArrayList<QueueMessage>();
    for (Batch kept : WrittenText.frames(world.objects.get(key).orElseThrow().bytes())) {
      var header = kept.header().toBuilder().setReplayedFrom(key).build();
      messages.add(world.message(new Batch(header, kept.events())));
    }
    return messages;
  }

  private List<String> keys(String... prefixes) {
    return world.objects.keys().stream()
        .filter(key -> Stream.of(prefixes).anyMatch(key::startsWith))
        .toList();
  }

  private String text(String prefix) {
    return keys(prefix).stream()
        .map(key -> text.of(key, world.objects.get(key).orElseThrow().bytes()))
        .collect(Collectors.joining("\n"));
  }
}

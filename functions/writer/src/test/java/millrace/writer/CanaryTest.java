package millrace.writer;

import static millrace.writer.WriterWorld.personEvent;
import static org.assertj.core.api.Assertions.assertThat;

import com.github.luben.zstd.ZstdInputStream;
import com.google.protobuf.ByteString;
import com.google.protobuf.MessageLite;
import com.google.protobuf.UnknownFieldSet;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import millrace.core.batch.BadBatchException;
import millrace.core.batch.Batch;
import millrace.core.batch.BatchFrame;
import millrace.core.batch.FrameLimits;
import millrace.core.file.FileFormat;
import millrace.core.file.ObjectStore.Found;
import millrace.core.treat.PersonalCipher;
import millrace.core.treat.PersonalHash;
import millrace.core.treat.SubjectKeyStore.Erasure;
import millrace.event.v1.Event;
import millrace.people.v1.Contact;
import millrace.people.v1.Person;
import millrace.people.v1.SignedUp;
import org.junit.jupiter.api.Test;

/**
 * Values that name somebody, sown into every place that an event has, are searched for in
 * everything that the writer leaves behind. The rows are NDJSON, which can be searched; Parquet
 * gets the same rows.
 */
class CanaryTest {
  private static final String CANARY = "canary";
  private static final Pattern ENCRYPTED = Pattern.compile("enc1:[A-Za-z0-9+/]+=*");

  private final WriterWorld world = new WriterWorld();
  private final PersonalHash hash =
      new PersonalHash("fedcba9876543210fedcba9876543210".getBytes(StandardCharsets.UTF_8));

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

  @Test
  void no_personal_value_leaves_the_writer_but_into_quarantine() {
    world.write(FileFormat.NDJSON_ZSTD, List.of(messages()));
    world.write(FileFormat.NDJSON_GZIP, List.of(messages()));

    assertNothingClearOutsideQuarantine();
    assertThat(text("quarantine/"))
        .as("the search finds what is there")
        .contains("canary-unknown", "canary-malformed", "canary-name", "canary-xml", "canary-id")
        .contains("canary-json-key", "canary-json-nobody", "canary-json-unlisted");
    assertThat(text("failed/"))
        .as("every bad event is told of")
        .contains("MALFORMED", "UNKNOWN_TYPE", "RULE", "CONTENT_TYPE", "NO_IDENTITY");
    assertThat(text("events/")).contains("Lyon", "Turin");
  }

  @Test
  void after_an_erasure_no_copy_can_be_read_a_replay_included() {
    world.write(messages());
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
      assertThat(world.write(replaysOf(key))).isEmpty();
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
        assertThat(read(key, object.bytes())).as(key).doesNotContain(CANARY);
      }
    }
    assertThat(world.log).noneMatch(line -> line.contains(CANARY));
    assertThat(world.metrics).isNotEmpty().noneMatch(line -> line.contains(CANARY));
    assertThat(world.subjectKeys.names()).isNotEmpty().noneMatch(name -> name.contains(CANARY));
  }

  /** Every encrypted value of the rows. */
  private Set<String> encrypted() {
    return ENCRYPTED
        .matcher(text("events/"))
        .results()
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

  private QueueMessage[] replaysOf(String key) {
    var messages = new ArrayList<QueueMessage>();
    for (Batch kept : frames(world.objects.get(key).orElseThrow().bytes())) {
      var header = kept.header().toBuilder().setReplayedFrom(key).build();
      messages.add(world.message(new Batch(header, kept.events())));
    }
    return messages.toArray(QueueMessage[]::new);
  }

  private List<String> keys(String... prefixes) {
    return world.objects.keys().stream()
        .filter(key -> Stream.of(prefixes).anyMatch(key::startsWith))
        .toList();
  }

  private String text(String prefix) {
    return keys(prefix).stream()
        .map(key -> read(key, world.objects.get(key).orElseThrow().bytes()))
        .collect(Collectors.joining("\n"));
  }

  private static String read(String key, byte[] bytes) {
    if (key.endsWith(".mrb")) {
      return frames(bytes).stream()
          .flatMap(batch -> batch.events().stream())
          .map(event -> new String(event.toByteArray(), StandardCharsets.UTF_8))
          .collect(Collectors.joining("\n"));
    }
    try (InputStream in =
        key.endsWith(".gz")
            ? new GZIPInputStream(new ByteArrayInputStream(bytes))
            : new ZstdInputStream(new ByteArrayInputStream(bytes))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException damaged) {
      throw new UncheckedIOException(damaged);
    }
  }

  private static List<Batch> frames(byte[] bytes) {
    try {
      return BatchFrame.decodeAll(bytes, FrameLimits.ARCHIVE);
    } catch (BadBatchException damaged) {
      throw new AssertionError(damaged);
    }
  }
}

package millrace.writer;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.Timestamp;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.zip.GZIPInputStream;
import millrace.core.file.FileFormat;
import millrace.core.names.Digests;
import millrace.people.v1.Contact;
import millrace.people.v1.Person;
import millrace.testing.v1.AllKinds;
import millrace.testing.v1.Kind;
import millrace.testing.v1.Part;
import millrace.testing.v1.Piece;
import millrace.testing.v1.TransportIdNext;
import org.junit.jupiter.api.Test;

/**
 * The bytes of every object, by their sha256, for one batch that never changes. A change of these
 * bytes is a change of {@link WriteBatches#WRITER_VERSION}: without it a retry after the deploy
 * would find keys taken by other bytes.
 *
 * <p>To take over a change that is wanted, raise the version and run {@code ./mvnw -pl
 * functions/writer -am test -Dtest=GoldenFilesTest -Dsurefire.failIfNoSpecifiedTests=false
 * -Dmillrace.golden.update=true}.
 */
class GoldenFilesTest {
  private static final Path GOLDEN =
      Path.of(
          "src",
          "test",
          "resources",
          "golden",
          "writer-version-" + WriteBatches.WRITER_VERSION + ".txt");

  @Test
  void the_bytes_of_this_writer_version_are_what_they_were() throws IOException {
    String now =
        objects(FileFormat.PARQUET)
            + objects(FileFormat.NDJSON_ZSTD)
            + objects(FileFormat.NDJSON_GZIP);
    if (Boolean.getBoolean("millrace.golden.update")) {
      Files.createDirectories(GOLDEN.getParent());
      Files.writeString(GOLDEN, now);
    }

    assertThat(now)
        .as("raise WRITER_VERSION when this change is wanted, see the class comment")
        .isEqualTo(Files.readString(GOLDEN));
  }

  /** A line for each object: key, size and sha256. */
  private static String objects(FileFormat format) {
    var world = new WriterWorld();
    // The contracts are part of the file id and change with every test that needs one more: their
    // digest is left out.
    AllKinds all =
        AllKinds.newBuilder()
            .setAString("id-1")
            .setAnInt64(Long.MIN_VALUE)
            .setAUint64(-1L)
            .setADouble(0.1)
            .setABytes(ByteString.copyFromUtf8("bytes"))
            .setAnEnum(Kind.KIND_ONE)
            .setATimestamp(Timestamp.newBuilder().setSeconds(1_795_000_000L).setNanos(123_456_000))
            .addStrings("ä")
            .addStrings("\u2028")
            .addParts(
                Part.newBuilder()
                    .setName("p")
                    .addPieces(Piece.newBuilder().setCode("c").setSerial(7)))
            .putStringsByString("k", "v")
            .build();
    Person person =
        Person.newBuilder()
            .setEventId("id-4")
            .setPersonId("person-1")
            .setContact(Contact.newBuilder().setName("Ada").setEmail("ada@example.org"))
            .addNicknames("countess")
            .setBirthYear(1815)
            .build();
    world.write(
        format,
        List.of(
            world.message(
                WriterWorld.event("AllKinds", "m-1", all),
                WriterWorld.event(
                    "AllKinds", "m-2", all.toBuilder().setAString("id-2").clearParts().build()),
                WriterWorld.event(
                    "TransportId", "m-3", ByteString.copyFrom(new byte[] {10, 99, 1})),
                WriterWorld.event(
                    "TransportId",
                    "m-5",
                    TransportIdNext.newBuilder().setAdded("unknown").build())),
            world.message(WriterWorld.personEvent("m-4", person)),
            world.message(
                WriterWorld.event(
                        "any", "m-6", ByteString.copyFromUtf8("{\"b\": 1.0, \"a\": [\"ä\"]}"))
                    .toBuilder()
                    .setSource("plant")
                    .setContentType("application/json")
                    .build())));
    return world.objects.keys().stream()
        .map(
            key ->
                format
                    + " "
                    + key.replaceAll("[0-9a-f]{32}", "<file id>")
                    + " "
                    + digest(world, key)
                    + "\n")
        .collect(Collectors.joining());
  }

  private static String digest(WriterWorld world, String key) {
    byte[] bytes = world.objects.get(key).orElseThrow().bytes();
    if (key.endsWith(".gz")) {
      // Deflate belongs to the JDK and may differ between builds of it; what it holds may not.
      try (var in = new GZIPInputStream(new ByteArrayInputStream(bytes))) {
        bytes = in.readAllBytes();
      } catch (IOException damaged) {
        throw new UncheckedIOException(damaged);
      }
    }
    String text =
        new String(bytes, java.nio.charset.StandardCharsets.ISO_8859_1)
            .replaceAll("[0-9a-f]{32}\\.mrb", "<file id>.mrb");
    return Digests.sha256(text.getBytes(java.nio.charset.StandardCharsets.ISO_8859_1));
  }
}

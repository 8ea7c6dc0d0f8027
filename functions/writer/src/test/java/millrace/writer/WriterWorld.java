package millrace.writer;

import com.github.luben.zstd.ZstdInputStream;
import com.google.protobuf.ByteString;
import com.google.protobuf.MessageLite;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.zip.GZIPInputStream;
import millrace.core.Contracts;
import millrace.core.batch.BadBatchException;
import millrace.core.batch.Batch;
import millrace.core.batch.BatchAttributes;
import millrace.core.batch.BatchBody;
import millrace.core.batch.BatchFrame;
import millrace.core.batch.BatchIds;
import millrace.core.batch.FrameLimits;
import millrace.core.config.InMemorySecrets;
import millrace.core.contract.ContractSet;
import millrace.core.event.Times;
import millrace.core.file.FileFormat;
import millrace.core.file.InMemoryObjectStore;
import millrace.core.file.NdjsonEncoder;
import millrace.core.log.Log;
import millrace.core.treat.InMemoryKeyService;
import millrace.core.treat.InMemorySubjectKeyStore;
import millrace.core.treat.SubjectKeys;
import millrace.event.v1.BatchHeader;
import millrace.event.v1.Event;
import millrace.event.v1.IdOrigin;
import millrace.parquet.ParquetEncoder;
import millrace.people.v1.Person;

/** The writer on twins, and what a test needs to feed it and to look at what it did. */
final class WriterWorld {
  static final Instant SEALED = Instant.parse("2026-11-21T10:00:00.123Z");
  static final String HASH_KEY = "millrace/test/payload-hash-key";
  static final String PERSONAL_HASH_KEY = "millrace/test/personal-hash-key";

  final InMemoryObjectStore objects = new InMemoryObjectStore();

  /** Every effect, in order: writes, and the answer where a test adds it. */
  final List<String> effects = new ArrayList<>();

  final RecordingStore store = new RecordingStore(objects, effects);
  final List<String> log = new ArrayList<>();
  final Log logger = new Log("write", log::add, () -> SEALED);
  final List<String> metrics = new ArrayList<>();
  final InMemorySecrets secrets =
      new InMemorySecrets()
          .with(HASH_KEY, "0123456789abcdef0123456789abcdef".getBytes(StandardCharsets.UTF_8))
          .with(
              PERSONAL_HASH_KEY,
              "fedcba9876543210fedcba9876543210".getBytes(StandardCharsets.UTF_8));
  final InMemorySubjectKeyStore subjectKeys = new InMemorySubjectKeyStore();
  ContractSet contracts = Contracts.TESTING;
  Duration remaining = Duration.ofMinutes(2);
  Instant now = SEALED;

  /** Of this world, so that the same events make the same bytes in every run. */
  private final Random keyRandom = new Random(2);

  final InMemoryKeyService keyService = new InMemoryKeyService(keyRandom);
  private final Random random = new Random(1);
  private int messages;

  List<String> write(FileFormat format, List<QueueMessage> batch) {
    return writeBatches(format).write(batch, () -> remaining);
  }

  /** In NDJSON, which tests can read. */
  List<String> write(QueueMessage... batch) {
    return write(FileFormat.NDJSON_ZSTD, List.of(batch));
  }

  WriteBatches writeBatches(FileFormat format) {
    return new WriteBatches(
        store,
        () -> contracts,
        keys(),
        new RowFormats(
            format,
            FileFormat.NDJSON_ZSTD,
            Map.of(
                FileFormat.PARQUET, new ParquetEncoder(),
                FileFormat.NDJSON_ZSTD, NdjsonEncoder.zstd(),
                FileFormat.NDJSON_GZIP, NdjsonEncoder.gzip())),
        new WriterMetrics("test", () -> SEALED, metrics::add),
        logger);
  }

  WriterKeys keys() {
    return new WriterKeys(
        secrets,
        HASH_KEY,
        PERSONAL_HASH_KEY,
        new SubjectKeys(
            subjectKeys, keyService, () -> now, keyRandom, Duration.ofMinutes(5), 1_000));
  }

  static Event event(String type, String id, MessageLite payload) {
    return event(type, id, payload.toByteString());
  }

  static Event event(String type, String id, ByteString payload) {
    return Event.newBuilder()
        .setId(id)
        .setIdOrigin(id.isEmpty() ? IdOrigin.ID_ORIGIN_UNSPECIFIED : IdOrigin.ID_ORIGIN_MESSAGE_ID)
        .setSource("testing")
        .setType("testing.v1." + type)
        .setContentType("application/x-protobuf")
        .setReceivedTime(Times.timestamp(SEALED.minusSeconds(5)))
        .setPayload(payload)
        .build();
  }

  /** Of the source {@code people}. */
  static Event personEvent(String id, Person payload) {
    return event("Person", id, payload).toBuilder()
        .setSource("people")
        .setType("people.v1.Person")
        .build();
  }

  Batch batch(Event... events) {
    return batch(SEALED, events);
  }

  Batch batch(Instant sealed, Event... events) {
    BatchHeader header =
        BatchHeader.newBuilder()
            .setBatchId(BatchIds.create(sealed, random))
            .setSource(events[0].getSource())
            .setSealedTime(Times.timestamp(sealed))
            .setCount(events.length)
            .build();
    return new Batch(header, List.of(events));
  }

  QueueMessage message(Event... events) {
    return message(batch(events));
  }

  QueueMessage message(Batch batch) {
    return message(BatchBody.inline(BatchFrame.encode(batch)), BatchAttributes.of(batch.header()));
  }

  QueueMessage message(String body, Map<String, String> attributes) {
    return new QueueMessage("message-" + ++messages, body, attributes, SEALED);
  }

  /** The only key that begins so. */
  String key(String prefix) {
    List<String> keys = objects.keys().stream().filter(key -> key.startsWith(prefix)).toList();
    if (keys.size() != 1) {
      throw new AssertionError(
          "expected one key " + prefix + "..., found " + keys + " of " + objects.keys());
    }
    return keys.getFirst();
  }

  byte[] bytes(String prefix) {
    return objects.get(key(prefix)).orElseThrow().bytes();
  }

  /** The lines of the only file that begins so. */
  List<String> lines(String prefix) {
    byte[] bytes = bytes(prefix);
    try (var in =
        key(prefix).endsWith(".gz")
            ? new GZIPInputStream(new ByteArrayInputStream(bytes))
            : new ZstdInputStream(new ByteArrayInputStream(bytes))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
    } catch (IOException damaged) {
      throw new UncheckedIOException(damaged);
    }
  }

  /** The frames of the only object that begins so. */
  List<Batch> frames(String prefix) {
    try {
      return BatchFrame.decodeAll(bytes(prefix), FrameLimits.ARCHIVE);
    } catch (BadBatchException damaged) {
      throw new AssertionError(damaged);
    }
  }

  List<Event> events(String prefix) {
    return frames(prefix).stream().flatMap(batch -> batch.events().stream()).toList();
  }
}

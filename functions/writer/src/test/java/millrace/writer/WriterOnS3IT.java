package millrace.writer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import millrace.aws.DynamoDbSubjectKeyStore;
import millrace.aws.Emulator;
import millrace.aws.KmsKeyService;
import millrace.aws.S3ObjectStore;
import millrace.contracts.orders.v1.Customer;
import millrace.contracts.orders.v1.OrderCreated;
import millrace.core.batch.Batch;
import millrace.core.batch.BatchAttributes;
import millrace.core.batch.BatchBody;
import millrace.core.batch.BatchFrame;
import millrace.core.batch.BatchIds;
import millrace.core.batch.FrameLimits;
import millrace.core.event.Times;
import millrace.core.file.ObjectStore;
import millrace.core.file.ObjectStore.Listed;
import millrace.core.names.EnvironmentKeys;
import millrace.core.treat.PersonalCipher;
import millrace.core.treat.PersonalHash;
import millrace.core.treat.SubjectKeys;
import millrace.event.v1.BatchHeader;
import millrace.event.v1.Event;
import org.junit.jupiter.api.Test;

/** The writer with the adapters that its environment asks for. */
class WriterOnS3IT {
  /** What the emulator's secrets hold. */
  private static final String SECRET = "0123456789abcdef0123456789abcdef";

  private final String bucket = Emulator.get().bucket("writer");
  private final String subjectKeyTable = Emulator.get().subjectKeyTable();
  private final String wrappingKey = Emulator.get().kmsKey();
  private final String quarantineKey = Emulator.get().kmsKey();
  private final ObjectStore store = new S3ObjectStore(Emulator.get().clients().s3(), bucket);

  @Test
  void batches_become_objects_with_metadata_and_a_second_delivery_changes_nothing() {
    WriteBatches writer = WriterHandler.writeBatches(environment());
    List<QueueMessage> messages = List.of(message());

    assertThat(writer.write(messages, () -> Duration.ofMinutes(1))).isEmpty();
    List<Listed> first = objects();
    assertThat(
            WriterHandler.writeBatches(environment()).write(messages, () -> Duration.ofMinutes(1)))
        .isEmpty();

    assertThat(objects()).isEqualTo(first);
    assertThat(first)
        .extracting(object -> object.key().replaceAll("[0-9a-f]{32}", "<id>"))
        .containsExactly(
            "archive/source=orders/year=2026/month=11/day=21/<id>.mrb",
            "events/format=parquet/source=orders/type=orders.v1.OrderCreated/year=2026/month=11/day=21/<id>.r1.parquet",
            "failed/year=2026/month=11/day=21/<id>.r1.ndjson.gz",
            "quarantine/year=2026/month=11/day=21/<id>.mrb");
    assertThat(store.get(first.get(1).key()).orElseThrow().metadata())
        .containsEntry("rows", "1")
        .containsEntry("batches", "1")
        .containsKeys("sha256", "contract-set", "writer-version", "batch-ids");
  }

  @Test
  void what_was_encrypted_is_read_by_the_persons_key_until_it_is_erased() throws Exception {
    WriteBatches writer = WriterHandler.writeBatches(environment());
    assertThat(writer.write(List.of(message()), () -> Duration.ofMinutes(1))).isEmpty();
    String name = archivedOrder().getCustomer().getName();
    String person = new PersonalHash(SECRET.getBytes(StandardCharsets.UTF_8)).of("c-1");

    assertThat(new String(cipher(person).decrypt(name), StandardCharsets.UTF_8)).isEqualTo("Ada");
    new DynamoDbSubjectKeyStore(Emulator.get().clients().dynamoDb(), subjectKeyTable)
        .erase(person, WriterWorld.SEALED);

    assertThatThrownBy(() -> cipher(person).decrypt(name))
        .isInstanceOf(IllegalArgumentException.class);
    try (Stream<Listed> stored = store.list("quarantine/")) {
      String key = stored.findFirst().orElseThrow().key();
      assertThat(
              Emulator.get()
                  .clients()
                  .s3()
                  .headObject(head -> head.bucket(bucket).key(key))
                  .ssekmsKeyId())
          .isEqualTo(quarantineKey);
    }
  }

  private OrderCreated archivedOrder() throws Exception {
    try (Stream<Listed> stored = store.list("archive/")) {
      byte[] frames = store.get(stored.findFirst().orElseThrow().key()).orElseThrow().bytes();
      return OrderCreated.parseFrom(
          BatchFrame.decodeAll(frames, FrameLimits.ARCHIVE)
              .getFirst()
              .events()
              .getFirst()
              .getPayload());
    }
  }

  /** As another function makes it, that has nothing in memory. */
  private PersonalCipher cipher(String person) {
    var clients = Emulator.get().clients();
    var keys =
        new SubjectKeys(
            new DynamoDbSubjectKeyStore(clients.dynamoDb(), subjectKeyTable),
            new KmsKeyService(clients.kms(), wrappingKey),
            () -> WriterWorld.SEALED,
            new SecureRandom(),
            Duration.ZERO,
            10);
    return new PersonalCipher(keys.of(Set.of(person)).get(person).dataKey());
  }

  private List<Listed> objects() {
    try (Stream<Listed> objects = store.list("")) {
      return objects.toList();
    }
  }

  private Map<String, String> environment() {
    var variables = new HashMap<>(Emulator.get().environment());
    variables.put(EnvironmentKeys.ENVIRONMENT, "dev");
    variables.put(EnvironmentKeys.BUCKET, bucket);
    variables.put(EnvironmentKeys.PAYLOAD_HASH_SECRET, Emulator.get().secret("payload"));
    variables.put(EnvironmentKeys.PERSONAL_HASH_SECRET, Emulator.get().secret("personal"));
    variables.put(EnvironmentKeys.SUBJECT_KEY_TABLE, subjectKeyTable);
    variables.put(EnvironmentKeys.SUBJECT_KEY_WRAPPING_KEY, wrappingKey);
    variables.put(EnvironmentKeys.QUARANTINE_KEY, quarantineKey);
    return variables;
  }

  private static QueueMessage message() {
    Event good =
        Event.newBuilder()
            .setSource("orders")
            .setType("orders.v1.OrderCreated")
            .setReceivedTime(Times.timestamp(WriterWorld.SEALED))
            .setPayload(
                OrderCreated.newBuilder()
                    .setEventId("e-1")
                    .setOrderId("o-1")
                    .setCustomer(Customer.newBuilder().setCustomerId("c-1").setName("Ada"))
                    .build()
                    .toByteString())
            .build();
    Event bad = good.toBuilder().setType("orders.v1.Unknown").build();
    BatchHeader header =
        BatchHeader.newBuilder()
            .setBatchId(BatchIds.create(WriterWorld.SEALED, new java.util.Random(1)))
            .setSource("orders")
            .setSealedTime(Times.timestamp(WriterWorld.SEALED))
            .setCount(2)
            .build();
    byte[] frame = BatchFrame.encode(new Batch(header, List.of(good, bad)));
    return new QueueMessage(
        "1", BatchBody.inline(frame), BatchAttributes.of(header), WriterWorld.SEALED);
  }
}

package millrace.writer;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.DynamicMessage;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import millrace.core.batch.Batch;
import millrace.core.batch.BatchAttributes;
import millrace.core.batch.BatchBody;
import millrace.core.batch.BatchFrame;
import millrace.core.batch.BatchIds;
import millrace.core.contract.Contract;
import millrace.core.contract.ContractSet;
import millrace.core.event.Times;
import millrace.core.file.ObjectStore;
import millrace.core.log.Log;
import millrace.core.treat.KeyService;
import millrace.core.treat.SubjectKeyStore;
import millrace.core.treat.SubjectKeys;
import millrace.event.v1.BatchHeader;
import millrace.event.v1.Event;
import millrace.event.v1.IdOrigin;
import millrace.event.v1.Treatment;
import org.crac.Context;
import org.crac.Resource;
import org.jspecify.annotations.Nullable;

/**
 * What is done before Lambda takes the snapshot that later processes start from: events of every
 * built-in contract are written to nowhere, so that classes are loaded and rules compiled. It calls
 * nothing outside and makes its keys up: a snapshot holds no secret, no connection and nothing of
 * an event.
 */
final class Priming implements Resource {
  /** Enough for the compiler to take notice of the hot path. */
  private static final int ROUNDS = 20;

  private final RowFormats formats;
  private final InstantSource clock;
  private final RandomGenerator random;
  private final Consumer<String> files;

  /**
   * @param files takes the key of each object that would have been stored
   */
  Priming(RowFormats formats, InstantSource clock, RandomGenerator random, Consumer<String> files) {
    this.formats = formats;
    this.clock = clock;
    this.random = random;
    this.files = files;
  }

  @Override
  public void beforeCheckpoint(Context<? extends Resource> context) {
    ContractSet contracts = ContractSet.builtIn();
    var writer =
        new WriteBatches(
            new Nowhere(files),
            () -> contracts,
            new WriterKeys(
                name -> new byte[32],
                "",
                "",
                new SubjectKeys(
                    new NoKeys(), new MadeUpKeys(), clock, random, Duration.ofMinutes(1), 100)),
            formats,
            new WriterMetrics("priming", clock, line -> {}),
            new Log("priming", line -> {}, clock));
    for (int round = 0; round < ROUNDS; round++) {
      writer.write(messages(contracts), () -> Duration.ofMinutes(1));
    }
  }

  @Override
  public void afterRestore(Context<? extends Resource> context) {
    // Secrets, contracts and persons' keys are read by the first invocation, as after a cold start.
  }

  /** One per source; each type twice: as accepted before, which breaks no rule, and as new. */
  private List<QueueMessage> messages(ContractSet contracts) {
    Instant now = clock.instant();
    var bySource = new TreeMap<String, List<Event>>();
    for (Contract contract : contracts.contracts()) {
      for (String source : contract.sources()) {
        Event event = event(contract, source, now);
        List<Event> events = bySource.computeIfAbsent(source, s -> new ArrayList<>());
        events.add(event);
        events.add(event.toBuilder().setTreatment(Treatment.TREATMENT_APPLIED).build());
      }
    }
    var messages = new ArrayList<QueueMessage>();
    bySource.forEach((source, events) -> messages.add(message(source, events, now)));
    return messages;
  }

  private static Event event(Contract contract, String source, Instant now) {
    Event.Builder event =
        Event.newBuilder()
            .setId("priming")
            .setIdOrigin(IdOrigin.ID_ORIGIN_MESSAGE_ID)
            .setSource(source)
            .setType(contract.type())
            .setReceivedTime(Times.timestamp(now));
    return contract.jsonSources().isEmpty()
        ? event.setPayload(payload(contract).toByteString()).build()
        : event
            .setContentType("application/json")
            .setPayload(ByteString.copyFromUtf8("{\"priming\":1}"))
            .build();
  }

  private QueueMessage message(String source, List<Event> events, Instant now) {
    BatchHeader header =
        BatchHeader.newBuilder()
            .setBatchId(BatchIds.create(now, random))
            .setSource(source)
            .setSealedTime(Times.timestamp(now))
            .setCount(events.size())
            .build();
    byte[] frame = BatchFrame.encode(new Batch(header, events));
    return new QueueMessage(source, BatchBody.inline(frame), BatchAttributes.of(header), now);
  }

  private static DynamicMessage payload(Contract contract) {
    DynamicMessage.Builder payload = DynamicMessage.newBuilder(contract.descriptor());
    for (FieldDescriptor field : contract.descriptor().getFields()) {
      if (!field.isRepeated() && field.getJavaType() == FieldDescriptor.JavaType.STRING) {
        payload.setField(field, "priming");
      }
    }
    return payload.build();
  }

  private record Nowhere(Consumer<String> files) implements ObjectStore {
    @Override
    public PutOutcome putIfAbsent(String key, byte[] bytes, Map<String, String> metadata) {
      files.accept(key);
      return PutOutcome.CREATED;
    }

    @Override
    public ReplaceOutcome replace(String key, byte[] bytes, @Nullable String expectedTag) {
      return ReplaceOutcome.CHANGED_MEANWHILE;
    }

    @Override
    public Optional<Found> get(String key) {
      return Optional.empty();
    }

    @Override
    public Stream<Listed> list(String prefix) {
      return Stream.empty();
    }
  }

  private static final class NoKeys implements SubjectKeyStore {
    @Override
    public Map<String, Stored> get(Collection<String> names) {
      return Map.of();
    }

    @Override
    public Map<String, Stored> putIfAbsent(Map<String, byte[]> wrapped) {
      var stored = new HashMap<String, Stored>();
      wrapped.forEach((name, key) -> stored.put(name, new Stored(key, null)));
      return stored;
    }

    @Override
    public Erasure erase(String name, Instant at) {
      return Erasure.UNKNOWN;
    }
  }

  private static final class MadeUpKeys implements KeyService {
    @Override
    public NewKey generate() {
      return new NewKey(new byte[32], new byte[32]);
    }

    @Override
    public byte[] unwrap(byte[] wrapped) {
      return new byte[32];
    }
  }
}

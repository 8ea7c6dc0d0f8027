package millrace.core.file;

import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import millrace.core.names.Digests;
import org.jspecify.annotations.Nullable;

/** Twin of the object store. Passes {@link ObjectStoreContract} as S3 does. */
public final class InMemoryObjectStore implements ObjectStore {
  private final InstantSource clock;
  private final TreeMap<String, Stored> objects = new TreeMap<>();

  private record Stored(byte[] bytes, Map<String, String> metadata, Instant at) {
    String tag() {
      return Digests.sha256(bytes);
    }
  }

  public InMemoryObjectStore() {
    this(() -> Instant.EPOCH);
  }

  public InMemoryObjectStore(InstantSource clock) {
    this.clock = clock;
  }

  @Override
  public synchronized PutOutcome putIfAbsent(
      String key, byte[] bytes, Map<String, String> metadata) {
    if (objects.containsKey(key)) {
      return PutOutcome.ALREADY_THERE;
    }
    objects.put(key, new Stored(bytes.clone(), Map.copyOf(metadata), clock.instant()));
    return PutOutcome.CREATED;
  }

  @Override
  public synchronized ReplaceOutcome replace(
      String key, byte[] bytes, @Nullable String expectedTag) {
    Stored before = objects.get(key);
    boolean isExpected = before == null ? expectedTag == null : before.tag().equals(expectedTag);
    if (!isExpected) {
      return ReplaceOutcome.CHANGED_MEANWHILE;
    }
    objects.put(key, new Stored(bytes.clone(), Map.of(), clock.instant()));
    return ReplaceOutcome.REPLACED;
  }

  @Override
  public synchronized Optional<Found> get(String key) {
    return Optional.ofNullable(objects.get(key))
        .map(object -> new Found(object.bytes().clone(), object.tag(), object.metadata()));
  }

  @Override
  public synchronized Stream<Listed> list(String prefix) {
    return objects.tailMap(prefix).entrySet().stream()
        .takeWhile(object -> object.getKey().startsWith(prefix))
        .map(
            object ->
                new Listed(
                    object.getKey(), object.getValue().bytes().length, object.getValue().at()))
        .toList()
        .stream();
  }

  /** What a day of waiting for a lifecycle rule does. */
  public synchronized void remove(String key) {
    objects.remove(key);
  }

  /** All keys, in order. */
  public synchronized List<String> keys() {
    return List.copyOf(objects.keySet());
  }
}

package millrace.core.file;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The object store: S3, or its twin in memory. Every method throws {@link
 * millrace.core.failed.MillraceFailure.EnvironmentFailure} when the store does not answer or
 * refuses.
 */
public interface ObjectStore {
  /**
   * Stores a whole object unless one with this key exists. Nothing is ever overwritten.
   *
   * @param metadata user metadata: lower case names, ASCII values, 2 KB together
   */
  PutOutcome putIfAbsent(String key, byte[] bytes, Map<String, String> metadata);

  /**
   * Replaces the object if its tag is still {@code expectedTag}; null expects that there is none.
   */
  ReplaceOutcome replace(String key, byte[] bytes, @Nullable String expectedTag);

  /** The object, or empty when there is none. */
  Optional<Found> get(String key);

  /** Objects whose keys begin with the prefix, in key order. Close the stream. */
  Stream<Listed> list(String prefix);

  enum PutOutcome {
    CREATED,
    /**
     * An object with this key exists: with keys by content rules this means that an earlier try had
     * stored it.
     */
    ALREADY_THERE
  }

  enum ReplaceOutcome {
    REPLACED,
    /** Somebody else has replaced it since it was read. */
    CHANGED_MEANWHILE
  }

  /**
   * @param tag identifies this content of the object, for {@link #replace}
   */
  record Found(byte[] bytes, String tag, Map<String, String> metadata) {}

  record Listed(String key, long bytes, Instant storedAt) {}
}

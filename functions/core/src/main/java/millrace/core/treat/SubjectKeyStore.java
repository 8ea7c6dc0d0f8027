package millrace.core.treat;

import java.time.Instant;
import java.util.Collection;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where the data keys of persons are kept, wrapped: a DynamoDB table, or its twin in memory. Every
 * method throws {@link millrace.core.failed.MillraceFailure.EnvironmentFailure} when the store does
 * not answer or refuses.
 *
 * <p>Names tell nothing of a person: they are keyed hashes.
 */
public interface SubjectKeyStore {
  /** What is kept of these names; names of which nothing is known are missing in the answer. */
  Map<String, Stored> get(Collection<String> names);

  /**
   * Keeps each key unless its name has one: of two that write at once, one wins and both are told
   * the same key.
   *
   * @param wrapped by name
   * @return what is kept of each of these names now
   */
  Map<String, Stored> putIfAbsent(Map<String, byte[]> wrapped);

  /**
   * Forgets the key of a name for good and remembers when. Erasing again moves the time on.
   *
   * @param at the time to remember, in whole milliseconds
   */
  Erasure erase(String name, Instant at);

  /**
   * @param wrapped the key; null after an erasure, until there is a new one
   * @param erasedAt the last erasure; null when there was none
   */
  record Stored(byte @Nullable [] wrapped, @Nullable Instant erasedAt) {}

  /** What an erasure found. */
  enum Erasure {
    /** There was a key; it is gone. */
    ERASED,
    /** There had been a key, and it was erased before. */
    ERASED_BEFORE,
    /** Nothing was ever kept of the name, and nothing is now. */
    UNKNOWN
  }
}

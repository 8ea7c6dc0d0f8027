package millrace.local.erase;

import java.time.InstantSource;
import java.util.List;
import millrace.core.treat.PersonalHash;
import millrace.core.treat.SubjectKeyStore;
import millrace.core.treat.SubjectKeyStore.Stored;

/**
 * Forgets the data key of a person. Archive, files, raw tables and marts hold values that were
 * encrypted under it, and keep them: nothing reads them any more, a replay neither.
 */
public final class Erase {
  private final SubjectKeyStore keys;
  private final PersonalHash hash;
  private final InstantSource clock;

  public Erase(SubjectKeyStore keys, PersonalHash hash, InstantSource clock) {
    this.keys = keys;
    this.hash = hash;
    this.clock = clock;
  }

  /** What an erasure did, or would do. */
  public enum Outcome {
    /** There was a key; it is gone. */
    ERASED,
    /** There had been a key, and it was erased before. */
    ERASED_BEFORE,
    /** There is a key; a dry run left it. */
    WOULD_ERASE,
    /** Nothing was ever encrypted for such a person. */
    UNKNOWN
  }

  /**
   * The name under which a person's key is kept.
   *
   * @param subject id of the person as events have it, or its hash as the warehouse has it
   */
  public String name(String subject) {
    return PersonalHash.hasForm(subject) ? subject : hash.of(subject);
  }

  /**
   * @param dryRun only tell what would be done
   */
  public Outcome erase(String subject, boolean dryRun) {
    String name = name(subject);
    if (dryRun) {
      Stored stored = keys.get(List.of(name)).get(name);
      if (stored == null) {
        return Outcome.UNKNOWN;
      }
      return stored.wrapped() == null ? Outcome.ERASED_BEFORE : Outcome.WOULD_ERASE;
    }
    return switch (keys.erase(name, clock.instant())) {
      case ERASED -> Outcome.ERASED;
      case ERASED_BEFORE -> Outcome.ERASED_BEFORE;
      case UNKNOWN -> Outcome.UNKNOWN;
    };
  }
}

package millrace.core.treat;

import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Encrypts values of one event, each under the data key of the person whom it is about. */
final class SubjectCiphers {
  private final Map<String, SubjectKey> keys;
  private final Instant receivedAt;
  private final Map<String, PersonalCipher> ciphers = new HashMap<>();

  /**
   * @param keys a key for each person, by name
   * @param receivedAt when the pipeline received the event first: values older than an erasure of
   *     their person are not kept
   */
  SubjectCiphers(Map<String, SubjectKey> keys, Instant receivedAt) {
    this.keys = keys;
    this.receivedAt = receivedAt;
  }

  /**
   * Name under which a person's data key is kept.
   *
   * @param id as the event has it; may be empty
   * @param treatedBefore whether the event comes from the archive
   * @return an empty text when the event names nobody
   */
  static String name(String id, PersonalHash hash, boolean treatedBefore) {
    if (id.isEmpty()) {
      return "";
    }
    // In the archive, a hashed subject is its name already.
    return treatedBefore && PersonalHash.hasForm(id) ? id : hash.of(id);
  }

  /**
   * @param name of the person, of {@link #name}
   * @param what says in messages which value it is, and not the value
   * @param context makes nonces differ between places
   * @return null when the value must not be kept
   * @throws NoSubjectException when the event names nobody
   */
  @Nullable String encrypt(String name, String what, List<String> context, byte[] value) {
    if (name.isEmpty()) {
      throw new NoSubjectException(what + " is to be encrypted, and its subject is empty");
    }
    SubjectKey key = keys.get(name);
    if (key == null) {
      throw new IllegalStateException("no data key was asked for: " + what);
    }
    return key.covers(receivedAt)
        ? ciphers
            .computeIfAbsent(name, each -> new PersonalCipher(key.dataKey()))
            .encrypt(context, value)
        : null;
  }
}

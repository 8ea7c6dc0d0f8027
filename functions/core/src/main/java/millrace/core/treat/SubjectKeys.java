package millrace.core.treat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.random.RandomGenerator;
import javax.crypto.spec.SecretKeySpec;
import millrace.core.failed.MillraceFailure.SetupFailure;
import millrace.core.treat.KeyService.NewKey;
import millrace.core.treat.SubjectKeyStore.Stored;
import org.jspecify.annotations.Nullable;

/**
 * The data keys of persons, made when a person is first seen.
 *
 * <p>Data keys are wrapped by one wrapping key, which lies beside them and which only the key
 * service can unwrap. So a batch of thousands of persons costs one call of that service in the life
 * of a function, instead of one for each person; and a person's key is gone for good when its item
 * is deleted, since nothing else derives it.
 */
public final class SubjectKeys {
  /** Name of the wrapping key in the store. Names of persons have a colon. */
  static final String WRAPPING_KEY = "wrapping-key-1";

  private static final int NONCE_BYTES = 12;

  private final SubjectKeyStore store;
  private final KeyService service;
  private final InstantSource clock;
  private final RandomGenerator random;
  private final Duration freshFor;
  private final LinkedHashMap<String, Known> known;
  private @Nullable SecretKeySpec wrappingKey;

  private record Known(SubjectKey key, Instant readAt) {}

  /**
   * @param random a cryptographically strong source: data keys come from it
   * @param freshFor how long a key may be used after somebody erased it; what is encrypted
   *     meanwhile is as unreadable as what was before
   * @param capacity most keys kept in memory
   */
  public SubjectKeys(
      SubjectKeyStore store,
      KeyService service,
      InstantSource clock,
      RandomGenerator random,
      Duration freshFor,
      int capacity) {
    this.store = store;
    this.service = service;
    this.clock = clock;
    this.random = random;
    this.freshFor = freshFor;
    this.known =
        new LinkedHashMap<>(16, 0.75f, true) {
          @Override
          protected boolean removeEldestEntry(Map.Entry<String, Known> eldest) {
            return size() > capacity;
          }
        };
  }

  /**
   * The keys of these persons, each of which has one afterwards. No persons cost no call.
   *
   * @param names as {@link PersonalHash} names them
   */
  public synchronized Map<String, SubjectKey> of(Set<String> names) {
    Instant now = clock.instant();
    var keys = new HashMap<String, SubjectKey>();
    var missing = new ArrayList<String>();
    for (String name : names) {
      Known before = known.get(name);
      if (before != null && now.isBefore(before.readAt().plus(freshFor))) {
        keys.put(name, before.key());
      } else {
        missing.add(name);
      }
    }
    if (missing.isEmpty()) {
      return keys;
    }
    SecretKeySpec wrapping = wrappingKey();
    var stored = new HashMap<>(store.get(missing));
    var made = new HashMap<String, byte[]>();
    for (String name : missing) {
      Stored one = stored.get(name);
      if (one == null || one.wrapped() == null) {
        byte[] dataKey = bytes(PersonalCipher.KEY_BYTES);
        made.put(
            name, PersonalCipher.seal(wrapping, bytes(NONCE_BYTES), associated(name), dataKey));
      }
    }
    if (!made.isEmpty()) {
      stored.putAll(store.putIfAbsent(made));
    }
    for (String name : missing) {
      SubjectKey key = unwrapped(wrapping, name, stored.get(name));
      keys.put(name, key);
      known.put(name, new Known(key, now));
    }
    return keys;
  }

  private SubjectKey unwrapped(SecretKeySpec wrapping, String name, @Nullable Stored stored) {
    byte @Nullable [] wrapped = stored == null ? null : stored.wrapped();
    if (stored == null || wrapped == null) {
      throw new IllegalStateException("the store kept no key of a name it was given one for");
    }
    try {
      return new SubjectKey(
          PersonalCipher.open(wrapping, wrapped, associated(name)), stored.erasedAt());
    } catch (IllegalArgumentException otherKey) {
      throw new SetupFailure(
          "the data key of a person is not under the wrapping key beside it: was a table restored"
              + " in parts?",
          otherKey);
    }
  }

  private SecretKeySpec wrappingKey() {
    if (wrappingKey == null) {
      Stored stored = store.get(Set.of(WRAPPING_KEY)).get(WRAPPING_KEY);
      byte @Nullable [] wrapped = stored == null ? null : stored.wrapped();
      if (wrapped == null) {
        NewKey made = service.generate();
        stored = store.putIfAbsent(Map.of(WRAPPING_KEY, made.wrapped())).get(WRAPPING_KEY);
        wrapped = stored == null ? null : stored.wrapped();
      }
      if (wrapped == null) {
        throw new IllegalStateException("the store kept no wrapping key");
      }
      wrappingKey = new SecretKeySpec(service.unwrap(wrapped), "AES");
    }
    return wrappingKey;
  }

  private byte[] bytes(int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return bytes;
  }

  /** Binds a wrapped key to its name: copied to another person's item, it does not open. */
  private static byte[] associated(String name) {
    return name.getBytes(StandardCharsets.UTF_8);
  }
}

package millrace.core.treat;

import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;
import millrace.core.names.KeyedHash;

/**
 * What {@code PII_HASH} stores instead of a value: {@code <key id>:<hex>}, equal for equal values
 * of any field and type, so that hashed values can be joined. Of a person's id, also the name under
 * which the person's data key is kept. Not thread-safe.
 *
 * <p>Its key is one of its own and not the payload hash's: a new key there is harmless, a new key
 * here gives every person another pseudonym.
 */
public final class PersonalHash {
  private static final Pattern FORM = Pattern.compile("[0-9a-f]{8}:[0-9a-f]{64}");

  private final KeyedHash hash;

  /**
   * @param key at least 16 bytes, from the secret store
   * @throws IllegalArgumentException when the key is too short
   */
  public PersonalHash(byte[] key) {
    this.hash = new KeyedHash(key, "hash of personal data");
  }

  public String of(String text) {
    return of(text.getBytes(StandardCharsets.UTF_8));
  }

  public String of(byte[] bytes) {
    return hash.of(bytes);
  }

  /** Whether a text has the form of such a hash. */
  public static boolean hasForm(String text) {
    return FORM.matcher(text).matches();
  }
}

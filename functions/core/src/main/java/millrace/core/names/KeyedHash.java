package millrace.core.names;

import java.nio.charset.StandardCharsets;
import java.security.InvalidKeyException;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * HMAC-SHA-256 as text, {@code <key id>:<hex>}. Keyed, since hashes of small personal values could
 * otherwise be looked up. Not thread-safe.
 */
public final class KeyedHash {
  private static final int MIN_KEY_BYTES = 16;

  private final String keyId;
  private final Mac mac;

  /**
   * @param key at least 16 bytes, from the secret store
   * @param what it is the key of, for the message of the exception
   * @throws IllegalArgumentException when the key is too short
   */
  public KeyedHash(byte[] key, String what) {
    if (key.length < MIN_KEY_BYTES) {
      throw new IllegalArgumentException(
          "the key of the " + what + " has less than " + MIN_KEY_BYTES + " bytes");
    }
    this.mac = hmac(key);
    // An id made from the key itself: two functions that hold the same key agree on it without
    // being told.
    this.keyId =
        HexFormat.of().formatHex(mac.doFinal("key id".getBytes(StandardCharsets.UTF_8)), 0, 4);
  }

  /** {@code <key id>:<hex>}: 8 and 64 hex digits. */
  public String of(byte[] bytes) {
    return keyId + ":" + HexFormat.of().formatHex(mac.doFinal(bytes));
  }

  /** HMAC-SHA-256 under a key of any length but none. */
  public static Mac hmac(byte[] key) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key, "HmacSHA256"));
      return mac;
    } catch (NoSuchAlgorithmException | InvalidKeyException impossible) {
      throw new IllegalStateException("every Java runtime has HmacSHA256", impossible);
    }
  }
}

package millrace.core.treat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import millrace.core.names.KeyedHash;

/**
 * What {@code PII_ENCRYPT} stores instead of a value: {@code enc1:} and the base64 of nonce,
 * ciphertext and tag; AES-256-GCM under the data key of a person. Not thread-safe.
 *
 * <p>The nonce is made from the data key, the place of the value and the value itself: a retry
 * writes the same bytes, a nonce never stands for two values, and equal values in two places look
 * different.
 */
public final class PersonalCipher {
  /** Length of a data key. */
  public static final int KEY_BYTES = 32;

  private static final String PREFIX = "enc1:";
  private static final int NONCE_BYTES = 12;
  private static final int TAG_BITS = 128;

  private final SecretKeySpec key;
  private final Mac nonces;

  /**
   * @param dataKey {@link #KEY_BYTES} bytes
   */
  public PersonalCipher(byte[] dataKey) {
    if (dataKey.length != KEY_BYTES) {
      throw new IllegalArgumentException("a data key has " + KEY_BYTES + " bytes");
    }
    // One key for one purpose: what makes nonces is not what encrypts.
    this.key = new SecretKeySpec(derived(dataKey, "millrace enc1 encrypt"), "AES");
    this.nonces = KeyedHash.hmac(derived(dataKey, "millrace enc1 nonce"));
  }

  /**
   * @param place what tells this value from all others of the person, such as type, event id and
   *     field path
   */
  public String encrypt(List<String> place, byte[] value) {
    for (String part : place) {
      byte[] bytes = part.getBytes(StandardCharsets.UTF_8);
      // with its length, so that two places never run into one
      nonces.update(ByteBuffer.allocate(Integer.BYTES).putInt(bytes.length).array());
      nonces.update(bytes);
    }
    byte[] nonce = Arrays.copyOf(nonces.doFinal(value), NONCE_BYTES);
    return PREFIX + Base64.getEncoder().encodeToString(seal(key, nonce, new byte[0], value));
  }

  /**
   * @throws IllegalArgumentException when the text has another form, or was encrypted under another
   *     key
   */
  public byte[] decrypt(String text) {
    if (!hasForm(text)) {
      throw new IllegalArgumentException("not a value that was encrypted here");
    }
    return open(key, Base64.getDecoder().decode(text.substring(PREFIX.length())), new byte[0]);
  }

  /** Whether a text has the form of an encrypted value. */
  public static boolean hasForm(String text) {
    if (!text.startsWith(PREFIX)) {
      return false;
    }
    try {
      byte[] bytes = Base64.getDecoder().decode(text.substring(PREFIX.length()));
      return bytes.length >= NONCE_BYTES + TAG_BITS / Byte.SIZE;
    } catch (IllegalArgumentException notBase64) {
      return false;
    }
  }

  /** Nonce, ciphertext and tag in one. */
  static byte[] seal(SecretKeySpec key, byte[] nonce, byte[] associated, byte[] value) {
    try {
      Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
      cipher.init(Cipher.ENCRYPT_MODE, key, new GCMParameterSpec(TAG_BITS, nonce));
      cipher.updateAAD(associated);
      byte[] sealed = cipher.doFinal(value);
      return ByteBuffer.allocate(nonce.length + sealed.length).put(nonce).put(sealed).array();
    } catch (GeneralSecurityException impossible) {
      throw new IllegalStateException("every Java runtime has AES/GCM", impossible);
    }
  }

  /**
   * @throws IllegalArgumentException when it was sealed under another key or with other associated
   *     bytes, or is damaged
   */
  static byte[] open(SecretKeySpec key, byte[] sealed, byte[] associated) {
    try {
      Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
      cipher.init(Cipher.DECRYPT_MODE, key, new GCMParameterSpec(TAG_BITS, sealed, 0, NONCE_BYTES));
      cipher.updateAAD(associated);
      return cipher.doFinal(sealed, NONCE_BYTES, sealed.length - NONCE_BYTES);
    } catch (GeneralSecurityException | IllegalArgumentException otherKey) {
      throw new IllegalArgumentException("encrypted under another key, or damaged", otherKey);
    }
  }

  private static byte[] derived(byte[] dataKey, String purpose) {
    return KeyedHash.hmac(dataKey).doFinal(purpose.getBytes(StandardCharsets.UTF_8));
  }
}

package millrace.core.treat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;

class PersonalCipherTest {
  private static final byte[] VALUE = "Ada Lovelace".getBytes(StandardCharsets.UTF_8);

  private final PersonalCipher cipher = new PersonalCipher(new byte[32]);

  @Test
  void what_was_encrypted_is_read_with_the_same_key_and_no_other() {
    String text = cipher.encrypt(List.of("t", "1", "name"), VALUE);
    byte[] otherKey = new byte[32];
    otherKey[0] = 1;

    assertThat(new PersonalCipher(new byte[32]).decrypt(text)).isEqualTo(VALUE);
    assertThatThrownBy(() -> new PersonalCipher(otherKey).decrypt(text))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void a_retry_writes_the_same_text_and_another_place_another_one() {
    String text = cipher.encrypt(List.of("t", "1", "name"), VALUE);

    assertThat(cipher.encrypt(List.of("t", "1", "name"), VALUE)).isEqualTo(text);
    assertThat(cipher.encrypt(List.of("t", "2", "name"), VALUE)).isNotEqualTo(text);
    assertThat(cipher.encrypt(List.of("t", "1", "names"), VALUE)).isNotEqualTo(text);
  }

  @Test
  void one_nonce_never_stands_for_two_values() {
    assertThat(nonce(cipher.encrypt(List.of("t"), VALUE)))
        .isNotEqualTo(nonce(cipher.encrypt(List.of("t"), new byte[] {1})));
    assertThat(nonce(cipher.encrypt(List.of("ab", "c"), VALUE)))
        .as("the parts of a place do not run into one another")
        .isNotEqualTo(nonce(cipher.encrypt(List.of("a", "bc"), VALUE)));
  }

  /** Whoever reads the warehouse with another program relies on it. The text is Python's. */
  @Test
  void the_format_does_not_change() {
    assertThat(cipher.encrypt(List.of("people.v1.Person", "1", "contact.name"), VALUE))
        .isEqualTo("enc1:2s/sZGVgSqeBagFuD5tVlS+oZy7M8dNid3guoGDestcwofdMoNpL3Q==");
  }

  @Test
  void a_changed_text_is_refused() {
    String text = cipher.encrypt(List.of("t"), VALUE);
    byte[] bytes = Base64.getDecoder().decode(text.substring("enc1:".length()));
    bytes[bytes.length - 1] ^= 1;

    assertThatThrownBy(() -> cipher.decrypt("enc1:" + Base64.getEncoder().encodeToString(bytes)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> cipher.decrypt("Ada")).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void only_what_was_encrypted_has_the_form() {
    assertThat(PersonalCipher.hasForm(cipher.encrypt(List.of("t"), VALUE))).isTrue();
    assertThat(PersonalCipher.hasForm("enc1:short")).isFalse();
    assertThat(PersonalCipher.hasForm("enc1:not base64 at all, whatever its length is")).isFalse();
    assertThat(PersonalCipher.hasForm("Ada Lovelace")).isFalse();
  }

  private static String nonce(String text) {
    return text.substring(0, "enc1:".length() + 16);
  }
}

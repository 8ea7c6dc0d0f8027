package millrace.core.treat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import millrace.core.failed.MillraceFailure.EnvironmentFailure;
import millrace.core.treat.KeyService.NewKey;
import org.junit.jupiter.api.Test;

/** What every service of keys must do. */
public interface KeyServiceContract {
  KeyService service();

  @Test
  default void what_it_wrapped_it_unwraps() {
    NewKey key = service().generate();

    assertThat(key.plain()).hasSize(32);
    assertThat(service().unwrap(key.wrapped())).isEqualTo(key.plain());
    assertThat(new String(key.wrapped(), java.nio.charset.StandardCharsets.ISO_8859_1))
        .doesNotContain(new String(key.plain(), java.nio.charset.StandardCharsets.ISO_8859_1));
  }

  @Test
  default void two_keys_are_two() {
    assertThat(service().generate().plain()).isNotEqualTo(service().generate().plain());
  }

  @Test
  default void what_it_did_not_wrap_is_refused() {
    assertThatThrownBy(() -> service().unwrap(new byte[] {1, 2, 3}))
        .isInstanceOf(EnvironmentFailure.class);
  }
}

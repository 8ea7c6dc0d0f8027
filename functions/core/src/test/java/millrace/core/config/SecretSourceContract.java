package millrace.core.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import millrace.core.failed.MillraceFailure.SetupFailure;
import org.junit.jupiter.api.Test;

/** What every store of secrets must do. */
public interface SecretSourceContract {
  /** A store that holds exactly this secret. */
  SecretSource sourceWith(String name, byte[] value);

  @Test
  default void a_secret_is_found_by_its_name() {
    byte[] value = "pässword".getBytes(StandardCharsets.UTF_8);

    assertThat(sourceWith("millrace/test/found", value).secret("millrace/test/found"))
        .isEqualTo(value);
  }

  @Test
  default void a_missing_secret_is_a_failure_of_the_set_up_that_names_it() {
    SecretSource source = sourceWith("millrace/test/another", new byte[] {'x'});

    assertThatThrownBy(() -> source.secret("millrace/test/missing"))
        .isInstanceOf(SetupFailure.class)
        .hasMessageContaining("millrace/test/missing");
  }
}

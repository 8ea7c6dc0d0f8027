package millrace.core.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class CachedSecretsTest {
  private Instant now = Instant.parse("2026-11-21T10:00:00Z");
  private final InMemorySecrets source = new InMemorySecrets().with("key", new byte[] {1});
  private final CachedSecrets cached = new CachedSecrets(source, () -> now, Duration.ofMinutes(15));

  @Test
  void a_fresh_secret_is_not_asked_for_again() {
    cached.secret("key");
    now = now.plus(Duration.ofMinutes(14));

    assertThat(cached.secret("key")).containsExactly(1);
    assertThat(source.reads()).isEqualTo(1);
  }

  @Test
  void a_rotated_secret_arrives_when_the_old_one_is_no_longer_fresh() {
    cached.secret("key");
    source.with("key", new byte[] {2});
    now = now.plus(Duration.ofMinutes(15));

    assertThat(cached.secret("key")).containsExactly(2);
  }

  @Test
  void the_callers_copy_is_his_own() {
    cached.secret("key")[0] = 9;

    assertThat(cached.secret("key")).containsExactly(1);
  }
}

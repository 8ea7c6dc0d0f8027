package millrace.core.config;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;

/**
 * Asks for a secret again only when what is known is older than {@code freshFor}: a rotation
 * arrives without a deploy.
 */
public final class CachedSecrets implements SecretSource {
  private final SecretSource source;
  private final InstantSource clock;
  private final Duration freshFor;
  private final Map<String, Known> known = new HashMap<>();

  public CachedSecrets(SecretSource source, InstantSource clock, Duration freshFor) {
    this.source = source;
    this.clock = clock;
    this.freshFor = freshFor;
  }

  @Override
  public synchronized byte[] secret(String name) {
    Instant now = clock.instant();
    Known before = known.get(name);
    if (before != null && now.isBefore(before.readAt().plus(freshFor))) {
      return before.value().clone();
    }
    byte[] value = source.secret(name);
    known.put(name, new Known(value, now));
    return value.clone();
  }

  private record Known(byte[] value, Instant readAt) {}
}

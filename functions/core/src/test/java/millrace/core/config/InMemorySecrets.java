package millrace.core.config;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import millrace.core.failed.MillraceFailure.SetupFailure;

/** Twin of the secret store. Passes {@link SecretSourceContract} as Secrets Manager does. */
public final class InMemorySecrets implements SecretSource {
  private final Map<String, byte[]> secrets = new ConcurrentHashMap<>();
  private int reads;

  public InMemorySecrets with(String name, byte[] value) {
    secrets.put(name, value.clone());
    return this;
  }

  @Override
  public synchronized byte[] secret(String name) {
    reads++;
    byte[] value = secrets.get(name);
    if (value == null) {
      throw new SetupFailure("there is no secret " + name);
    }
    return value.clone();
  }

  /** How often it was asked. */
  public synchronized int reads() {
    return reads;
  }
}

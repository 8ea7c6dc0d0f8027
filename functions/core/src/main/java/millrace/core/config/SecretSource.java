package millrace.core.config;

/** Where secrets are kept: Secrets Manager, or its twin in memory. */
@FunctionalInterface
public interface SecretSource {
  /**
   * The current value of a secret. Never log it.
   *
   * @param name name or ARN
   * @throws millrace.core.failed.MillraceFailure.SetupFailure when there is no such secret
   * @throws millrace.core.failed.MillraceFailure.EnvironmentFailure when the store does not answer
   *     or refuses
   */
  byte[] secret(String name);
}

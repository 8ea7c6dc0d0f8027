package millrace.core.treat;

/**
 * Makes keys that only it can unwrap: KMS, or its twin in memory. Every method throws {@link
 * millrace.core.failed.MillraceFailure.EnvironmentFailure} when the service does not answer or
 * refuses.
 */
public interface KeyService {
  /** A new key of 256 bits. */
  NewKey generate();

  /** The key that {@link #generate} wrapped so. */
  byte[] unwrap(byte[] wrapped);

  /**
   * @param plain the key; never stored
   * @param wrapped what may be stored
   */
  record NewKey(byte[] plain, byte[] wrapped) {}
}

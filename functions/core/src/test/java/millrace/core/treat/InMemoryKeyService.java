package millrace.core.treat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import millrace.core.failed.MillraceFailure.EnvironmentFailure;

/** Twin of KMS: what it wraps is a number that only it knows the key of. */
public final class InMemoryKeyService implements KeyService {
  private final RandomGenerator random;
  private final List<byte[]> keys = new ArrayList<>();
  private int calls;

  public InMemoryKeyService(RandomGenerator random) {
    this.random = random;
  }

  /** How often it was asked. */
  public int calls() {
    return calls;
  }

  @Override
  public NewKey generate() {
    calls++;
    byte[] key = new byte[32];
    random.nextBytes(key);
    keys.add(key);
    return new NewKey(key.clone(), new byte[] {'w', (byte) (keys.size() - 1)});
  }

  @Override
  public byte[] unwrap(byte[] wrapped) {
    calls++;
    if (wrapped.length != 2 || wrapped[0] != 'w' || wrapped[1] >= keys.size()) {
      throw new EnvironmentFailure(
          "KMS refused Decrypt: InvalidCiphertextException, " + Arrays.toString(wrapped), null);
    }
    return keys.get(wrapped[1]).clone();
  }
}

package millrace.core;

import java.io.IOException;
import java.io.UncheckedIOException;
import millrace.core.contract.Contract;
import millrace.core.contract.ContractSet;

/** The contracts of the tests. */
public final class Contracts {
  /** Every kind of field and identity; source {@code testing}. */
  public static final ContractSet TESTING = load();

  private Contracts() {}

  public static Contract testing(String message) {
    return TESTING.find("testing", "testing.v1." + message).orElseThrow();
  }

  private static ContractSet load() {
    try (var in = Contracts.class.getResourceAsStream("/testing/contracts.binpb")) {
      if (in == null) {
        throw new IllegalStateException("build the tests of millrace-core first");
      }
      return ContractSet.parse(in.readAllBytes());
    } catch (IOException damaged) {
      throw new UncheckedIOException(damaged);
    }
  }
}

package millrace.local.deploy;

import java.net.URI;
import java.nio.file.Path;

/** Why an assembly is not deployed: a closed set, each a sentence that says what to do. */
public abstract sealed class DeployException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private DeployException(String message) {
    super(message);
  }

  /** The endpoint is not on this machine; a real account is {@code cdk deploy}'s business. */
  public static final class RefusedEndpoint extends DeployException {
    private static final long serialVersionUID = 1L;

    RefusedEndpoint(URI endpoint) {
      super(
          endpoint
              + " is not on this machine: this deployer serves emulators on loopback only, use cdk"
              + " deploy");
    }
  }

  /** The assembly is missing or is not what CDK writes. */
  public static final class UnusableAssembly extends DeployException {
    private static final long serialVersionUID = 1L;

    UnusableAssembly(Path assembly, String what) {
      super(assembly + " " + what + ": build it with ./mvnw -Dquick package");
    }
  }

  /** The stack was refused or rolled back. */
  public static final class StackFailed extends DeployException {
    private static final long serialVersionUID = 1L;

    StackFailed(String stack, String reason) {
      super("stack " + stack + " was not deployed: " + reason);
    }
  }
}

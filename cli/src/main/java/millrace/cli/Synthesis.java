package millrace.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import millrace.core.failed.MillraceFailure.SetupFailure;
import millrace.local.state.Checkout;

/** The CDK app. It finds the pinned Node on the PATH that the start script sets. */
final class Synthesis {
  private static final String APP = "millrace.infra.MillraceApp";

  private final Checkout checkout;

  Synthesis(Checkout checkout) {
    this.checkout = checkout;
  }

  /** Where an environment's assembly goes when nobody says otherwise. */
  static Path folder(Checkout checkout, String environment) {
    return checkout.home().resolve("cdk.out").resolve(environment);
  }

  /**
   * Writes the assembly of one environment; what the app has to say goes to standard error.
   *
   * @param out folder, made when it is not there
   * @return the app's exit code: 0, or 2 when the configuration cannot be used
   */
  int run(String environment, Path out) throws InterruptedException {
    try {
      Files.createDirectories(out);
    } catch (IOException e) {
      throw new SetupFailure(out + " cannot be made: " + e.getMessage(), e);
    }
    return new ModuleProgram(checkout, "infra", APP)
        .run(
            List.of("-c", "env=" + environment),
            Map.of(
                "CDK_OUTDIR",
                out.toAbsolutePath().toString(),
                "JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION",
                "18,20",
                "JSII_SILENCE_WARNING_DEPRECATED_NODE_VERSION",
                "1"));
  }
}

package millrace.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
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
    return run(environment, out, Map.of());
  }

  /**
   * As above, with values on top of {@code cdk.json}.
   *
   * @param context value by the key that {@code MillraceApp} names
   */
  int run(String environment, Path out, Map<String, String> context) throws InterruptedException {
    try {
      Files.createDirectories(out);
    } catch (IOException e) {
      throw new SetupFailure(out + " cannot be made: " + e.getMessage(), e);
    }
    var arguments = new ArrayList<>(List.of("-c", "env=" + environment));
    new TreeMap<>(context)
        .forEach((key, value) -> arguments.addAll(List.of("-c", key + "=" + value)));
    return new ModuleProgram(checkout, "infra", APP)
        .run(
            arguments,
            Map.of(
                "CDK_OUTDIR",
                out.toAbsolutePath().toString(),
                "JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION",
                "18,20",
                "JSII_SILENCE_WARNING_DEPRECATED_NODE_VERSION",
                "1"));
  }
}

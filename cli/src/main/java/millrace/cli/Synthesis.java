package millrace.cli;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import millrace.core.failed.MillraceFailure.SetupFailure;
import millrace.local.state.Checkout;

/**
 * The CDK app as a child process: its libraries are large and of no use to any other command. It
 * finds the pinned Node on the PATH that the start script sets.
 */
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
    Path libraries = checkout.home().resolve("infra/target/millrace-infra.classpath");
    Path classes = checkout.home().resolve("infra/target/classes");
    try {
      Files.createDirectories(out);
      var builder =
          new ProcessBuilder(
                  List.of(
                      checkout.java().toString(),
                      "-XX:TieredStopAtLevel=1",
                      "-cp",
                      classes + File.pathSeparator + Files.readString(libraries).strip(),
                      APP,
                      "-c",
                      "env=" + environment))
              .directory(checkout.home().toFile())
              .redirectOutput(ProcessBuilder.Redirect.INHERIT)
              .redirectError(ProcessBuilder.Redirect.INHERIT);
      builder
          .environment()
          .putAll(
              Map.of(
                  "CDK_OUTDIR",
                  out.toAbsolutePath().toString(),
                  "JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION",
                  "18,20",
                  "JSII_SILENCE_WARNING_DEPRECATED_NODE_VERSION",
                  "1"));
      Process process = builder.start();
      process.getOutputStream().close();
      return process.waitFor();
    } catch (IOException e) {
      throw new SetupFailure("the CDK app cannot be started: " + e.getMessage(), e);
    }
  }
}

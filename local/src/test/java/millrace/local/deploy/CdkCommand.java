package millrace.local.deploy;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import millrace.local.aws.LocalTools;

/** The CDK app and its command line, as somebody at a prompt runs them. */
final class CdkCommand {
  private static final int PATIENCE_SECONDS = 120;

  private final Map<String, String> aws;
  private final Path logs;

  /**
   * @param aws endpoint, region and credentials
   * @param logs folder for what the commands say
   */
  CdkCommand(Map<String, String> aws, Path logs) {
    this.aws = Map.copyOf(aws);
    this.logs = logs;
  }

  /** What a command left: its exit code and all that it said. */
  record Result(int code, String said) {
    Result mustSucceed() {
      if (code != 0) {
        throw new AssertionError("exit code " + code + ":\n" + said);
      }
      return this;
    }
  }

  /**
   * Synthesizes one environment of a {@code cdk.json} other than the checkout's.
   *
   * @param folder that holds {@code cdk.json}; the assembly is made in it
   */
  Path synthesize(Path folder, String environment) throws IOException, InterruptedException {
    Path root = LocalTools.root();
    Path assembly = folder.resolve("cdk.out");
    var command =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:TieredStopAtLevel=1",
            "-cp",
            root.resolve("infra/target/classes")
                + File.pathSeparator
                + Files.readString(root.resolve("infra/target/millrace-infra.classpath")).strip(),
            "millrace.infra.MillraceApp",
            "-c",
            "env=" + environment,
            "-c",
            "writerCode=" + root.resolve("functions/writer/target/millrace-writer.zip"));
    run(
            command,
            folder,
            Map.of(
                "CDK_OUTDIR",
                assembly.toString(),
                "JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION",
                "18,20",
                "JSII_SILENCE_WARNING_DEPRECATED_NODE_VERSION",
                "1"))
        .mustSucceed();
    return assembly;
  }

  /**
   * {@code ./millrace cdk ...}: the pinned command line on the pinned Node.
   *
   * @param arguments with an assembly: without one the command line builds the checkout, and takes
   *     the classes away from the tests that run meanwhile
   */
  Result cdk(List<String> arguments) throws IOException, InterruptedException {
    if (!arguments.contains("--app")) {
      throw new IllegalArgumentException("name an assembly by --app: " + arguments);
    }
    var command =
        new ArrayList<>(List.of("bash", LocalTools.root().resolve("millrace").toString(), "cdk"));
    command.addAll(arguments);
    return run(command, LocalTools.root(), aws);
  }

  private Result run(List<String> command, Path folder, Map<String, String> variables)
      throws IOException, InterruptedException {
    Path log = Files.createTempFile(logs, "cdk", ".log");
    var builder =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectInput(Path.of("/dev/null").toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile());
    // An account that the shell knows must not be met by accident.
    builder.environment().keySet().removeIf(name -> name.matches("(AWS|CDK)_.*"));
    builder.environment().putAll(variables);
    Process process = builder.start();
    if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
      process.descendants().forEach(ProcessHandle::destroy);
      process.destroy();
      throw new AssertionError(command + " did not end:\n" + Files.readString(log));
    }
    return new Result(process.exitValue(), Files.readString(log, StandardCharsets.UTF_8));
  }
}

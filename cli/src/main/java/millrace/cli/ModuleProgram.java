package millrace.cli;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import millrace.core.failed.MillraceFailure.SetupFailure;
import millrace.local.state.Checkout;

/**
 * A module's main class as a child process on this terminal: its libraries are large and of no use
 * to any other command.
 */
final class ModuleProgram {
  private final Checkout checkout;
  private final Path target;
  private final String mainClass;

  /**
   * @param module folder of the module, which leaves its class path in {@code target/}
   */
  ModuleProgram(Checkout checkout, String module, String mainClass) {
    this.checkout = checkout;
    this.target = checkout.home().resolve(module).resolve("target");
    this.mainClass = mainClass;
  }

  /**
   * Runs it to its end.
   *
   * @param environment variables on top of this process's own
   * @return its exit code
   */
  int run(List<String> arguments, Map<String, String> environment) throws InterruptedException {
    try {
      var command =
          new ArrayList<>(
              List.of(
                  checkout.java().toString(),
                  "-XX:TieredStopAtLevel=1",
                  "-cp",
                  target.resolve("classes")
                      + File.pathSeparator
                      + Files.readString(classPath()).strip(),
                  mainClass));
      command.addAll(arguments);
      var builder = new ProcessBuilder(command).directory(checkout.home().toFile()).inheritIO();
      builder.environment().putAll(environment);
      return builder.start().waitFor();
    } catch (IOException e) {
      throw new SetupFailure(mainClass + " cannot be started: " + e.getMessage(), e);
    }
  }

  private Path classPath() throws IOException {
    try (Stream<Path> files = Files.list(target)) {
      return files
          .filter(file -> file.toString().endsWith(".classpath"))
          .findFirst()
          .orElseThrow(() -> new IOException("no class path in " + target));
    }
  }
}

package millrace.local.state;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import millrace.core.failed.MillraceFailure.SetupFailure;
import org.jspecify.annotations.Nullable;

/**
 * The checkout that a run belongs to; nothing of a run lies outside of it.
 *
 * @param home root of the checkout
 * @param python interpreter of the prepared environment
 * @param java launcher of the JDK that runs the children
 * @param invokedFrom folder that a user's relative paths are relative to
 */
public record Checkout(Path home, Path python, Path java, Path invokedFrom) {
  /**
   * Finds the checkout by the variables that the script exports, else by walking up from the
   * working directory.
   */
  public static Checkout find(Map<String, String> environment, Path workingDirectory) {
    @Nullable String home = environment.get("MILLRACE_HOME");
    Path root = home != null ? Path.of(home) : rootAbove(workingDirectory);
    @Nullable String python = environment.get("MILLRACE_PYTHON");
    @Nullable String from = environment.get("MILLRACE_INVOKED_FROM");
    return new Checkout(
        root,
        python != null ? Path.of(python) : root.resolve(".millrace/venv/bin/python"),
        Path.of(System.getProperty("java.home"), "bin", "java"),
        from != null ? Path.of(from) : workingDirectory);
  }

  private static Path rootAbove(Path start) {
    for (Path at = start.toAbsolutePath(); at != null; at = at.getParent()) {
      if (Files.exists(at.resolve("local/python/requirements.in"))) {
        return at;
      }
    }
    throw new SetupFailure(
        start + " is not inside a checkout of Millrace: run ./millrace from there");
  }

  /** Git-ignored folder of everything that preparation and runs leave behind. */
  public Path millraceFolder() {
    return home.resolve(".millrace");
  }

  public Path state(StateName name) {
    return millraceFolder().resolve(name.folder());
  }

  /** What JVMs remember of their classes from one start to the next; ./millrace makes it. */
  public Path classArchives() {
    return millraceFolder().resolve("classes");
  }

  /** Synthesized CDK assembly that the build leaves. */
  public Path assembly() {
    return home.resolve("infra/target/cdk.out");
  }

  /** A program of the prepared Python environment, such as {@code dbt}. */
  public Path pythonProgram(String name) {
    Path bin = python.toAbsolutePath().getParent();
    if (bin == null) {
      throw new SetupFailure("no folder above " + python);
    }
    return bin.resolve(name);
  }

  /** Fails with what to do when the Python environment is not there. */
  public void requirePython() {
    if (!Files.isExecutable(python)) {
      throw new SetupFailure(
          "the Python environment is missing at " + python + ": run ./millrace prepare");
    }
  }
}

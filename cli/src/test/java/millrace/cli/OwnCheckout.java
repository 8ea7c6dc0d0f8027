package millrace.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A checkout beside this one: the same files, and a {@code .millrace} of its own, so that a run
 * there meets no data of this one. Lines run in its root by bash, as a person types them; {@code
 * ./millrace} starts the commands as the script does, on the class path of this test. What the
 * contracts live in is copied, so that a command may write there; all else is a link, and a command
 * that writes into it would write into this checkout.
 */
final class OwnCheckout implements AutoCloseable {
  /** What the script does itself, without Java. */
  private static final String IN_BASH = "doctor|prepare|format|cdk";

  private static final String BUILT = "target";
  private static final Set<String> LEFT_OUT = Set.of(".millrace", ".git", "millrace", BUILT);

  /** Contracts and what is derived from them. */
  private static final Set<String> COPIED = Set.of("proto", "snowflake", "dbt", "docs");

  private final Path home;
  private final List<Path> links = new ArrayList<>();
  private final Thread whenAborted = new Thread(this::stop);

  /**
   * What a line did.
   *
   * @param code exit code
   * @param out standard output
   * @param err standard error
   */
  record Result(String line, int code, String out, String err) {
    @Override
    public String toString() {
      return "$ " + line + "\n" + out + err + "exit code " + code;
    }
  }

  /**
   * @param home folder to make it in
   */
  OwnCheckout(Path home) throws IOException {
    this.home = home;
    Path real = Path.of(System.getenv("MILLRACE_HOME"));
    Path python = Path.of(System.getenv("MILLRACE_PYTHON"));
    try (Stream<Path> files = Files.list(real)) {
      for (Path file : files.toList()) {
        String name = file.getFileName().toString();
        if (COPIED.contains(name)) {
          copy(file, home.resolve(name));
        } else if (!LEFT_OUT.contains(name)) {
          link(home.resolve(name), file);
        }
      }
    }
    Files.createDirectories(home.resolve(".millrace"));
    link(home.resolve(".millrace/venv"), python.getParent().getParent());
    Path script = home.resolve("millrace");
    Files.writeString(
        script,
        """
        #!/usr/bin/env bash
        case ${1-} in %s) exec bash '%s' "$@" ;; esac
        export MILLRACE_HOME='%s' MILLRACE_PYTHON='%s' MILLRACE_INVOKED_FROM=$PWD
        exec '%s' --enable-native-access=ALL-UNNAMED -XX:+UseSerialGC -Xmx384m \\
          -XX:TieredStopAtLevel=1 -cp '%s' millrace.cli.Main "$@"
        """
            .formatted(
                IN_BASH,
                real.resolve("millrace"),
                home,
                python,
                Path.of(System.getProperty("java.home"), "bin", "java"),
                System.getProperty("java.class.path")));
    Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
    Runtime.getRuntime().addShutdownHook(whenAborted);
  }

  /** What is kept running does not end with this process. */
  private void stop() {
    try {
      var unused = bash("./millrace down --timeout 0");
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private void link(Path link, Path target) throws IOException {
    links.add(Files.createSymbolicLink(link, target));
  }

  private void copy(Path from, Path to) throws IOException {
    if (!Files.isDirectory(from)) {
      Files.copy(from, to);
      return;
    }
    Files.createDirectories(to);
    try (Stream<Path> files = Files.list(from)) {
      for (Path file : files.toList()) {
        Path name = file.getFileName();
        if (file.endsWith(BUILT)) {
          link(to.resolve(name), file);
        } else {
          copy(file, to.resolve(name));
        }
      }
    }
  }

  Path home() {
    return home;
  }

  /** Runs one line of bash in the root and waits for its end. */
  Result bash(String line) throws IOException, InterruptedException {
    return bash(line, Map.of(), Duration.ofMinutes(5));
  }

  Result bash(String line, Map<String, String> variables, Duration patience)
      throws IOException, InterruptedException {
    Path out = Files.createTempFile(home, "out", ".txt");
    Path err = Files.createTempFile(home, "err", ".txt");
    ProcessBuilder builder =
        new ProcessBuilder("bash", "-c", line)
            .directory(home.toFile())
            .redirectInput(Path.of("/dev/null").toFile())
            .redirectOutput(out.toFile())
            .redirectError(err.toFile());
    builder.environment().putAll(variables);
    Process process = builder.start();
    boolean ended = process.waitFor(patience.toSeconds(), TimeUnit.SECONDS);
    if (!ended) {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly().waitFor();
    }
    var result =
        new Result(
            line,
            ended ? process.exitValue() : -1,
            Files.readString(out, StandardCharsets.UTF_8),
            Files.readString(err, StandardCharsets.UTF_8));
    Files.delete(out);
    Files.delete(err);
    return result;
  }

  /** Stops what still runs there and removes the links; the data goes with the folder. */
  @Override
  public void close() throws IOException, InterruptedException {
    Runtime.getRuntime().removeShutdownHook(whenAborted);
    Result down = bash("./millrace down --timeout 0");
    for (Path link : links) {
      Files.delete(link);
    }
    if (down.code() > 1) {
      throw new IllegalStateException(down.toString());
    }
  }
}

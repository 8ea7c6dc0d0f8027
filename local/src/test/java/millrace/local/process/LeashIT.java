package millrace.local.process;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Children end when their parent is gone, whatever killed it. */
class LeashIT {
  private static final Path JAVA = Path.of(System.getProperty("java.home"), "bin", "java");
  private static final Path LEASH = home().resolve("local/python/leash.py");

  @TempDir Path folder;

  @Test
  void aJavaChildEndsWhenItsParentIsKilled() throws Exception {
    assertChildEndsWith(
        JavaProcess.command(JAVA, 32, ClassArchive.NONE, Sleeper.class.getName(), List.of()));
  }

  @Test
  void aPythonChildEndsWhenItsParentIsKilled() throws Exception {
    Files.writeString(
        folder.resolve("sleeper.py"),
        "import time\nprint('{\"ready\":true}', flush=True)\ntime.sleep(60)\n");
    assertChildEndsWith(List.of(python(), LEASH.toString(), "sleeper"));
  }

  @Test
  void aPythonModuleThatIgnoresTheSignalIsNotReadingTheLeash() throws Exception {
    Files.writeString(
        folder.resolve("reader.py"), "import sys\nprint(repr(sys.stdin.read()), flush=True)\n");
    Process process = start(List.of(python(), LEASH.toString(), "reader"));

    assertThat(process.inputReader().readLine()).isEqualTo("''");
    process.destroyForcibly().waitFor();
  }

  @Test
  void theLeashPrintsTheReadyLineOfAServerThatPrintsNone() throws Exception {
    Files.writeString(folder.resolve("sleeper.py"), "import time\ntime.sleep(60)\n");
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext(
        "/health",
        exchange -> {
          exchange.sendResponseHeaders(200, -1);
          exchange.close();
        });
    int port = server.getAddress().getPort();
    Process process =
        start(
            List.of(
                python(),
                LEASH.toString(),
                "--ready-url",
                "http://127.0.0.1:" + port + "/health",
                "--port",
                Integer.toString(port),
                "sleeper"));
    server.start();
    try {
      assertThat(process.inputReader().readLine())
          .isEqualTo("{\"ready\": true, \"port\": " + port + "}");
    } finally {
      process.destroyForcibly().waitFor();
      server.stop(0);
    }
  }

  @Test
  void aFailureOfTheLeashedMainIsItsOwn() throws Exception {
    Process process =
        start(
            JavaProcess.command(
                JAVA, 32, ClassArchive.NONE, Failing.class.getName(), List.of("boom")));

    assertThat(process.errorReader().readLine()).contains("boom");
    assertThat(process.waitFor()).isEqualTo(1);
  }

  private void assertChildEndsWith(List<String> child) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(JAVA.toString());
    command.add("-cp");
    command.add(System.getProperty("java.class.path"));
    command.add(Parent.class.getName());
    command.addAll(child);
    Process parent = start(command);
    ProcessHandle grandchild =
        ProcessHandle.of(Long.parseLong(parent.inputReader().readLine())).orElseThrow();
    assertThat(grandchild.isAlive()).isTrue();

    parent.destroyForcibly().waitFor();

    grandchild.onExit().get(10, TimeUnit.SECONDS);
  }

  private Process start(List<String> command) throws IOException {
    return new ProcessBuilder(command)
        .directory(folder.toFile())
        .redirectError(
            command.contains(Failing.class.getName())
                ? ProcessBuilder.Redirect.PIPE
                : ProcessBuilder.Redirect.INHERIT)
        .start();
  }

  /** Any Python will do: the leash has nothing but the standard library. */
  private static String python() {
    String prepared = System.getenv("MILLRACE_PYTHON");
    return prepared != null && Files.isExecutable(Path.of(prepared)) ? prepared : "python3";
  }

  private static Path home() {
    Path at = Path.of("").toAbsolutePath();
    while (!Files.exists(at.resolve("local/python/leash.py"))) {
      at = at.getParent();
    }
    return at;
  }

  /** Starts the child named by its arguments, waits for its ready line, and says its number. */
  static final class Parent {
    public static void main(String[] args) throws Exception {
      Process child =
          new ProcessBuilder(args).redirectError(ProcessBuilder.Redirect.INHERIT).start();
      child.inputReader().readLine();
      System.out.println(child.pid());
      TimeUnit.MINUTES.sleep(1);
    }
  }

  /** A main that would run for a minute. */
  public static final class Sleeper {
    public static void main(String[] args) throws Exception {
      System.out.println("{\"ready\":true}");
      TimeUnit.MINUTES.sleep(1);
    }
  }

  /** A main that fails. */
  public static final class Failing {
    public static void main(String[] args) {
      throw new IllegalStateException(args[0]);
    }
  }
}

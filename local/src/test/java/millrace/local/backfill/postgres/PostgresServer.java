package millrace.local.backfill.postgres;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * PostgreSQL of the tests: the server installed on this machine, with a data folder and a port of
 * its own, else none. One for all tests of a JVM; stopped with it.
 */
final class PostgresServer {
  /** Why tests that need PostgreSQL are skipped. */
  static final String ABSENT = "needs PostgreSQL: install postgresql";

  /** Where Debian puts the programs of each version. */
  private static final Path VERSIONS = Path.of("/usr/lib/postgresql");

  /** The server refuses to run as root; this user owns nothing. */
  private static final String NOBODY = "nobody";

  private static final Duration START = Duration.ofSeconds(60);

  private static @Nullable Optional<PostgresServer> running;

  private final Path programs;
  private final Path folder;
  private final int port;
  private @Nullable Process process;

  private PostgresServer(Path programs, Path folder, int port) {
    this.programs = programs;
    this.folder = folder;
    this.port = port;
  }

  /** The server, started at the first call; empty where there is none to start. */
  static synchronized Optional<PostgresServer> get() {
    if (running == null) {
      running = programs().map(PostgresServer::start);
      System.out.println(
          "PostgreSQL of the backfill tests: "
              + running.map(server -> server.programs + " at " + server.url()).orElse("none"));
    }
    return running;
  }

  private static Optional<Path> programs() {
    if (!Files.isDirectory(VERSIONS)) {
      return Optional.empty();
    }
    try (Stream<Path> versions = Files.list(VERSIONS)) {
      return versions
          .map(version -> version.resolve("bin"))
          .filter(bin -> Files.isExecutable(bin.resolve("postgres")))
          .max(
              Comparator.<Path>comparingInt(bin -> bin.toString().length())
                  .thenComparing(Comparator.naturalOrder()));
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  private static PostgresServer start(Path programs) {
    try {
      Path folder = Files.createTempDirectory("millrace-postgres");
      int port;
      try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
        port = socket.getLocalPort();
      }
      var server = new PostgresServer(programs, folder, port);
      Runtime.getRuntime().addShutdownHook(new Thread(server::remove));
      server.launch();
      return server;
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    } catch (InterruptedException interrupted) {
      throw new IllegalStateException(interrupted);
    }
  }

  private void launch() throws IOException, InterruptedException {
    Files.setOwner(
        folder,
        folder
            .getFileSystem()
            .getUserPrincipalLookupService()
            .lookupPrincipalByName(isRoot() ? NOBODY : System.getProperty("user.name")));
    String data = folder.resolve("data").toString();
    Process made =
        program(
            "initdb", "-D", data, "-A", "trust", "-U", "tests", "-E", "UTF8", "--locale=C", "-N");
    if (!made.waitFor(START.toSeconds(), TimeUnit.SECONDS) || made.exitValue() != 0) {
      throw new IllegalStateException("initdb failed: " + said());
    }
    process =
        program(
            "postgres",
            "-D",
            data,
            "-p",
            Integer.toString(port),
            // nothing but this machine, and no socket in a folder that others share
            "-c",
            "listen_addresses=127.0.0.1",
            "-c",
            "unix_socket_directories=",
            // its data end with the tests
            "-c",
            "fsync=off");
    awaitPort();
  }

  private static boolean isRoot() {
    return System.getProperty("user.name").equals("root");
  }

  private Process program(String name, String... arguments) throws IOException {
    List<String> line = new ArrayList<>();
    if (isRoot()) {
      line.addAll(List.of("setpriv", "--reuid=" + NOBODY, "--regid=nogroup", "--clear-groups"));
    }
    line.add(programs.resolve(name).toString());
    line.addAll(List.of(arguments));
    var builder = new ProcessBuilder(line).directory(folder.toFile()).redirectErrorStream(true);
    builder.environment().keySet().removeIf(key -> key.startsWith("PG"));
    return builder.redirectOutput(ProcessBuilder.Redirect.appendTo(output().toFile())).start();
  }

  private Path output() {
    return folder.resolve("out.txt");
  }

  private String said() throws IOException {
    return Files.readString(output());
  }

  private void awaitPort() throws IOException, InterruptedException {
    long deadline = System.nanoTime() + START.toNanos();
    while (System.nanoTime() < deadline) {
      try (Connection answers = connect("postgres")) {
        return;
      } catch (SQLException notYet) {
        Thread.sleep(50);
      }
    }
    throw new IllegalStateException("PostgreSQL does not listen: " + said());
  }

  private String url(String database) {
    return "jdbc:postgresql://127.0.0.1:" + port + "/" + database + "?user=tests";
  }

  String url() {
    return url("postgres");
  }

  Connection connect() throws SQLException {
    return connect("postgres");
  }

  private Connection connect(String database) throws SQLException {
    return DriverManager.getConnection(url(database));
  }

  private void remove() {
    Process server = process;
    try {
      if (server != null) {
        server.destroy();
        if (!server.waitFor(10, TimeUnit.SECONDS)) {
          server.descendants().forEach(ProcessHandle::destroyForcibly);
          server.destroyForcibly().waitFor();
        }
      }
      try (var files = Files.walk(folder)) {
        for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.deleteIfExists(file);
        }
      }
    } catch (IOException leftToTheSystem) {
      // a temporary folder
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}

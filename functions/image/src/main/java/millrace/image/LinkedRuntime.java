package millrace.image;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.spi.ToolProvider;
import java.util.stream.Stream;
import millrace.core.failed.MillraceFailure.SetupFailure;

/**
 * A Java runtime with the modules that the consumer needs, linked from the JDK that builds: a fifth
 * of it. For this machine's architecture, because a JDK without the module files of another one
 * links only itself.
 */
final class LinkedRuntime {
  /**
   * What {@code jdeps} finds in the consumer and its libraries, without {@code java.desktop}, which
   * only the AMQP client's JSON-RPC classes name; a test asks it again.
   */
  static final List<String> MODULES =
      List.of("java.base", "java.logging", "java.naming", "java.security.sasl", "jdk.unsupported");

  private static final List<String> OPTIONS =
      List.of(
          "--strip-java-debug-attributes",
          "--no-header-files",
          "--no-man-pages",
          "--compress=zip-6",
          // the health check is a JVM of its own every 30 seconds: half of its processor time
          "--generate-cds-archive");

  private LinkedRuntime() {}

  /**
   * Links once per JDK; the result is kept.
   *
   * @param cache folder for linked runtimes
   * @return home of the runtime, with {@code bin/java}
   */
  static Path in(Path cache) {
    Path made = cache.resolve("runtime-" + Runtime.version().toString().replace('+', '_'));
    if (Files.isExecutable(made.resolve("bin/java"))) {
      return made;
    }
    ToolProvider jlink =
        ToolProvider.findFirst("jlink")
            .orElseThrow(
                () ->
                    new SetupFailure(
                        "this JDK has no jlink ("
                            + System.getProperty("java.home")
                            + "): set MILLRACE_JAVA_HOME to a full JDK"));
    var said = new StringWriter();
    try {
      Files.createDirectories(cache);
      Path unfinished = cache.resolve("runtime.unfinished");
      delete(unfinished);
      var arguments = new ArrayList<>(OPTIONS);
      arguments.addAll(
          List.of("--add-modules", String.join(",", MODULES), "--output", unfinished.toString()));
      var print = new PrintWriter(said, true);
      if (jlink.run(print, print, arguments.toArray(String[]::new)) != 0) {
        throw new SetupFailure("jlink cannot link a runtime: " + said.toString().strip());
      }
      // for heaps beyond 32 GB
      Files.deleteIfExists(unfinished.resolve("lib/server/classes_nocoops.jsa"));
      delete(made);
      return Files.move(unfinished, made);
    } catch (IOException e) {
      throw new SetupFailure("the runtime cannot be written: " + e.getMessage(), e);
    }
  }

  private static void delete(Path folder) throws IOException {
    if (Files.notExists(folder)) {
      return;
    }
    try (Stream<Path> content = Files.walk(folder)) {
      for (Path path : content.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }
}

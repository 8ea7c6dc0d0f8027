package millrace.image;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import millrace.core.failed.MillraceFailure.SetupFailure;

/**
 * What the consumer runs on, as its module's build left it.
 *
 * @param ours jars of this repository, the consumer's own first
 * @param libraries all others, in the order of Maven's class path
 */
record ConsumerJars(List<Path> ours, List<Path> libraries) {
  private static final String FOLDER = "/app/libs/";

  /**
   * Reads what {@code package} left in the target folder.
   *
   * @param root of the checkout
   * @throws SetupFailure when it is not built, or built without jars
   */
  static ConsumerJars built(Path root) {
    Path target = root.resolve("functions/consumer/target");
    var ours = new ArrayList<Path>();
    var libraries = new ArrayList<Path>();
    try {
      ours.add(consumer(target));
      String classPath = Files.readString(target.resolve("millrace-consumer.classpath")).strip();
      for (String entry : classPath.split(File.pathSeparator)) {
        Path jar = Path.of(entry);
        if (!Files.isRegularFile(jar)) {
          throw notBuilt(jar + " is not a jar");
        }
        (jar.startsWith(root.toAbsolutePath()) ? ours : libraries).add(jar);
      }
    } catch (IOException e) {
      throw notBuilt(String.valueOf(e.getMessage()));
    }
    return new ConsumerJars(List.copyOf(ours), List.copyOf(libraries));
  }

  /** Paths in the image, the consumer's own jar first: two jars may hold the same class. */
  String classPath() {
    return String.join(":", all().stream().map(ConsumerJars::place).toList());
  }

  List<Path> all() {
    return Stream.concat(ours.stream(), libraries.stream()).toList();
  }

  /**
   * The one library whose name begins so.
   *
   * @param name Maven's artifact
   */
  Path library(String name) {
    return libraries.stream()
        .filter(jar -> jar.getFileName().toString().matches(name + "-[0-9].*\\.jar"))
        .findFirst()
        .orElseThrow(() -> new IllegalStateException(name + " is not on the class path"));
  }

  /** Where a jar lies in the image. */
  static String place(Path jar) {
    return FOLDER + jar.getFileName();
  }

  private static Path consumer(Path target) throws IOException {
    try (Stream<Path> files = Files.list(target)) {
      return files
          .filter(file -> file.getFileName().toString().matches("millrace-consumer-[^-]+.*\\.jar"))
          .filter(file -> !file.toString().endsWith("-tests.jar"))
          .findFirst()
          .orElseThrow(() -> notBuilt("no jar in " + target));
    }
  }

  private static SetupFailure notBuilt(String what) {
    return new SetupFailure("the consumer is not built (" + what + "): run ./mvnw -Dquick package");
  }
}

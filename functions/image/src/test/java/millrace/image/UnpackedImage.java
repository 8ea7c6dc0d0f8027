package millrace.image;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import millrace.core.names.ConsumerImage;

/** An image's tar as a folder, and programs started in it as the service's task starts them. */
final class UnpackedImage {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String PROBE = "probe";

  private final Path root;
  private final JsonNode config;

  UnpackedImage(Path tar, Path folder) throws Exception {
    Path layers = Files.createDirectories(folder.resolve("layers"));
    this.root = Files.createDirectories(folder.resolve("root"));
    unpack(tar, layers);
    JsonNode manifest = JSON.readTree(layers.resolve("manifest.json").toFile()).get(0);
    for (JsonNode layer : manifest.get("Layers")) {
      unpack(layers.resolve(layer.textValue()), root);
    }
    this.config = JSON.readTree(layers.resolve(manifest.get("Config").textValue()).toFile());
  }

  /** The image's configuration, as the registry's protocol names it. */
  JsonNode config() {
    return config;
  }

  Path file(String absolute) {
    return root.resolve(absolute.substring(1));
  }

  /** Absolute paths of everything that is not a folder, sorted. */
  List<String> files() throws IOException {
    try (Stream<Path> all = Files.walk(root)) {
      return all.filter(file -> !Files.isDirectory(file))
          .map(file -> "/" + root.relativize(file))
          .sorted()
          .toList();
    }
  }

  /** Whether this machine lets a process have another root: any Linux whose kernel allows it. */
  boolean canBeRun() throws InterruptedException {
    try {
      return run(List.of(PROBE), Map.of()).start().waitFor() == 0;
    } catch (IOException noUnshare) {
      return false;
    }
  }

  /**
   * Runs a command with this image as its only file system: a read-only root, an empty {@code /tmp}
   * that holds no programs, the image's environment and user. The process is the program itself.
   */
  ProcessBuilder run(List<String> command, Map<String, String> environment) throws IOException {
    for (String folder : List.of("dev", "proc")) {
      Files.createDirectories(root.resolve(folder));
    }
    String enter =
        """
        set -e
        mount --bind "$0" "$0"
        mount --rbind /dev "$0/dev"
        mount --rbind /proc "$0/proc"
        mount -t tmpfs -o noexec,mode=1777 tmpfs "$0/tmp"
        mount -o remount,bind,ro "$0"
        [ "$1" != probe ] || exit 0
        exec chroot %s "$0" "$@"
        """
            .formatted(isRoot() ? "--userspec=" + ConsumerImage.USER : "");
    var whole = new ArrayList<>(List.of("unshare", isRoot() ? "-m" : "-rm", "sh", "-c", enter));
    whole.add(root.toString());
    whole.addAll(command);
    whole.replaceAll(word -> word.equals("java") ? program(word) : word);
    var builder = new ProcessBuilder(whole);
    builder.environment().keySet().removeIf(key -> !key.equals("PATH"));
    config
        .at("/config/Env")
        .forEach(
            variable -> {
              String[] parts = variable.textValue().split("=", 2);
              // of the child's own PATH only chroot is left to find
              if (!parts[0].equals("PATH")) {
                builder.environment().put(parts[0], parts[1]);
              }
            });
    builder.environment().putAll(environment);
    return builder;
  }

  /** Where the image's PATH finds a program. */
  private String program(String name) {
    for (JsonNode variable : config.at("/config/Env")) {
      if (variable.textValue().startsWith("PATH=")) {
        return variable.textValue().substring("PATH=".length()) + "/" + name;
      }
    }
    throw new AssertionError("the image has no PATH");
  }

  private static boolean isRoot() {
    return "root".equals(System.getProperty("user.name"));
  }

  private static void unpack(Path tar, Path folder) throws Exception {
    Process process =
        new ProcessBuilder("tar", "-xf", tar.toString(), "-C", folder.toString())
            .redirectErrorStream(true)
            .start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(said).isZero();
  }
}

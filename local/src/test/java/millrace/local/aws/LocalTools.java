package millrace.local.aws;

import java.nio.file.Files;
import java.nio.file.Path;

/** Where tests find what the build prepared. */
public final class LocalTools {
  private LocalTools() {}

  /** The root of the checkout. */
  public static Path root() {
    Path folder = Path.of("").toAbsolutePath();
    while (!Files.exists(folder.resolve("cdk.json"))) {
      folder = folder.getParent();
    }
    return folder;
  }

  /** MiniStack of the project's Python environment. */
  public static Path miniStack() {
    return Path.of(
        System.getProperty(
            "millrace.ministack", root().resolve(".millrace/venv/bin/ministack").toString()));
  }

  /** The assembly that the build synthesized. */
  public static Path assembly() {
    return Path.of(
        System.getProperty("millrace.assembly", root().resolve("infra/target/cdk.out").toString()));
  }
}

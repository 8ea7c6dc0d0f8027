package millrace.core.names;

import java.util.List;

/**
 * What the consumer's image and the task that runs it have to agree on. There is no shell in the
 * image: every command is a program with its arguments.
 */
public final class ConsumerImage {
  /** A user without a name, as images without a shell have it. */
  public static final String USER = "65532:65532";

  /** Folder of everything of ours in the image; nothing in it is written to. */
  public static final String FOLDER = "/app";

  /** Holds the class path; its name is the one that jib's plugins give it. */
  public static final String CLASS_PATH_FILE = FOLDER + "/jib-classpath-file";

  /** zstd's native part, which the library else unpacks into a folder that it can write to. */
  public static final String ZSTD = FOLDER + "/native/libzstd-jni.so";

  /** What is in the image, as CycloneDX JSON. */
  public static final String BOM = FOLDER + "/sbom.json";

  private ConsumerImage() {}

  /** What the image starts. */
  public static List<String> entryPoint() {
    return List.of(
        "java",
        // the rest is for threads, sockets and what zstd takes beside the heap
        "-XX:MaxRAMPercentage=60",
        // a task that cannot go on is replaced; what it held is with the broker again
        "-XX:+ExitOnOutOfMemoryError",
        "--enable-native-access=ALL-UNNAMED",
        "-DZstdNativePath=" + ZSTD,
        "-cp",
        "@" + CLASS_PATH_FILE,
        Names.CONSUMER_MAIN);
  }

  /**
   * Ends with 0 when the consumer of the same container is alive: a JVM that lives for a moment.
   */
  public static List<String> healthCheck() {
    return List.of(
        "java",
        "-XX:TieredStopAtLevel=1",
        "-XX:+UseSerialGC",
        "-cp",
        "@" + CLASS_PATH_FILE,
        Names.CONSUMER_MAIN,
        "--health");
  }
}

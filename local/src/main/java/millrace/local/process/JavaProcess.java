package millrace.local.process;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Command of a child JVM with the class path of this one, on a leash. */
public final class JavaProcess {
  private JavaProcess() {}

  /**
   * @param heapMegabytes limit of the heap; what must not grow with the number of events is bounded
   *     here
   * @param main main class, which needs to know nothing of the leash
   */
  public static List<String> command(
      Path java, int heapMegabytes, ClassArchive archive, String main, List<String> arguments) {
    List<String> command = new ArrayList<>();
    command.add(java.toString());
    command.add("-Xmx" + heapMegabytes + "m");
    // One or two busy threads on a laptop: the other collectors only cost memory there.
    command.add("-XX:+UseSerialGC");
    command.add("-XX:+ExitOnOutOfMemoryError");
    // Measured on two cores: half of the processor time until ready, 4.4 s against 9.4 s for the
    // broker.
    command.add("-XX:TieredStopAtLevel=1");
    command.addAll(archive.options());
    command.add("--enable-native-access=ALL-UNNAMED");
    command.add("-Dfile.encoding=UTF-8");
    command.add("-cp");
    command.add(classPath());
    command.add(Leashed.class.getName());
    command.add(main);
    command.addAll(arguments);
    return command;
  }

  /** Class path of this process and of its children. */
  public static String classPath() {
    return System.getProperty("java.class.path");
  }
}

package millrace.local.process;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A JVM's classes as it had read and checked them, in a file that the next JVM maps instead of
 * doing that again: a child is ready in two thirds of the time. The JVM itself decides whether the
 * file is of this JDK and class path, and goes on without it where it is not.
 *
 * @param options of the JVM
 */
public record ClassArchive(List<String> options) {
  public static final ClassArchive NONE = new ClassArchive(List.of());

  // It would tell on standard output, which belongs to the program, why it does not use a file.
  private static final String SILENTLY = "-Xlog:disable";

  /** Of a JVM that writes the file at its end when there is none that it can use. */
  public static ClassArchive kept(Path folder, String name, String classPath) {
    return of(folder, name, classPath, Stream.of("-XX:+AutoCreateSharedArchive"));
  }

  /** Of a JVM that halts and so has no end to write at: it reads the file of a kindred program. */
  public static ClassArchive of(Path folder, String name, String classPath) {
    return of(folder, name, classPath, Stream.empty());
  }

  private static ClassArchive of(Path folder, String name, String classPath, Stream<String> more) {
    // A folder on the class path, as in tests, may change: the JVM makes no archive of it.
    boolean jars =
        Pattern.compile(File.pathSeparator)
            .splitAsStream(classPath)
            .allMatch(entry -> Files.isRegularFile(Path.of(entry)));
    if (!jars || !Files.isDirectory(folder)) {
      return NONE;
    }
    Stream<String> file =
        Stream.of("-XX:SharedArchiveFile=" + folder.resolve(name + ".jsa"), SILENTLY);
    return new ClassArchive(Stream.concat(more, file).toList());
  }
}

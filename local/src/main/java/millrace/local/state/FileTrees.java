package millrace.local.state;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;
import millrace.core.failed.MillraceFailure.SetupFailure;

/** Folders with all that lies in them. */
public final class FileTrees {
  private FileTrees() {}

  /** Deletes a file or a folder with everything in it; what is gone already is no failure. */
  public static void delete(Path root) throws IOException {
    try (Stream<Path> all = Files.walk(root)) {
      for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(each);
      }
    } catch (NoSuchFileException e) {
      // Gone is what was asked for.
    }
  }

  /** Whether nothing lies in a folder that is there. */
  public static boolean isEmpty(Path folder) {
    try (Stream<Path> inside = Files.list(folder)) {
      return inside.findAny().isEmpty();
    } catch (IOException e) {
      throw new SetupFailure("cannot read " + folder + ": " + e.getMessage(), e);
    }
  }
}

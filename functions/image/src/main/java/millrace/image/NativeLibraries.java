package millrace.image;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import millrace.core.failed.MillraceFailure.SetupFailure;

/**
 * The libraries of the operating system that native code needs, found by {@code ldd} on this
 * machine; the loader is one of them.
 */
final class NativeLibraries {
  /** {@code libm.so.6 => /lib/x86_64-linux-gnu/libm.so.6 (0x7f...)}, or the loader's bare path. */
  private static final Pattern FOUND = Pattern.compile("(?:\\S+ => )?(/\\S+) \\(0x[0-9a-f]+\\)");

  private static final Pattern MISSING = Pattern.compile("(\\S+) => not found");

  /**
   * What the C library opens by name when it looks up a host, where these are files of their own.
   */
  private static final List<String> HOST_LOOKUP =
      List.of("libnss_files.so.2", "libnss_dns.so.2", "libresolv.so.2");

  private NativeLibraries() {}

  /**
   * @param runtime home of a Java runtime, whose own libraries find each other
   * @param others native libraries beside it
   * @return absolute paths on this machine, which are the paths in the image too, sorted
   */
  static List<Path> neededBy(Path runtime, List<Path> others) {
    var needed = new TreeSet<Path>();
    for (Path file : Stream.concat(natives(runtime).stream(), others.stream()).toList()) {
      String answer = ldd(file);
      Matcher missing = MISSING.matcher(answer);
      while (missing.find()) {
        if (!isIn(runtime, missing.group(1))) {
          throw new SetupFailure(file + " needs " + missing.group(1) + ", which is not here");
        }
      }
      Matcher found = FOUND.matcher(answer);
      while (found.find()) {
        Path library = Path.of(found.group(1)).normalize();
        if (!library.startsWith(runtime)) {
          needed.add(library);
        }
      }
    }
    for (Path library : List.copyOf(needed)) {
      if (library.getFileName().toString().startsWith("libc.so")) {
        HOST_LOOKUP.stream()
            .map(library::resolveSibling)
            .filter(Files::exists)
            .forEach(needed::add);
      }
    }
    return List.copyOf(needed);
  }

  private static List<Path> natives(Path runtime) {
    try (Stream<Path> files = Files.walk(runtime)) {
      return files
          .filter(Files::isRegularFile)
          .filter(file -> file.toString().endsWith(".so") || file.endsWith(Path.of("bin", "java")))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new SetupFailure(runtime + " cannot be read: " + e.getMessage(), e);
    }
  }

  private static boolean isIn(Path runtime, String library) {
    return natives(runtime).stream().anyMatch(file -> file.endsWith(library));
  }

  private static String ldd(Path file) {
    try {
      Process ldd = new ProcessBuilder("ldd", file.toString()).redirectErrorStream(true).start();
      ldd.getOutputStream().close();
      String answer = new String(ldd.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (ldd.waitFor() != 0) {
        throw new SetupFailure("ldd cannot read " + file + ": " + answer.strip());
      }
      return answer;
    } catch (IOException noLdd) {
      throw new SetupFailure(
          "an image without a base can be built on Linux only, because it takes the libraries of"
              + " this machine: "
              + noLdd.getMessage(),
          noLdd);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new SetupFailure("interrupted", e);
    }
  }
}

package millrace.image;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import millrace.core.failed.MillraceFailure.SetupFailure;

/**
 * zstd's native part as a file of the image: the library else unpacks it at every start, and the
 * root of the container is read-only.
 */
final class ZstdLibrary {
  private static final Pattern NATIVE = Pattern.compile("^(aix|darwin|freebsd|linux|win)/");

  private ZstdLibrary() {}

  /**
   * The library's classes alone, 6 MB less than with what it brings for 18 systems.
   *
   * @param folder where the jar goes, under its own name
   */
  static Path slim(Path jar, Path folder) {
    Path slim = folder.resolve(jar.getFileName());
    try (var from = new ZipFile(jar.toFile());
        var to = new ZipOutputStream(Files.newOutputStream(slim))) {
      for (ZipEntry entry :
          from.stream().filter(e -> !NATIVE.matcher(e.getName()).find()).toList()) {
        var copy = new ZipEntry(entry.getName());
        copy.setTimeLocal(entry.getTimeLocal());
        to.putNextEntry(copy);
        try (InputStream in = from.getInputStream(entry)) {
          in.transferTo(to);
        }
        to.closeEntry();
      }
      return slim;
    } catch (IOException e) {
      throw new SetupFailure("zstd's classes cannot be packed: " + e.getMessage(), e);
    }
  }

  /**
   * @param jar zstd-jni with the native parts of all architectures
   * @param architecture as containers name it: amd64 or arm64
   * @param folder where the file goes
   */
  static Path unpacked(Path jar, String architecture, Path folder) {
    String machine = architecture.equals("arm64") ? "aarch64" : architecture;
    try (var zip = new ZipFile(jar.toFile())) {
      ZipEntry entry =
          zip.stream()
              .filter(e -> e.getName().matches("linux/" + machine + "/libzstd-jni-.*\\.so"))
              .findFirst()
              .orElseThrow(() -> new SetupFailure(jar + " has no library for " + architecture));
      Path file = folder.resolve("libzstd-jni-" + architecture + ".so");
      Files.createDirectories(folder);
      try (InputStream in = zip.getInputStream(entry)) {
        Files.copy(in, file, StandardCopyOption.REPLACE_EXISTING);
      }
      return file;
    } catch (IOException e) {
      throw new SetupFailure("zstd's library cannot be unpacked: " + e.getMessage(), e);
    }
  }
}

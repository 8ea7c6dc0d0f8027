package millrace.local.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;

/**
 * Memory of a running process. Linux keeps the peak; elsewhere {@code ps} knows the present size
 * only.
 */
public final class ProcessMemory {
  private ProcessMemory() {}

  static OptionalLong peakBytes(long pid) {
    Path status = Path.of("/proc", Long.toString(pid), "status");
    if (Files.isReadable(status)) {
      try {
        for (String line : Files.readAllLines(status, StandardCharsets.UTF_8)) {
          if (line.startsWith("VmHWM:")) {
            return OptionalLong.of(1024 * Long.parseLong(line.replaceAll("\\D", "")));
          }
        }
      } catch (IOException | NumberFormatException e) {
        // The process ended between the two looks.
      }
      return OptionalLong.empty();
    }
    return Files.isDirectory(Path.of("/proc/self")) ? OptionalLong.empty() : residentBytes(pid);
  }

  private static OptionalLong residentBytes(long pid) {
    try {
      Process ps =
          new ProcessBuilder("ps", "-o", "rss=", "-p", Long.toString(pid))
              .redirectErrorStream(true)
              .start();
      String answer =
          new String(ps.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
      if (ps.waitFor(2, TimeUnit.SECONDS) && ps.exitValue() == 0 && !answer.isEmpty()) {
        return OptionalLong.of(1024 * Long.parseLong(answer));
      }
    } catch (IOException | NumberFormatException e) {
      // No ps: the account leaves the column empty.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return OptionalLong.empty();
  }
}

package millrace.local.process;

import java.io.BufferedOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/**
 * A component's log. When it is full it becomes {@code <name>.log.1}, so a run never fills the disk
 * with logs.
 */
public final class LogFile implements Closeable {
  private final Path path;
  private final long limitBytes;
  private OutputStream out;
  private long written;
  private String last = "";

  LogFile(Path path, long limitBytes) throws IOException {
    this.path = path;
    this.limitBytes = limitBytes;
    Files.createDirectories(path.toAbsolutePath().getParent());
    this.out = open();
    this.written = Files.size(path);
  }

  private OutputStream open() throws IOException {
    return new BufferedOutputStream(
        Files.newOutputStream(path, StandardOpenOption.CREATE, StandardOpenOption.APPEND));
  }

  synchronized void line(String text) {
    byte[] bytes = (text + "\n").getBytes(StandardCharsets.UTF_8);
    try {
      if (written + bytes.length > limitBytes) {
        out.close();
        Files.move(
            path,
            path.resolveSibling(path.getFileName() + ".1"),
            StandardCopyOption.REPLACE_EXISTING);
        out = open();
        written = 0;
      }
      out.write(bytes);
      out.flush();
      written += bytes.length;
    } catch (IOException e) {
      // A child must not stop because its log cannot be written: a full disk shows in its own work.
    }
    if (!text.isBlank()) {
      last = text.strip();
    }
  }

  /** The line that most likely says why a child ended. */
  synchronized String lastLine() {
    return last;
  }

  @Override
  public synchronized void close() throws IOException {
    out.close();
  }
}

package millrace.local.state;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import millrace.core.failed.MillraceFailure.SetupFailure;

/** Reads the logs of a run; the lines of several carry their component's name. */
public final class LogReader {
  /** A log is bounded, but the end is what is asked for. */
  private static final int TAIL_BYTES = 1 << 20;

  private final Path folder;
  private final Optional<String> component;
  private final Map<Path, Long> read = new HashMap<>();

  /**
   * A reader of one component or of all.
   *
   * @throws SetupFailure when there is no such log
   */
  public LogReader(Path folder, Optional<String> component) {
    this.folder = folder;
    this.component = component;
    if (files().isEmpty()) {
      throw new SetupFailure(
          component.map(name -> "there is no log of '" + name + "'").orElse("there are no logs")
              + " in "
              + folder
              + names());
    }
  }

  private String names() {
    List<String> all = all().stream().map(LogReader::name).toList();
    return all.isEmpty() ? "" : ", only of " + String.join(", ", all);
  }

  /** The last lines of each log. */
  public List<String> last(int lines) {
    List<String> out = new ArrayList<>();
    for (Path file : files()) {
      long size = size(file);
      List<String> tail = lines(file, Math.max(0, size - TAIL_BYTES), size);
      read.put(file, size);
      tail.subList(Math.max(0, tail.size() - lines), tail.size())
          .forEach(line -> out.add(prefixed(file, line)));
    }
    return out;
  }

  /** What was added since the last look. */
  public List<String> news() {
    List<String> out = new ArrayList<>();
    for (Path file : files()) {
      long size = size(file);
      long from = read.getOrDefault(file, 0L);
      if (size < from) {
        from = 0; // it was full and began anew
      }
      if (size > from) {
        lines(file, from, size).forEach(line -> out.add(prefixed(file, line)));
        read.put(file, size);
      }
    }
    return out;
  }

  private String prefixed(Path file, String line) {
    return component.isPresent() ? line : String.format("%-10s %s", name(file), line);
  }

  private List<Path> files() {
    return all().stream()
        .filter(file -> component.isEmpty() || component.get().equals(name(file)))
        .toList();
  }

  private List<Path> all() {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(file -> file.toString().endsWith(".log")).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String name(Path log) {
    return log.getFileName().toString().replaceFirst("\\.log$", "");
  }

  private static long size(Path file) {
    try {
      return Files.size(file);
    } catch (IOException e) {
      return 0;
    }
  }

  private static List<String> lines(Path file, long from, long to) {
    try (RandomAccessFile in = new RandomAccessFile(file.toFile(), "r")) {
      byte[] bytes = new byte[Math.toIntExact(Math.min(to - from, TAIL_BYTES))];
      in.seek(from);
      in.readFully(bytes);
      return new String(bytes, StandardCharsets.UTF_8).lines().toList();
    } catch (IOException e) {
      return List.of(); // it began anew between the two looks
    }
  }
}

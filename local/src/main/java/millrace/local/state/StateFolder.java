package millrace.local.state;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import millrace.core.failed.MillraceFailure.SetupFailure;
import org.jspecify.annotations.Nullable;

/**
 * Folder of one run: a lock, the files of the stores, a file per child process and the endpoints of
 * what runs. The lock is the truth of "something runs here"; the kernel gives it back when its
 * holder dies, however it dies.
 */
public final class StateFolder implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration LEFTOVER_GRACE = Duration.ofSeconds(5);

  private static final Pattern HOLDER = Pattern.compile("\\(process (\\d+)\\)");

  private final Path path;
  private final FileChannel channel;
  private final FileLock lock;

  private StateFolder(Path path, FileChannel channel, FileLock lock) {
    this.path = path;
    this.channel = channel;
    this.lock = lock;
  }

  /**
   * Takes the folder for this process and ends what an earlier, crashed run left behind.
   *
   * @param what what holds the folder, for the sentence another run fails with, such as {@code
   *     demo}
   * @throws SetupFailure when another run of this checkout holds it
   */
  public static StateFolder open(Path path, String what) {
    FileChannel channel = null;
    try {
      Files.createDirectories(path);
      channel =
          FileChannel.open(
              path.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      @Nullable FileLock lock = tryLock(channel);
      if (lock == null) {
        String holder = read(path.resolve("holder")).orElse("another run");
        channel.close();
        throw new SetupFailure(
            path.getFileName()
                + " state of this checkout is in use by "
                + holder
                + ": wait for it or stop it first");
      }
      StateFolder folder = new StateFolder(path, channel, lock);
      folder.delete(Endpoints.FILE);
      folder.write("holder", what + " (process " + ProcessHandle.current().pid() + ")");
      folder.endLeftovers();
      return folder;
    } catch (IOException e) {
      closeQuietly(channel);
      throw new SetupFailure("cannot use the state folder " + path + ": " + e.getMessage(), e);
    }
  }

  /** The process that holds the folder now, if any does. */
  public static Optional<ProcessHandle> holder(Path path) {
    if (!isHeld(path)) {
      return Optional.empty();
    }
    Matcher number = HOLDER.matcher(read(path.resolve("holder")).orElse(""));
    return number.find() ? ProcessHandle.of(Long.parseLong(number.group(1))) : Optional.empty();
  }

  /** Whether a run holds the folder now. */
  public static boolean isHeld(Path path) {
    Path file = path.resolve("lock");
    if (!Files.exists(file)) {
      return false;
    }
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      @Nullable FileLock lock = tryLock(channel);
      if (lock == null) {
        return true;
      }
      lock.release();
      return false;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException e) {
      return null; // held by this very process
    }
  }

  public Path path() {
    return path;
  }

  /** A folder inside, made when it is not there. */
  public Path folder(String name) {
    try {
      return Files.createDirectories(path.resolve(name));
    } catch (IOException e) {
      throw new SetupFailure("cannot make " + path.resolve(name) + ": " + e.getMessage(), e);
    }
  }

  /**
   * An empty folder for what a component leaves in its temporary folder; what a killed one left
   * there is removed.
   */
  public Path temporary(String component) {
    try {
      FileTrees.delete(path.resolve("tmp").resolve(component));
    } catch (IOException e) {
      throw new SetupFailure("cannot empty " + path.resolve("tmp") + ": " + e.getMessage(), e);
    }
    return folder("tmp/" + component);
  }

  public Path log(String component) {
    return path.resolve("logs").resolve(component + ".log");
  }

  /**
   * Empties the folder, except for its lock.
   *
   * @param kept files that stay all the same, relative to the folder
   */
  public void clear(String... kept) {
    Set<Path> stays = new HashSet<>();
    Stream.concat(Stream.of("lock", "holder"), Stream.of(kept))
        .map(path::resolve)
        .forEach(file -> withFoldersAbove(file, stays));
    try (Stream<Path> inside = Files.walk(path)) {
      for (Path each : inside.sorted(Comparator.reverseOrder()).toList()) {
        if (!stays.contains(each)) {
          Files.deleteIfExists(each);
        }
      }
    } catch (IOException e) {
      throw new SetupFailure("cannot empty " + path + ": " + e.getMessage(), e);
    }
  }

  private void withFoldersAbove(Path file, Set<Path> stays) {
    stays.add(path);
    for (@Nullable Path at = file; at != null && !at.equals(path); at = at.getParent()) {
      stays.add(at);
    }
  }

  /** Writes a small file whole or not at all. */
  public void write(String name, String text) {
    Path target = path.resolve(name);
    Path half = path.resolve(name + ".half");
    try {
      Files.createDirectories(target.toAbsolutePath().getParent());
      Files.writeString(half, text);
      Files.move(half, target, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new SetupFailure("cannot write " + target + ": " + e.getMessage(), e);
    }
  }

  /** As {@link #write}, readable by this user only. */
  public void writePrivately(String name, String text) {
    Path target = path.resolve(name);
    try {
      Files.deleteIfExists(target);
      Path half = path.resolve(name + ".half");
      Files.deleteIfExists(half);
      Files.createFile(
          half, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      Files.writeString(half, text);
      Files.move(half, target, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new SetupFailure("cannot write " + target + ": " + e.getMessage(), e);
    }
  }

  public Optional<String> read(String name) {
    return read(path.resolve(name));
  }

  public static Optional<String> read(Path file) {
    try {
      return Optional.of(Files.readString(file, StandardCharsets.UTF_8).strip());
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public void delete(String name) {
    try {
      Files.deleteIfExists(path.resolve(name));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Records a child before anything depends on it, so that a later run can end it when this one
   * crashes.
   */
  public void recordProcess(String component, Process process) {
    ObjectNode entry = JSON.createObjectNode();
    entry.put("pid", process.pid());
    process.info().startInstant().ifPresent(at -> entry.put("started", at.toString()));
    process.info().command().ifPresent(program -> entry.put("program", program));
    write(processFile(component), entry.toString());
  }

  public void forgetProcess(String component) {
    delete(processFile(component));
  }

  private static String processFile(String component) {
    return "processes/" + component + ".json";
  }

  private void endLeftovers() throws IOException {
    Path folder = path.resolve("processes");
    if (!Files.isDirectory(folder)) {
      return;
    }
    try (Stream<Path> files = Files.list(folder)) {
      List<Path> left = files.filter(file -> file.toString().endsWith(".json")).toList();
      for (Path file : left) {
        leftover(file).ifPresent(StateFolder::end);
        Files.deleteIfExists(file);
      }
    }
  }

  /**
   * The recorded process, if it is that one: numbers come again, so start time and program must
   * agree.
   */
  private static Optional<ProcessHandle> leftover(Path file) throws IOException {
    JsonNode entry;
    try {
      entry = JSON.readTree(file.toFile());
    } catch (com.fasterxml.jackson.core.JacksonException e) {
      return Optional.empty();
    }
    String started = entry.path("started").asText("");
    String program = entry.path("program").asText("");
    if (started.isEmpty() || program.isEmpty()) {
      return Optional.empty();
    }
    return ProcessHandle.of(entry.path("pid").asLong())
        .filter(process -> process.info().command().filter(program::equals).isPresent())
        .filter(
            process ->
                process
                    .info()
                    .startInstant()
                    .filter(at -> near(at, Instant.parse(started)))
                    .isPresent());
  }

  /** The kernel counts ticks since boot, and the boot time shifts when the clock is set. */
  private static boolean near(Instant one, Instant other) {
    return Duration.between(one, other).abs().compareTo(Duration.ofSeconds(2)) <= 0;
  }

  private static void end(ProcessHandle process) {
    process.destroy();
    try {
      process.onExit().get(LEFTOVER_GRACE.toMillis(), java.util.concurrent.TimeUnit.MILLISECONDS);
    } catch (java.util.concurrent.TimeoutException e) {
      process.destroyForcibly();
      process.onExit().join();
    } catch (java.util.concurrent.ExecutionException e) {
      process.destroyForcibly();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      process.destroyForcibly();
    }
  }

  private static void closeQuietly(@Nullable FileChannel channel) {
    if (channel != null) {
      try {
        channel.close();
      } catch (IOException e) {
        // The kernel closes it with the process.
      }
    }
  }

  @Override
  public void close() {
    try {
      delete(Endpoints.FILE);
      delete("holder");
      lock.release();
      channel.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

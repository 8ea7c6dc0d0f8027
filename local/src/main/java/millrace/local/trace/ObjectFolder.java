package millrace.local.trace;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import millrace.core.failed.MillraceFailure.EnvironmentFailure;
import millrace.core.failed.MillraceFailure.SetupFailure;
import millrace.core.file.ObjectStore;
import org.jspecify.annotations.Nullable;

/**
 * The objects of a bucket as the emulator leaves them on disk, so that they can be read while
 * nothing runs. Reading only: a file written here would be announced to nobody.
 */
public final class ObjectFolder implements ObjectStore {
  /** The emulator keeps the headers of each object in a file of this name beside it. */
  private static final String HEADERS = ".meta.json";

  private final Path bucket;

  public ObjectFolder(Path bucket) {
    this.bucket = bucket;
  }

  /**
   * The bucket of a run that may be over.
   *
   * @param state folder of the run
   * @throws SetupFailure when no bucket is there
   */
  public static ObjectFolder of(Path state) {
    Path buckets = state.resolve("aws/s3");
    try (Stream<Path> folders = Files.walk(buckets, 2)) {
      return folders
          .filter(folder -> folder.getFileName().toString().startsWith("millrace-"))
          .filter(Files::isDirectory)
          .findFirst()
          .map(ObjectFolder::new)
          .orElseThrow(() -> new SetupFailure("the run has no bucket: run ./millrace demo first"));
    } catch (NoSuchFileException e) {
      throw new SetupFailure("there is no data yet: run ./millrace demo first", e);
    } catch (IOException e) {
      throw new EnvironmentFailure("cannot read " + buckets + ": " + e.getMessage(), e);
    }
  }

  @Override
  public Optional<Found> get(String key) {
    try {
      return Optional.of(new Found(Files.readAllBytes(bucket.resolve(key)), "", Map.of()));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw new EnvironmentFailure("cannot read the object " + key + ": " + e.getMessage(), e);
    }
  }

  @Override
  public Stream<Listed> list(String prefix) {
    Path folder = bucket.resolve(prefix.substring(0, prefix.lastIndexOf('/') + 1));
    if (!Files.isDirectory(folder)) {
      return Stream.empty();
    }
    try {
      return Files.walk(folder)
          .filter(file -> !file.toString().endsWith(HEADERS) && Files.isRegularFile(file))
          .flatMap(file -> listed(file).stream())
          .filter(object -> object.key().startsWith(prefix))
          .sorted(Comparator.comparing(Listed::key));
    } catch (IOException e) {
      throw new EnvironmentFailure("cannot list " + prefix + ": " + e.getMessage(), e);
    }
  }

  /** Empty when the file is gone: the emulator renames what it has written, maybe meanwhile. */
  private Optional<Listed> listed(Path file) {
    try {
      return Optional.of(
          new Listed(
              bucket.relativize(file).toString().replace('\\', '/'),
              Files.size(file),
              Files.getLastModifiedTime(file).toInstant()));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw new EnvironmentFailure("cannot list " + file + ": " + e.getMessage(), e);
    }
  }

  @Override
  public PutOutcome putIfAbsent(String key, byte[] bytes, Map<String, String> metadata) {
    throw new UnsupportedOperationException("this store is read only");
  }

  @Override
  public ReplaceOutcome replace(String key, byte[] bytes, @Nullable String expectedTag) {
    throw new UnsupportedOperationException("this store is read only");
  }
}

package millrace.consumer;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A file whose time of change is the last sign of life of the pipeline that has been silent
 * longest, for the health check: one that hangs shows, even while others work.
 */
final class Heartbeat {
  /** Longer than a call of SQS or S3 with all its tries may take. */
  static final Duration HEALTHY = Duration.ofSeconds(120);

  private final Path file;
  private final InstantSource clock;
  private final Map<String, Instant> beats = new ConcurrentHashMap<>();

  Heartbeat(Path file, InstantSource clock) {
    this.file = file;
    this.clock = clock;
  }

  /** What the pipeline of a queue calls when it is alive. */
  Runnable of(String queue) {
    beats.put(queue, clock.instant());
    return () -> beats.put(queue, clock.instant());
  }

  void write() throws IOException {
    Instant oldest = beats.values().stream().min(Instant::compareTo).orElse(clock.instant());
    if (!Files.exists(file)) {
      Files.createFile(file);
    }
    Files.setLastModifiedTime(file, FileTime.from(oldest));
  }

  static boolean healthy(Path file, Instant now) {
    try {
      Instant beat = Files.getLastModifiedTime(file).toInstant();
      return Duration.between(beat, now).compareTo(HEALTHY) <= 0;
    } catch (IOException noFile) {
      return false;
    }
  }
}

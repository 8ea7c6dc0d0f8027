package millrace.core.batch;

import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import java.util.random.RandomGenerator;

/**
 * Batch ids are UUIDv7: they sort by sealed time and carry it, so that even an unreadable batch has
 * a day.
 */
public final class BatchIds {
  private BatchIds() {}

  /** A new id; the only place where randomness enters a batch. */
  public static String create(Instant sealedTime, RandomGenerator random) {
    long milliseconds = sealedTime.toEpochMilli();
    long high = (milliseconds << 16) | 0x7000L | (random.nextLong() & 0x0FFFL);
    long low = 0x8000_0000_0000_0000L | (random.nextLong() & 0x3FFF_FFFF_FFFF_FFFFL);
    return new UUID(high, low).toString();
  }

  /** The sealed time that the id carries, in milliseconds; empty when it is not a UUIDv7. */
  public static Optional<Instant> sealedTime(String batchId) {
    try {
      UUID uuid = UUID.fromString(batchId);
      return uuid.version() == 7
          ? Optional.of(Instant.ofEpochMilli(uuid.getMostSignificantBits() >>> 16))
          : Optional.empty();
    } catch (IllegalArgumentException notAUuid) {
      return Optional.empty();
    }
  }
}

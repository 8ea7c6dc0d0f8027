package millrace.core.batch;

import java.time.Duration;

/**
 * When a batch is closed.
 *
 * @param maxBytes raw bytes of a batch, before compression; an event that is larger travels alone
 * @param maxEvents events of a batch
 * @param maxAge how long the first event of a batch waits for others; counted from that event, so
 *     that a steady trickle cannot hold it open
 * @param maxOpenBytes raw bytes of all open batches together: what the packer may hold in memory
 * @param maxOpenEvents events of all open batches together: below the prefetch of the broker, else
 *     many small sources fill the prefetch and nothing moves until the age closes them
 */
public record PackerLimits(
    int maxBytes, int maxEvents, Duration maxAge, long maxOpenBytes, int maxOpenEvents) {
  /** Compresses to a few hundred KiB as a rule, so that few messages need splitting. */
  public static final int DEFAULT_BYTES = 2 << 20;

  public PackerLimits {
    if (maxBytes < 1 || maxEvents < 1 || maxOpenBytes < 1 || maxOpenEvents < 1) {
      throw new IllegalArgumentException("limits of a batch are at least 1");
    }
    if (maxAge.isNegative()) {
      throw new IllegalArgumentException("the age of a batch is not negative");
    }
  }
}

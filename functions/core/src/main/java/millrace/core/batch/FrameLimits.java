package millrace.core.batch;

/**
 * Bounds on what a frame may unpack to.
 *
 * @param maxBytes most bytes that one call unpacks
 * @param maxRatio most unpacked bytes per packed byte; a small frame may always unpack to {@link
 *     #FREE_BYTES}
 */
public record FrameLimits(long maxBytes, int maxRatio) {
  /**
   * Equal events, or one large empty document, pack far better than 100:1. What a healthy broker
   * lets through as one message, and hence what the consumer may honestly pack, must unpack again.
   */
  private static final long FREE_BYTES = 17 << 20;

  /**
   * For batches from the queue: the consumer seals at a few MiB, and one message is 16 MiB at most
   * at the broker.
   */
  public static final FrameLimits QUEUE = new FrameLimits(64L << 20, 100);

  /** For archive and quarantine objects, which hold many frames. */
  public static final FrameLimits ARCHIVE = new FrameLimits(1L << 30, 1000);

  long allowedFor(int packedBytes) {
    return Math.min(maxBytes, Math.max(FREE_BYTES, (long) packedBytes * maxRatio));
  }
}

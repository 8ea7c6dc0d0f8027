package millrace.core.names;

/**
 * First folders of the bucket. Policies, notifications, lifecycles and pipes are bound to them, so
 * each ends in {@code /} and none begins another.
 */
public final class ObjectPrefixes {
  /** Files of rows, one folder per format, source, type and day. */
  public static final String EVENTS = "events/";

  /** The bronze copy that replay reads. */
  public static final String ARCHIVE = "archive/";

  /** Files of rows of {@code raw.failed_events}. */
  public static final String FAILED = "failed/";

  /** Bytes that could not become rows. */
  public static final String QUARANTINE = "quarantine/";

  /** Batches too large for SQS, carried by reference. */
  public static final String BATCHES = "batches/";

  /**
   * Released descriptor sets and the pointer to the active one; the only folder whose objects may
   * be overwritten.
   */
  public static final String CONTRACTS = "contracts/";

  private ObjectPrefixes() {}
}

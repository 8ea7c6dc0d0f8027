package millrace.core.batch;

/** The bytes are not a batch. The message says why, for the row of raw.failed_events. */
public final class BadBatchException extends Exception {
  public BadBatchException(String message) {
    super(message);
  }

  public BadBatchException(String message, Throwable cause) {
    super(message, cause);
  }
}

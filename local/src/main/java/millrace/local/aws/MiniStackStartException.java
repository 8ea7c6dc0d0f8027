package millrace.local.aws;

/** MiniStack does not run; the message says what to do or ends with its own last words. */
public final class MiniStackStartException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public MiniStackStartException(String message) {
    super(message);
  }
}

package millrace.core.failed;

import org.jspecify.annotations.Nullable;

/**
 * A failure that stops the work at hand, split by who must act. Bad data never gets here: it
 * becomes a {@link FailedEvent} and the work goes on.
 */
public abstract sealed class MillraceFailure extends RuntimeException {
  MillraceFailure(String message, @Nullable Throwable cause) {
    super(message, cause);
  }

  /** A service did not answer or refused: nothing is acknowledged, the same work is tried again. */
  public static final class EnvironmentFailure extends MillraceFailure {
    public EnvironmentFailure(String message, @Nullable Throwable cause) {
      super(message, cause);
    }
  }

  /** The set-up is wrong and stays wrong until a person acts; the message says what to do. */
  public static final class SetupFailure extends MillraceFailure {
    public SetupFailure(String message) {
      super(message, null);
    }

    public SetupFailure(String message, @Nullable Throwable cause) {
      super(message, cause);
    }
  }
}

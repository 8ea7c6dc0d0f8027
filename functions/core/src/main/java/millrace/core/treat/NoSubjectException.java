package millrace.core.treat;

/** A value is to be encrypted for a person that the event does not name. */
public final class NoSubjectException extends RuntimeException {
  NoSubjectException(String message) {
    super(message);
  }
}

package millrace.core.row;

/** A value that parses but that no column can hold, such as a timestamp of the year 12000. */
public final class InvalidValueException extends RuntimeException {
  public InvalidValueException(String message) {
    super(message);
  }
}

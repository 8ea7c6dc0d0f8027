package millrace.core.json;

/** Bytes that are no JSON object, or that no column can hold. The message holds none of them. */
public final class InvalidJsonException extends Exception {
  InvalidJsonException(String message) {
    super(message);
  }
}

package millrace.local.warehouse;

/** The warehouse refused a statement; the message is the warehouse's own. */
public final class WarehouseException extends RuntimeException {
  private final String code;

  WarehouseException(String code, String message) {
    super(message);
    this.code = code;
  }

  /** Snowflake's error code. */
  public String code() {
    return code;
  }
}

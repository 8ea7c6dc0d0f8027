package millrace.infra.config;

/**
 * The format of row files. Parquet is the default: Snowpipe bills it by its stored size, about a
 * tenth of the text.
 */
public enum EventFormat {
  PARQUET("parquet"),
  NDJSON("ndjson");

  private final String word;

  EventFormat(String word) {
    this.word = word;
  }

  /** The word used in configuration, in the stack's parameter and in the function's environment. */
  public String word() {
    return word;
  }
}

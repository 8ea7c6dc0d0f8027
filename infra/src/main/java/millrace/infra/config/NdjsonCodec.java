package millrace.infra.config;

/** How NDJSON row files are compressed. */
public enum NdjsonCodec {
  ZSTD("zstd"),
  GZIP("gzip");

  private final String word;

  NdjsonCodec(String word) {
    this.word = word;
  }

  /** The word used in configuration and in the function's environment. */
  public String word() {
    return word;
  }
}

package millrace.core.file;

/**
 * Format of event files, with codec.
 *
 * <p>The name is part of file id and key, so renaming one changes every key.
 */
public enum FileFormat {
  PARQUET("parquet", "parquet"),
  NDJSON_ZSTD("ndjson", "ndjson.zst"),
  NDJSON_GZIP("ndjson", "ndjson.gz");

  private final String folder;
  private final String extension;

  FileFormat(String folder, String extension) {
    this.folder = folder;
    this.extension = extension;
  }

  /** Value of {@code format=} in the key. */
  public String folder() {
    return folder;
  }

  /** What the key ends with, without the leading dot. */
  public String extension() {
    return extension;
  }
}

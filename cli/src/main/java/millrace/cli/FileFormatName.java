package millrace.cli;

import java.util.Locale;

/** Formats of event files as an option's value. */
enum FileFormatName {
  PARQUET,
  NDJSON;

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}

package millrace.local.trace;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import millrace.core.file.FileId;

/** Days as folders have them. */
final class Days {
  /** Stands for any file of a folder. */
  static final FileId ANY = new FileId("0".repeat(32));

  private Days() {}

  static LocalDate utc(Instant time) {
    return time.atZone(ZoneOffset.UTC).toLocalDate();
  }
}

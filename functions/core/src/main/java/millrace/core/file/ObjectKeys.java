package millrace.core.file;

import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.regex.Pattern;
import millrace.core.names.ObjectPrefixes;

/**
 * Keys of all objects, of the characters {@code A-Z a-z 0-9 / _ . = -} only: notices percent-encode
 * all others.
 */
public final class ObjectKeys {
  public static final String EVENTS = ObjectPrefixes.EVENTS;
  public static final String ARCHIVE = ObjectPrefixes.ARCHIVE;
  public static final String FAILED = ObjectPrefixes.FAILED;
  public static final String QUARANTINE = ObjectPrefixes.QUARANTINE;
  public static final String BATCHES = ObjectPrefixes.BATCHES;
  public static final String CONTRACTS = ObjectPrefixes.CONTRACTS;

  /** Holds the sha256 of the active descriptor set. */
  public static final String ACTIVE_CONTRACTS = CONTRACTS + "active";

  private static final Pattern ROWS = Pattern.compile("\\.r([0-9]+)\\.[a-z0-9.]+$");

  private ObjectKeys() {}

  /** Key of a file of event rows; it states how many rows there are. */
  public static String eventFile(
      FileFormat format, String source, String type, LocalDate day, FileId id, int rows) {
    return EVENTS
        + "format="
        + format.folder()
        + "/source="
        + safe(source)
        + "/type="
        + safe(type)
        + "/"
        + folder(day)
        + id
        + ".r"
        + rows
        + "."
        + format.extension();
  }

  public static String archive(String source, LocalDate day, FileId id) {
    return ARCHIVE + "source=" + safe(source) + "/" + folder(day) + id + ".mrb";
  }

  /** Key of rows of raw.failed_events. */
  public static String failed(LocalDate day, FileId id, int rows) {
    return FAILED + folder(day) + id + ".r" + rows + ".ndjson.gz";
  }

  public static String quarantine(LocalDate day, FileId id) {
    return QUARANTINE + folder(day) + id + ".mrb";
  }

  /** Key of a batch too large for the queue. */
  public static String batch(String batchId) {
    return BATCHES + safe(batchId) + ".mrb";
  }

  public static String contractSet(String sha256) {
    return CONTRACTS + sha256 + ".binpb";
  }

  /** How many rows the key states; empty when it states none. */
  public static OptionalInt rows(String key) {
    var match = ROWS.matcher(key);
    return match.find() ? OptionalInt.of(Integer.parseInt(match.group(1))) : OptionalInt.empty();
  }

  private static String folder(LocalDate day) {
    return String.format(
        Locale.ROOT,
        "year=%04d/month=%02d/day=%02d/",
        day.getYear(),
        day.getMonthValue(),
        day.getDayOfMonth());
  }

  /**
   * Source and type come from publishers: every other byte becomes {@code =} and two hex digits.
   */
  static String safe(String name) {
    var safe = new StringBuilder();
    for (byte b : name.getBytes(StandardCharsets.UTF_8)) {
      char c = (char) (b & 0xff);
      boolean kept = c < 128 && (Character.isLetterOrDigit(c) || c == '_' || c == '.' || c == '-');
      safe.append(kept ? String.valueOf(c) : String.format(Locale.ROOT, "=%02X", (int) c));
    }
    return safe.toString();
  }
}

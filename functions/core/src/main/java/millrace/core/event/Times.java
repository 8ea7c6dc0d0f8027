package millrace.core.event;

import com.google.protobuf.Timestamp;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.util.Locale;

/** Timestamps as protobuf, Java and text; all UTC, microseconds, truncated towards the past. */
public final class Times {
  private static final DateTimeFormatter MICROS =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSS'Z'", Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  private static final long FIRST_SECOND = Instant.parse("0001-01-01T00:00:00Z").getEpochSecond();
  private static final long LAST_SECOND = Instant.parse("9999-12-31T23:59:59Z").getEpochSecond();

  private Times() {}

  /**
   * Whether it is within the years 1 to 9999: protobuf's own bounds, which nothing on the wire
   * enforces.
   */
  public static boolean isValid(Timestamp timestamp) {
    return timestamp.getSeconds() >= FIRST_SECOND
        && timestamp.getSeconds() <= LAST_SECOND
        && timestamp.getNanos() >= 0
        && timestamp.getNanos() < 1_000_000_000;
  }

  public static Instant instant(Timestamp timestamp) {
    return Instant.ofEpochSecond(timestamp.getSeconds(), timestamp.getNanos());
  }

  public static Timestamp timestamp(Instant instant) {
    return Timestamp.newBuilder()
        .setSeconds(instant.getEpochSecond())
        .setNanos(instant.getNano())
        .build();
  }

  /** RFC 3339 with exactly six digits and Z. */
  public static String text(Instant instant) {
    return MICROS.format(instant);
  }

  /** Microseconds since 1970-01-01T00:00:00Z. */
  public static long micros(Instant instant) {
    return ChronoUnit.MICROS.between(Instant.EPOCH, instant.truncatedTo(ChronoUnit.MICROS));
  }
}

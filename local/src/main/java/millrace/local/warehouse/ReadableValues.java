package millrace.local.warehouse;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/** Values of the SQL API as a person reads them. */
final class ReadableValues {
  private static final DateTimeFormatter TO_THE_SECOND =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss").withZone(ZoneOffset.UTC);
  private static final DateTimeFormatter TO_THE_MICROSECOND =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss.SSSSSS").withZone(ZoneOffset.UTC);

  private ReadableValues() {}

  static String of(String type, String raw) {
    try {
      return switch (type) {
        case "date" -> LocalDate.ofEpochDay(Long.parseLong(raw)).toString();
        case "time" -> LocalTime.ofNanoOfDay(nanos(raw).longValueExact()).toString();
        case "timestamp_ntz", "timestamp_ltz" -> timestamp(raw);
        case "timestamp_tz" -> timestamp(raw.substring(0, raw.indexOf(' ')));
        default -> raw;
      };
    } catch (ArithmeticException | IllegalArgumentException | IndexOutOfBoundsException e) {
      return raw; // an unexpected form is still worth showing
    }
  }

  private static BigDecimal nanos(String seconds) {
    return new BigDecimal(seconds).movePointRight(9);
  }

  private static String timestamp(String epochSeconds) {
    var parts =
        nanos(epochSeconds).toBigIntegerExact().divideAndRemainder(java.math.BigInteger.TEN.pow(9));
    Instant at = Instant.ofEpochSecond(parts[0].longValueExact(), parts[1].longValueExact());
    return (at.getNano() == 0 ? TO_THE_SECOND : TO_THE_MICROSECOND).format(at);
  }
}

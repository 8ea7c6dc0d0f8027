package millrace.core.json;

import java.math.BigDecimal;

/**
 * Numbers of JSON as the warehouse keeps them without a loss: as decimal of up to 38 digits, or as
 * double where the shortest text of the double is the number.
 */
final class JsonNumbers {
  /** Of NUMBER, which VARIANT takes for numbers without exponent. */
  private static final int MAX_DIGITS = 38;

  private static final int MAX_SCALE = 37;

  private JsonNumbers() {}

  /**
   * One text for all ways to write a number: without exponent where it fits a decimal, and without
   * needless zeros.
   *
   * @throws InvalidJsonException when neither a decimal nor a double holds it
   */
  static String text(String number) throws InvalidJsonException {
    BigDecimal exact;
    try {
      exact = new BigDecimal(number).stripTrailingZeros();
    } catch (NumberFormatException | ArithmeticException exponentOutOfRange) {
      throw tooMuch();
    }
    if (exact.signum() == 0) {
      return "0";
    }
    long integerDigits = (long) exact.precision() - exact.scale();
    long digits = Math.max(0, integerDigits) + Math.max(0, exact.scale());
    if (digits <= MAX_DIGITS && exact.scale() <= MAX_SCALE) {
      return exact.toPlainString();
    }
    double rounded = exact.doubleValue();
    if (Double.isFinite(rounded)
        && new BigDecimal(Double.toString(rounded)).compareTo(exact) == 0) {
      return exact.toString();
    }
    throw tooMuch();
  }

  private static InvalidJsonException tooMuch() {
    return new InvalidJsonException(
        "a number has more digits than a column keeps: 38, or those of a double");
  }
}

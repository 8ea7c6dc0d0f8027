package millrace.infra.config;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A block of IPv4 addresses.
 *
 * @param text as it was written, such as {@code 10.40.0.0/16}
 * @param first its first address as a number
 * @param last its last address as a number
 */
public record Cidr(String text, long first, long last) {
  private static final Pattern BLOCK =
      Pattern.compile("(\\d{1,3})\\.(\\d{1,3})\\.(\\d{1,3})\\.(\\d{1,3})/(\\d{1,2})");

  /** A block, or nothing when it is not one or when bits behind its prefix are set. */
  static Optional<Cidr> parse(String text) {
    Matcher matcher = BLOCK.matcher(text);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    long address = 0;
    for (int part = 1; part <= 4; part++) {
      int number = Integer.parseInt(matcher.group(part));
      if (number > 255) {
        return Optional.empty();
      }
      address = address << 8 | number;
    }
    int prefix = Integer.parseInt(matcher.group(5));
    if (prefix > 32) {
      return Optional.empty();
    }
    long size = 1L << (32 - prefix);
    return address % size == 0
        ? Optional.of(new Cidr(text, address, address + size - 1))
        : Optional.empty();
  }

  boolean overlaps(Cidr other) {
    return first <= other.last && other.first <= last;
  }

  /** Whether a VPC may have it: 256 to 65,536 addresses. */
  boolean fitsNetwork() {
    long size = last - first + 1;
    return size >= 1L << 8 && size <= 1L << 16;
  }

  @Override
  public String toString() {
    return text;
  }
}

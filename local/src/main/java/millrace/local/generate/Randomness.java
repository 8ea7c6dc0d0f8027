package millrace.local.generate;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.SplittableRandom;
import java.util.UUID;

/** Everything the generator draws by lot, from one seed. */
final class Randomness {
  private final SplittableRandom random;

  Randomness(long seed) {
    this.random = new SplittableRandom(seed);
  }

  /** From {@code least} to {@code most}, both included. */
  int between(int least, int most) {
    return random.nextInt(least, most + 1);
  }

  boolean oneIn(int n) {
    return random.nextInt(n) == 0;
  }

  <T> T pick(List<T> choices) {
    return choices.get(random.nextInt(choices.size()));
  }

  /**
   * A number below {@code n}; small ones are far more frequent, as sales of cards and visits of
   * customers are.
   */
  int skewed(int n) {
    double u = random.nextDouble();
    return Math.min(n - 1, (int) (n * u * u));
  }

  String uuid() {
    long high = (random.nextLong() & ~0xF000L) | 0x4000L;
    long low = (random.nextLong() & 0x3FFF_FFFF_FFFF_FFFFL) | 0x8000_0000_0000_0000L;
    return new UUID(high, low).toString();
  }

  /** Text that does not compress well. */
  String noise(int characters) {
    String alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    var text = new StringBuilder(characters);
    while (text.length() < characters) {
      long bits = random.nextLong();
      for (int i = 0; i < 10 && text.length() < characters; i++, bits >>>= 6) {
        text.append(alphabet.charAt((int) (bits & 63)));
      }
    }
    return text.toString();
  }

  /** A time within the window, to the microsecond. */
  Instant within(Instant from, Instant to) {
    long micros = Duration.between(from, to).toNanos() / 1_000;
    return from.plusNanos(random.nextLong(micros) * 1_000);
  }
}

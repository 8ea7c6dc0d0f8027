package millrace.infra.config;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;

/** Finds what somebody meant who wrote something else. */
final class Nearest {
  private Nearest() {}

  /** {@code "; did you mean \"region\"?"}, or the list of what there is when nothing is near. */
  static String suggestion(String written, Collection<String> known) {
    if (known.isEmpty()) {
      return "";
    }
    String best =
        known.stream()
            .sorted()
            .min(Comparator.comparingInt(name -> distance(written, name)))
            .orElseThrow();
    // More than a third of the letters wrong is another word, not a slip of the finger.
    if (distance(written, best) <= Math.max(2, best.length() / 3)) {
      return "; did you mean \"" + best + "\"?";
    }
    return "; known: " + String.join(", ", known.stream().sorted().toList());
  }

  private static int distance(String left, String right) {
    String a = left.toLowerCase(Locale.ROOT);
    String b = right.toLowerCase(Locale.ROOT);
    int[] previous = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      previous[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int[] current = new int[b.length() + 1];
      current[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int replaced = previous[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        current[j] = Math.min(replaced, Math.min(previous[j], current[j - 1]) + 1);
      }
      previous = current;
    }
    return previous[b.length()];
  }
}

package millrace.consumer;

import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Function;
import millrace.core.failed.MillraceFailure.SetupFailure;

/** Reads typed values from environment variables and collects every problem before it complains. */
final class EnvironmentReader {
  private final Map<String, String> environment;
  private final List<String> problems = new ArrayList<>();

  EnvironmentReader(Map<String, String> environment) {
    this.environment = environment;
  }

  void problem(String sentence) {
    problems.add(sentence);
  }

  void throwProblems() {
    if (!problems.isEmpty()) {
      throw new SetupFailure(
          "The consumer cannot start:\n  " + String.join("\n  ", new TreeSet<>(problems)));
    }
  }

  /** A mistyped name would otherwise mean a default that nobody asked for. */
  void refuseUnknown(String prefix, Collection<String> known) {
    for (String name : environment.keySet()) {
      if (name.startsWith(prefix) && !known.contains(name)) {
        String nearest =
            known.stream().min(Comparator.comparingInt(k -> distance(name, k))).orElseThrow();
        problem(name + ": unknown; did you mean " + nearest + "?");
      }
    }
  }

  Optional<String> optional(String key) {
    return Optional.ofNullable(environment.get(key)).map(String::strip).filter(v -> !v.isEmpty());
  }

  String text(String key) {
    return text(key, value -> value);
  }

  /**
   * A value that must be there.
   *
   * @param check throws IllegalArgumentException when it is not valid
   */
  String text(String key, Function<String, ?> check) {
    Optional<String> value = optional(key);
    if (value.isEmpty()) {
      problem(key + ": missing");
      return "";
    }
    try {
      var unused = check.apply(value.get());
    } catch (IllegalArgumentException invalid) {
      problem(key + ": " + invalid.getMessage());
    }
    return value.get();
  }

  /**
   * As {@link #text}, for values that must not be printed: the parser's messages must not either.
   */
  <T> T secret(String key, Function<String, T> parser, T instead) {
    Optional<String> value = optional(key);
    if (value.isEmpty()) {
      problem(key + ": missing");
      return instead;
    }
    try {
      return parser.apply(value.get());
    } catch (IllegalArgumentException invalid) {
      problem(key + ": " + invalid.getMessage());
      return instead;
    }
  }

  int integer(String key, int otherwise, int least, int most) {
    Optional<String> value = optional(key);
    if (value.isEmpty()) {
      return otherwise;
    }
    try {
      int number = Integer.parseInt(value.get());
      if (number >= least && number <= most) {
        return number;
      }
    } catch (NumberFormatException notANumber) {
      // the same sentence as for a number out of range
    }
    problem(key + ": '" + value.get() + "' is not a whole number from " + least + " to " + most);
    return otherwise;
  }

  /** Such as {@code 500ms}, {@code 5s}, {@code 20m}, {@code 1h}. */
  Duration duration(String key, Duration otherwise) {
    Optional<String> value = optional(key);
    if (value.isEmpty()) {
      return otherwise;
    }
    String text = value.get().toLowerCase(Locale.ROOT);
    try {
      Duration duration =
          text.endsWith("ms")
              ? Duration.ofMillis(Long.parseLong(text.substring(0, text.length() - 2)))
              : Duration.parse("PT" + text);
      if (duration.isPositive()) {
        return duration;
      }
    } catch (NumberFormatException | DateTimeParseException notADuration) {
      // the same sentence as for a negative one
    }
    problem(key + ": '" + value.get() + "' is not a duration such as 500ms, 5s or 20m");
    return otherwise;
  }

  <E extends Enum<E>> E choice(String key, Class<E> type, E otherwise) {
    Optional<String> value = optional(key);
    for (E constant : type.getEnumConstants()) {
      if (value.isPresent() && constant.name().toLowerCase(Locale.ROOT).equals(value.get())) {
        return constant;
      }
    }
    value.ifPresent(
        v ->
            problem(
                key
                    + ": '"
                    + v
                    + "' is none of "
                    + List.of(type.getEnumConstants()).toString().toLowerCase(Locale.ROOT)));
    return otherwise;
  }

  /** Levenshtein's. */
  private static int distance(String a, String b) {
    int[] row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int substitution = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(substitution, 1 + Math.min(row[j], row[j - 1]));
      }
    }
    return row[b.length()];
  }
}

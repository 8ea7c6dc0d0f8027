package millrace.infra.config;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One object of the configuration. A value that cannot be used is noted and stands in for with its
 * default, so that one reading finds all problems.
 */
final class Section {
  private static final Pattern DURATION = Pattern.compile("(\\d{1,6})\\s*([smhd])");

  private static final String BLOCK =
      "a block of addresses such as 10.40.0.0/16, no bits behind its prefix";

  /** Stands in for a block that cannot be read; overlaps nothing that a network may have. */
  private static final Cidr NOWHERE = new Cidr("", -1, -1);

  private final String path;
  private final Map<String, ?> values;
  private final List<String> problems;
  private final Set<String> known = new HashSet<>();

  Section(String path, Map<String, ?> values, List<String> problems) {
    this.path = path;
    this.values = values;
    this.problems = problems;
  }

  Section section(String key) {
    Object value = value(key);
    String inner = path + "." + key;
    return switch (value) {
      case null -> new Section(inner, Map.of(), problems);
      case Map<?, ?> map -> {
        Map<String, Object> copy = new java.util.LinkedHashMap<>();
        map.forEach((name, content) -> copy.put(String.valueOf(name), content));
        yield new Section(inner, copy, problems);
      }
      default -> {
        problem(key, "must be an object");
        yield new Section(inner, Map.of(), problems);
      }
    };
  }

  /** A section that means something by being there. */
  Optional<Section> optionalSection(String key) {
    return value(key) == null ? Optional.empty() : Optional.of(section(key));
  }

  Optional<String> optionalText(String key, String pattern, String meaning) {
    return value(key) == null ? Optional.empty() : Optional.of(text(key, pattern, meaning));
  }

  Cidr cidr(String key, Cidr otherwise) {
    @Nullable Object value = value(key);
    return value == null ? otherwise : block(key, value).orElse(otherwise);
  }

  Cidr requiredCidr(String key) {
    @Nullable Object value = value(key);
    if (value == null) {
      problem(key, "is missing: it must be " + BLOCK);
      return NOWHERE;
    }
    return block(key, value).orElse(NOWHERE);
  }

  List<Cidr> cidrs(String key) {
    @Nullable Object value = value(key);
    if (value == null) {
      return List.of();
    }
    if (!(value instanceof List<?> list)) {
      problem(key, "must be a list");
      return List.of();
    }
    List<Cidr> blocks = new ArrayList<>();
    for (int i = 0; i < list.size(); i++) {
      block(key + "[" + i + "]", list.get(i)).ifPresent(blocks::add);
    }
    return blocks;
  }

  private Optional<Cidr> block(String key, @Nullable Object value) {
    Optional<Cidr> block = value instanceof String text ? Cidr.parse(text) : Optional.empty();
    if (block.isEmpty()) {
      problem(key, "must be " + BLOCK + ", not " + quoted(value));
    }
    return block;
  }

  String text(String key, String pattern, String meaning) {
    Object value = value(key);
    if (value == null) {
      problem(key, "is missing: it must be " + meaning);
      return "";
    }
    if (value instanceof String text && text.matches(pattern)) {
      return text;
    }
    problem(key, "must be " + meaning + ", not " + quoted(value));
    return "";
  }

  List<String> texts(String key, String pattern, String meaning) {
    Object value = value(key);
    if (value == null) {
      return List.of();
    }
    if (!(value instanceof List<?> list)) {
      problem(key, "must be a list");
      return List.of();
    }
    List<String> texts = new ArrayList<>();
    for (int i = 0; i < list.size(); i++) {
      if (list.get(i) instanceof String text && text.matches(pattern)) {
        texts.add(text);
      } else {
        problem(key + "[" + i + "]", "must be " + meaning + ", not " + quoted(list.get(i)));
      }
    }
    return texts;
  }

  boolean flag(String key, boolean otherwise) {
    Object value = value(key);
    if (value == null) {
      return otherwise;
    }
    if (value instanceof Boolean flag) {
      return flag;
    }
    problem(key, "must be true or false, not " + quoted(value));
    return otherwise;
  }

  int integer(String key, int otherwise, int least, int most) {
    Object value = value(key);
    if (value == null) {
      return otherwise;
    }
    if (value instanceof Number number
        && number.doubleValue() == number.intValue()
        && number.intValue() >= least
        && number.intValue() <= most) {
      return number.intValue();
    }
    problem(key, "must be a whole number from " + least + " to " + most + ", not " + quoted(value));
    return otherwise;
  }

  Duration duration(String key, Duration otherwise, Duration least, Duration most) {
    Object value = value(key);
    if (value == null) {
      return otherwise;
    }
    Matcher matcher = DURATION.matcher(value instanceof String text ? text : "");
    if (matcher.matches()) {
      long amount = Long.parseLong(matcher.group(1));
      Duration duration =
          switch (matcher.group(2)) {
            case "s" -> Duration.ofSeconds(amount);
            case "m" -> Duration.ofMinutes(amount);
            case "h" -> Duration.ofHours(amount);
            default -> Duration.ofDays(amount);
          };
      if (duration.compareTo(least) >= 0 && duration.compareTo(most) <= 0) {
        return duration;
      }
    }
    problem(
        key,
        "must be a time from "
            + written(least)
            + " to "
            + written(most)
            + " (30s, 5m, 12h, 14d), not "
            + quoted(value));
    return otherwise;
  }

  /** A duration for which only whole days make sense. */
  Duration days(String key, Duration otherwise, Duration least, Duration most) {
    Duration duration = duration(key, otherwise, least, most);
    if (!duration.equals(Duration.ofDays(duration.toDays()))) {
      problem(key, "must be whole days, not " + quoted(value(key)));
      return otherwise;
    }
    return duration;
  }

  <E extends Enum<E>> E choice(String key, E otherwise, Function<E, String> word) {
    Object value = value(key);
    if (value == null) {
      return otherwise;
    }
    Set<String> words = new TreeSet<>();
    for (E candidate : otherwise.getDeclaringClass().getEnumConstants()) {
      if (word.apply(candidate).equals(value)) {
        return candidate;
      }
      words.add(word.apply(candidate));
    }
    problem(key, "must be one of " + String.join(", ", words) + ", not " + quoted(value));
    return otherwise;
  }

  /** A rule between values of this section; the sentence says what must hold. */
  void require(boolean holds, String sentence) {
    if (!holds) {
      problems.add(path + ": " + sentence);
    }
  }

  /**
   * Called last: a key that nothing asked for is a slip, and a slip that is ignored is a setting
   * that does not work.
   */
  void refuseUnknownKeys() {
    for (String key : values.keySet()) {
      if (!known.contains(key)) {
        problem(key, "is unknown" + Nearest.suggestion(key, known));
      }
    }
  }

  private @Nullable Object value(String key) {
    known.add(key);
    return values.get(key);
  }

  private void problem(String key, String sentence) {
    problems.add(path + "." + key + " " + sentence);
  }

  private static String quoted(@Nullable Object value) {
    return value instanceof String text ? "\"" + text + "\"" : String.valueOf(value);
  }

  private static String written(Duration duration) {
    if (duration.toDays() > 0 && duration.equals(Duration.ofDays(duration.toDays()))) {
      return duration.toDays() + "d";
    }
    return duration.toSeconds() % 60 == 0 && !duration.isZero()
        ? duration.toMinutes() + "m"
        : duration.toSeconds() + "s";
  }
}

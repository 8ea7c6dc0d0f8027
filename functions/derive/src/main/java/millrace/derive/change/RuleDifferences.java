package millrace.derive.change;

import build.buf.validate.FieldRules;
import build.buf.validate.Ignore;
import build.buf.validate.Rule;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor.Type;
import com.google.protobuf.Duration;
import com.google.protobuf.Message;
import com.google.protobuf.Timestamp;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiPredicate;
import org.jspecify.annotations.Nullable;

/**
 * What differs between two states of the {@code buf.validate} rules of one thing. A difference that
 * is not known to let through all that passed before counts as tighter.
 */
final class RuleDifferences {
  /** Rules that a greater number makes looser. */
  private static final Set<String> CEILINGS =
      Set.of("max_len", "max_bytes", "max_items", "max_pairs", "within");

  /** Rules that a smaller number makes looser. */
  private static final Set<String> FLOORS =
      Set.of("min_len", "min_bytes", "min_items", "min_pairs");

  private final Map<String, Object> before = new TreeMap<>();
  private final Map<String, Object> after = new TreeMap<>();

  /**
   * @param words the rule and its two values
   */
  record Difference(boolean tighter, String words) {}

  /** One end of a range of numbers or times, these in seconds. */
  private record Bound(BigDecimal value, boolean inclusive) {
    @Override
    public String toString() {
      return (inclusive ? "" : "without ") + value.toPlainString();
    }
  }

  private RuleDifferences() {}

  /** Both are rules of the same kind of thing: a field, a message or a oneof. */
  static List<Difference> of(Message before, Message after) {
    var both = new RuleDifferences();
    read(before, "", both.before);
    read(after, "", both.after);
    return both.differences();
  }

  /** Each rule by its name; those of elements, keys and values below {@code items.} and so on. */
  private static void read(Message rules, String prefix, Map<String, Object> into) {
    for (Map.Entry<FieldDescriptor, Object> rule : rules.getAllFields().entrySet()) {
      FieldDescriptor field = rule.getKey();
      Object value = rule.getValue();
      String name = field.getName();
      if (value instanceof FieldRules inner) {
        read(inner, prefix + name + ".", into);
      } else if (rules instanceof FieldRules && value instanceof Message ofType) {
        // A widened number has its rules in another message, under the same names.
        read(ofType, prefix, into);
      } else if (name.equals("cel") || name.equals("cel_expression")) {
        expressions(prefix + "cel", (Collection<?>) value, into);
      } else if (says(name, value)) {
        Object known = field.isRepeated() ? list(field, (List<?>) value) : known(field, value);
        if (known instanceof BigDecimal number && Set.of("gt", "gte", "lt", "lte").contains(name)) {
          into.put(
              prefix + (name.startsWith("g") ? "lower bound" : "upper bound"),
              new Bound(number, name.endsWith("e")));
        } else {
          into.put(prefix + name, known);
        }
      }
    }
    if (!rules.getUnknownFields().asMap().isEmpty()) {
      into.put(prefix + "a rule that this version does not know", rules.getUnknownFields());
    }
  }

  /** Rules are compared by what they ask: their ids and messages may change. */
  private static void expressions(String name, Collection<?> rules, Map<String, Object> into) {
    var expressions = new TreeSet<String>();
    if (into.get(name) instanceof Set<?> already) {
      already.forEach(each -> expressions.add(each.toString()));
    }
    rules.forEach(
        each ->
            expressions.add(each instanceof Rule rule ? rule.getExpression() : each.toString()));
    into.put(name, expressions);
  }

  private static boolean says(String name, Object value) {
    if (name.equals("strict")) {
      return value.equals(false);
    }
    return !name.equals("example")
        && !value.equals(false)
        && !value.equals(Ignore.IGNORE_UNSPECIFIED.getValueDescriptor());
  }

  private static Set<Object> list(FieldDescriptor field, List<?> values) {
    var known = new LinkedHashSet<Object>();
    values.forEach(each -> known.add(known(field, each)));
    return known;
  }

  private static Object known(FieldDescriptor field, Object value) {
    return switch (value) {
      case Duration time -> seconds(time.getSeconds(), time.getNanos());
      case Timestamp time -> seconds(time.getSeconds(), time.getNanos());
      case EnumValueDescriptor constant -> constant.getName();
      case Double number when !Double.isFinite(number) -> number;
      case Float number when !Float.isFinite(number) -> number;
      case Integer number when isUnsigned(field) -> plain(Integer.toUnsignedString(number));
      case Long number when isUnsigned(field) -> plain(Long.toUnsignedString(number));
      case Number number -> plain(number.toString());
      default -> value;
    };
  }

  private static boolean isUnsigned(FieldDescriptor field) {
    return Set.of(Type.UINT32, Type.UINT64, Type.FIXED32, Type.FIXED64).contains(field.getType());
  }

  private static BigDecimal plain(String number) {
    return new BigDecimal(number).stripTrailingZeros();
  }

  private static BigDecimal seconds(long seconds, int nanos) {
    return BigDecimal.valueOf(seconds).add(BigDecimal.valueOf(nanos, 9)).stripTrailingZeros();
  }

  private List<Difference> differences() {
    var names = new TreeSet<>(before.keySet());
    names.addAll(after.keySet());
    var found = new ArrayList<Difference>();
    for (String path : names) {
      @Nullable Object was = before.get(path);
      @Nullable Object is = after.get(path);
      if (was == null || !was.equals(is)) {
        found.add(new Difference(!isLooser(path, was, is), path + " " + words(was, is)));
      }
    }
    return found;
  }

  private static String words(@Nullable Object was, @Nullable Object is) {
    if (was == null) {
      return "added (" + text(is) + ")";
    }
    return is == null ? "gone (was " + text(was) + ")" : "from " + text(was) + " to " + text(is);
  }

  private static String text(@Nullable Object value) {
    return value instanceof BigDecimal number ? number.toPlainString() : String.valueOf(value);
  }

  private boolean isLooser(String path, @Nullable Object was, @Nullable Object is) {
    int dot = path.lastIndexOf('.');
    String prefix = path.substring(0, dot + 1);
    String name = path.substring(dot + 1);
    if (CEILINGS.contains(name)) {
      return both(BigDecimal.class, was, is, (old, now) -> now.compareTo(old) > 0);
    }
    if (FLOORS.contains(name)) {
      return both(BigDecimal.class, was, is, (old, now) -> now.compareTo(old) < 0);
    }
    return switch (name) {
      case "lower bound", "upper bound" ->
          !isOutsideOfARange(prefix)
              && both(Bound.class, was, is, (old, now) -> isWider(name, old, now));
      case "in" -> both(Set.class, was, is, (old, now) -> now.containsAll(old));
      case "not_in", "cel" -> both(Set.class, was, is, (old, now) -> old.containsAll(now));
      // Without a rule there is nothing that could be ignored.
      case "ignore" ->
          was == null
              || Ignore.IGNORE_ALWAYS.name().equals(is)
              || (is == null && after.keySet().stream().noneMatch(each -> each.startsWith(prefix)));
      case "strict" -> was == null;
      // Its fields are ignored when empty, whatever their own rules say: nothing is known of less.
      case "oneof" -> false;
      default -> is == null;
    };
  }

  /** A rule that is gone is looser, one that is new is not. */
  private static <T> boolean both(
      Class<T> type, @Nullable Object was, @Nullable Object is, BiPredicate<T, T> looser) {
    return is == null
        || (type.isInstance(was)
            && type.isInstance(is)
            && looser.test(type.cast(was), type.cast(is)));
  }

  private static boolean isWider(String end, Bound was, Bound is) {
    int greater = is.value().compareTo(was.value());
    if (greater == 0) {
      return is.inclusive();
    }
    return end.equals("lower bound") == greater < 0;
  }

  /**
   * A lower bound above the upper one means what lies outside of the two: each holds up the other.
   */
  private boolean isOutsideOfARange(String prefix) {
    return before.get(prefix + "lower bound") instanceof Bound lower
        && before.get(prefix + "upper bound") instanceof Bound upper
        && lower.value().compareTo(upper.value()) >= 0;
  }
}

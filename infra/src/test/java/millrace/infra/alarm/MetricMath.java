package millrace.infra.alarm;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The part of CloudWatch's metric math that our alarms use, for one period: numbers, names, {@code
 * + - * / >}, {@code IF}, {@code FILL}, {@code SUM} and {@code MAX} of a list. A missing value
 * makes the result missing, except within the three functions that are there for it.
 */
final class MetricMath {
  private final String text;
  private final Map<String, Optional<Double>> metrics;
  private int at;

  private MetricMath(String text, Map<String, Optional<Double>> metrics) {
    this.text = text.replace(" ", "");
    this.metrics = metrics;
  }

  static Optional<Double> value(String expression, Map<String, Optional<Double>> metrics) {
    var math = new MetricMath(expression, metrics);
    Optional<Double> value = math.comparison();
    if (math.at != math.text.length()) {
      throw new AssertionError("not understood: " + math.text.substring(math.at));
    }
    return value;
  }

  private Optional<Double> comparison() {
    Optional<Double> left = sum();
    if (!take('>')) {
      return left;
    }
    return both(left, sum(), (a, b) -> a > b ? 1.0 : 0.0);
  }

  private Optional<Double> sum() {
    Optional<Double> value = product();
    while (true) {
      if (take('+')) {
        value = both(value, product(), Double::sum);
      } else if (take('-')) {
        value = both(value, product(), (a, b) -> a - b);
      } else {
        return value;
      }
    }
  }

  private Optional<Double> product() {
    Optional<Double> value = atom();
    while (true) {
      if (take('*')) {
        value = both(value, atom(), (a, b) -> a * b);
      } else if (take('/')) {
        value = both(value, atom(), (a, b) -> a / b);
      } else {
        return value;
      }
    }
  }

  private Optional<Double> atom() {
    if (take('(')) {
      Optional<Double> value = comparison();
      must(')');
      return value;
    }
    int start = at;
    while (at < text.length()
        && (Character.isLetterOrDigit(text.charAt(at)) || text.charAt(at) == '.')) {
      at++;
    }
    String word = text.substring(start, at);
    if (word.isEmpty()) {
      throw new AssertionError("not understood: " + text.substring(start));
    }
    if (Character.isDigit(word.charAt(0))) {
      return Optional.of(Double.valueOf(word));
    }
    if (!take('(')) {
      return Optional.ofNullable(metrics.get(word))
          .orElseThrow(() -> new AssertionError("no metric " + word));
    }
    Optional<Double> value = function(word);
    must(')');
    return value;
  }

  private Optional<Double> function(String name) {
    return switch (name) {
      case "SUM" -> list().stream().reduce(Double::sum);
      case "MAX" -> list().stream().reduce(Math::max);
      case "FILL" -> {
        Optional<Double> value = comparison();
        must(',');
        Optional<Double> otherwise = comparison();
        yield value.or(() -> otherwise);
      }
      case "IF" -> {
        Optional<Double> condition = comparison();
        must(',');
        Optional<Double> then = comparison();
        must(',');
        Optional<Double> otherwise = comparison();
        yield condition.flatMap(holds -> holds > 0 ? then : otherwise);
      }
      default -> throw new AssertionError("not understood: " + name);
    };
  }

  private List<Double> list() {
    List<Double> values = new ArrayList<>();
    must('[');
    do {
      comparison().ifPresent(values::add);
    } while (take(','));
    must(']');
    return values;
  }

  private interface Operation {
    double of(double left, double right);
  }

  private static Optional<Double> both(
      Optional<Double> left, Optional<Double> right, Operation operation) {
    return left.flatMap(a -> right.map(b -> operation.of(a, b)));
  }

  private boolean take(char wanted) {
    if (at < text.length() && text.charAt(at) == wanted) {
      at++;
      return true;
    }
    return false;
  }

  private void must(char wanted) {
    if (!take(wanted)) {
      throw new AssertionError(wanted + " expected at " + text.substring(at));
    }
  }
}

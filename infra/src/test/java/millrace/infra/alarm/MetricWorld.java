package millrace.infra.alarm;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What was reported to CloudWatch, minute by minute, under a metric's namespace, name and
 * dimensions. Nothing reported is no value, and not a zero.
 */
final class MetricWorld {
  /** Long enough for the slowest alarm: three periods of an hour. */
  static final int MINUTES = 240;

  /** What names a metric. */
  record Key(String namespace, String name, Map<String, String> dimensions) {
    Key {
      dimensions = Map.copyOf(dimensions);
    }

    @Override
    public String toString() {
      return namespace + " " + name + " " + new TreeMap<>(dimensions);
    }
  }

  private final Map<Key, Map<Integer, List<Double>>> values = new HashMap<>();

  /** Reports a value in each minute from one on. */
  MetricWorld report(Key key, int fromMinute, double... each) {
    for (int minute = fromMinute; minute < MINUTES; minute++) {
      List<Double> samples =
          values
              .computeIfAbsent(key, unused -> new HashMap<>())
              .computeIfAbsent(minute, unused -> new ArrayList<>());
      for (double sample : each) {
        samples.add(sample);
      }
    }
    return this;
  }

  /** Takes back everything from a minute on. */
  MetricWorld silence(Key key, int fromMinute) {
    values.getOrDefault(key, new HashMap<>()).keySet().removeIf(minute -> minute >= fromMinute);
    return this;
  }

  /** Another value instead from a minute on. */
  MetricWorld instead(Key key, int fromMinute, double... each) {
    return silence(key, fromMinute).report(key, fromMinute, each);
  }

  /** Values reported in some minutes. */
  List<Double> between(Key key, int from, int to) {
    List<Double> found = new ArrayList<>();
    Map<Integer, List<Double>> minutes = values.getOrDefault(key, Map.of());
    for (int minute = from; minute < to; minute++) {
      found.addAll(minutes.getOrDefault(minute, List.of()));
    }
    return found;
  }
}

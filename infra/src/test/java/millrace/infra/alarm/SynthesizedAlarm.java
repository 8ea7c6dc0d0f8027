package millrace.infra.alarm;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import millrace.infra.alarm.MetricWorld.Key;

/**
 * An alarm as its template defines it, and what CloudWatch would say of it at the end of a world.
 *
 * @param properties of the resource
 * @param references what a {@code Ref} or an attribute in a dimension is, by logical id
 */
record SynthesizedAlarm(JsonNode properties, Function<String, String> references) {
  private record Asked(Key key, String statistic, int minutes) {}

  String name() {
    return properties.path("AlarmName").asText();
  }

  /** {@code docs/runbooks/...}. */
  String runbook() {
    return properties.path("AlarmDescription").asText().replaceAll(".* Runbook: ", "");
  }

  /** Metrics it asks for. */
  List<Key> keys() {
    return asked().values().stream().map(Asked::key).toList();
  }

  /** Whether it is in ALARM when the world ends. */
  boolean speaks(MetricWorld world) {
    int minutes = asked().values().stream().mapToInt(Asked::minutes).max().orElseThrow();
    int periods = properties.path("EvaluationPeriods").asInt();
    for (int back = 0; back < periods; back++) {
      int to = MetricWorld.MINUTES - back * minutes;
      if (!breaches(value(world, to - minutes, to))) {
        return false;
      }
    }
    return true;
  }

  private boolean breaches(Optional<Double> value) {
    if (value.isEmpty()) {
      return switch (properties.path("TreatMissingData").asText()) {
        case "breaching" -> true;
        case "notBreaching" -> false;
        default -> throw new AssertionError(name() + " leaves open what silence is");
      };
    }
    double threshold = properties.path("Threshold").asDouble();
    return switch (properties.path("ComparisonOperator").asText()) {
      case "GreaterThanThreshold" -> value.get() > threshold;
      case "LessThanThreshold" -> value.get() < threshold;
      default -> throw new AssertionError(name() + " compares in an unknown way");
    };
  }

  private Optional<Double> value(MetricWorld world, int from, int to) {
    Map<String, Optional<Double>> values = new HashMap<>();
    asked().forEach((id, asked) -> values.put(id, statistic(asked, world, from, to)));
    for (JsonNode metric : properties.path("Metrics")) {
      if (metric.has("Expression")) {
        return MetricMath.value(metric.path("Expression").asText(), values);
      }
    }
    return values.values().iterator().next();
  }

  private static Optional<Double> statistic(Asked asked, MetricWorld world, int from, int to) {
    List<Double> samples = world.between(asked.key(), from, to);
    return switch (asked.statistic()) {
      case "Sum" -> samples.stream().reduce(Double::sum);
      case "Maximum" -> samples.stream().reduce(Math::max);
      case "Minimum" -> samples.stream().reduce(Math::min);
      case "SampleCount" ->
          samples.isEmpty() ? Optional.empty() : Optional.of((double) samples.size());
      default -> throw new AssertionError("unknown statistic " + asked.statistic());
    };
  }

  private Map<String, Asked> asked() {
    Map<String, Asked> asked = new LinkedHashMap<>();
    for (JsonNode metric : properties.path("Metrics")) {
      if (metric.has("MetricStat")) {
        JsonNode stat = metric.path("MetricStat");
        asked.put(
            metric.path("Id").asText(),
            new Asked(
                key(stat.path("Metric")),
                stat.path("Stat").asText(),
                stat.path("Period").asInt() / 60));
      }
    }
    if (asked.isEmpty()) {
      asked.put(
          "it",
          new Asked(
              key(properties),
              properties.path("Statistic").asText(),
              properties.path("Period").asInt() / 60));
    }
    return asked;
  }

  private Key key(JsonNode metric) {
    Map<String, String> dimensions = new HashMap<>();
    for (JsonNode dimension : metric.path("Dimensions")) {
      JsonNode value = dimension.path("Value");
      dimensions.put(
          dimension.path("Name").asText(),
          value.isTextual()
              ? value.asText()
              : references.apply(
                  value.has("Ref")
                      ? value.path("Ref").asText()
                      : value.at("/Fn::GetAtt/0").asText()));
    }
    return new Key(
        metric.path("Namespace").asText(), metric.path("MetricName").asText(), dimensions);
  }
}

package millrace.infra.stack;

import java.util.Map;
import java.util.TreeMap;
import millrace.core.names.Metrics;
import millrace.core.names.Names;
import software.amazon.awscdk.Duration;
import software.amazon.awscdk.services.cloudwatch.Metric;

/** Metrics of the flow, ours and those of AWS, as the alarms and the dashboard ask for them. */
final class FlowMetrics {
  private FlowMetrics() {}

  /** What the receive step emits for the queue of one source. */
  static Metric ofQueue(
      String environment, String source, String name, String statistic, Duration period) {
    return of(
        Names.METRIC_NAMESPACE,
        name,
        Map.of(Metrics.ENVIRONMENT, environment, Metrics.QUEUE, Names.sourceQueue(source)),
        statistic,
        period);
  }

  /** What the write step emits. */
  static Metric ofWriter(String environment, String name, String statistic, Duration period) {
    return of(
        Names.METRIC_NAMESPACE,
        name,
        Map.of(Metrics.ENVIRONMENT, environment, Metrics.STEP, Metrics.WRITE),
        statistic,
        period);
  }

  static Metric of(
      String namespace,
      String name,
      Map<String, String> dimensions,
      String statistic,
      Duration period) {
    return Metric.Builder.create()
        .namespace(namespace)
        .metricName(name)
        .dimensionsMap(new TreeMap<>(dimensions))
        .statistic(statistic)
        .period(period)
        .build();
  }
}

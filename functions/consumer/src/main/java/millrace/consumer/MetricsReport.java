package millrace.consumer;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import millrace.core.metric.MetricLine;
import millrace.core.names.Metrics;

/**
 * Metrics of one queue. {@code Backlog} is what scales the service, since brokers of Amazon MQ from
 * version 4 on publish no figures per queue.
 */
final class MetricsReport {
  private MetricsReport() {}

  static String line(Instant now, String environment, String queue, Map<String, Long> values) {
    var dimensions = new LinkedHashMap<String, String>();
    dimensions.put(Metrics.ENVIRONMENT, environment);
    dimensions.put(Metrics.QUEUE, queue);
    return MetricLine.of(now, dimensions, values, Map.of());
  }
}

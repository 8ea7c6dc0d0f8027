package millrace.infra.construct;

import millrace.core.names.Names;
import software.amazon.awscdk.Duration;
import software.amazon.awscdk.services.cloudwatch.Metric;
import software.amazon.awscdk.services.logs.FilterPattern;
import software.amazon.awscdk.services.logs.LogGroup;
import software.amazon.awscdk.services.logs.MetricFilter;
import software.constructs.Construct;

/**
 * Counts the log-ins that a broker of Amazon MQ refused, from the log that it exports. Amazon MQ
 * makes the log group when the broker first writes to it; a filter can only be made after that.
 */
public final class RefusedLogIns extends Construct {
  /** What RabbitMQ writes when it refuses a log-in, a virtual host or a right. */
  public static final String REFUSED = "?\"login refused\" ?\"refused for user\"";

  private final String metric;

  /**
   * @param brokerId the broker, by the id that Amazon MQ gave it
   * @param log which of its logs: {@code connection} or {@code general}
   * @param metric name of the metric, another one for each environment
   */
  public RefusedLogIns(Construct scope, String id, String brokerId, String log, String metric) {
    super(scope, id);
    this.metric = metric;
    MetricFilter.Builder.create(this, "Filter")
        .logGroup(
            LogGroup.fromLogGroupName(this, "Log", "/aws/amazonmq/broker/" + brokerId + "/" + log))
        .filterPattern(FilterPattern.literal(REFUSED))
        .metricNamespace(Names.METRIC_NAMESPACE)
        .metricName(metric)
        .metricValue("1")
        .build();
  }

  /** Refused log-ins in five minutes. */
  public Metric count() {
    return Metric.Builder.create()
        .namespace(Names.METRIC_NAMESPACE)
        .metricName(metric)
        .statistic("Sum")
        .period(Duration.minutes(5))
        .build();
  }
}

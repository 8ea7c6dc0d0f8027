package millrace.infra.stack;

import java.util.Map;
import java.util.TreeMap;
import millrace.core.names.Metrics;
import millrace.core.names.Names;
import millrace.infra.config.BrokerConfig;
import millrace.infra.config.ConsumerConfig;
import millrace.infra.config.EnvironmentConfig;
import millrace.infra.config.SnowflakeConfig;
import millrace.infra.construct.PipelineAlarm;
import software.amazon.awscdk.Duration;
import software.amazon.awscdk.services.cloudwatch.ComparisonOperator;
import software.amazon.awscdk.services.cloudwatch.IMetric;
import software.amazon.awscdk.services.cloudwatch.MathExpression;
import software.amazon.awscdk.services.cloudwatch.TreatMissingData;
import software.amazon.awscdk.services.sns.ITopic;
import software.constructs.Construct;

/**
 * The alarms of the flow, step by step. Those of the batch queue are with the queue; here are
 * broker, consumer, writer, topics, and the account that all steps must agree on.
 */
final class FlowAlarms {
  private static final ComparisonOperator ABOVE = ComparisonOperator.GREATER_THAN_THRESHOLD;
  private static final ComparisonOperator BELOW = ComparisonOperator.LESS_THAN_THRESHOLD;
  private static final TreatMissingData QUIET = TreatMissingData.NOT_BREACHING;
  private static final TreatMissingData SUSPECT = TreatMissingData.BREACHING;
  private static final Duration MINUTE = Duration.minutes(1);
  private static final Duration FIVE_MINUTES = Duration.minutes(5);
  private static final Duration HOUR = Duration.hours(1);

  private final Construct scope;
  private final EnvironmentConfig config;
  private final Names names;
  private final ITopic topic;

  FlowAlarms(Construct scope, EnvironmentConfig config, ITopic topic) {
    this.scope = scope;
    this.config = config;
    this.names = Names.of(config.name());
    this.topic = topic;
  }

  /**
   * @param declinedCalls calls that were declined and log-ins that failed
   */
  void make(IMetric declinedCalls) {
    if (config.broker() instanceof BrokerConfig.Managed) {
      broker();
    }
    config.consumer().ifPresent(this::consumer);
    writer();
    files();
    if (config.snowflake().flatMap(SnowflakeConfig::loadErrors).isPresent()) {
      loads();
    }
    config.consumer().ifPresent(this::account);
    alarm(
        "declined-calls",
        "Calls were declined or log-ins failed: a policy is too narrow, or somebody tries doors.",
        declinedCalls,
        ABOVE,
        10,
        1,
        QUIET);
  }

  /**
   * @param refused log-ins that the broker refused
   */
  void logIns(IMetric refused) {
    alarm(
        "refused-log-ins",
        "The broker refuses log-ins: a password is old, or somebody tries passwords.",
        refused,
        ABOVE,
        5,
        1,
        QUIET);
  }

  private void broker() {
    alarm(
        "broker-memory",
        "The broker is short of memory: beyond its limit it blocks publishers.",
        ratio("RabbitMQMemUsed", "RabbitMQMemLimit"),
        ABOVE,
        0.8,
        5,
        QUIET);
    alarm(
        "broker-disk",
        "The broker's disk is nearly at the limit from which on it blocks publishers.",
        ratio("RabbitMQDiskFreeLimit", "RabbitMQDiskFree"),
        ABOVE,
        0.5,
        5,
        QUIET);
    alarm(
        "broker-silent",
        "The broker reports nothing: it restarts, fails over or is gone.",
        FlowMetrics.of(
            "AWS/AmazonMQ",
            "ConnectionCount",
            Map.of("Broker", names.broker()),
            "SampleCount",
            MINUTE),
        BELOW,
        1,
        5,
        SUSPECT);
  }

  private void consumer(ConsumerConfig consumer) {
    Map<String, String> service =
        Map.of("ClusterName", names.consumerService(), "ServiceName", names.consumerService());
    alarm(
        "consumer-tasks",
        "Fewer consumer tasks run than always should.",
        FlowMetrics.of("ECS/ContainerInsights", "RunningTaskCount", service, "Minimum", MINUTE),
        BELOW,
        consumer.minTasks(),
        5,
        SUSPECT);
    for (String source : consumer.sources()) {
      alarm(
          "backlog-" + source,
          "backlog",
          "Events of " + source + " wait in the broker: the consumer is too slow or stuck.",
          queue(source, Metrics.BACKLOG, "Maximum", MINUTE),
          ABOVE,
          config.alarms().backlog(),
          15,
          QUIET);
      alarm(
          "consumer-silent-" + source,
          "consumer-silent",
          "The consumer reports nothing of " + source + ": it does not run, or cannot log.",
          queue(source, Metrics.EVENTS_RECEIVED, "SampleCount", MINUTE),
          BELOW,
          1,
          5,
          SUSPECT);
      alarm(
          "events-dead-lettered-" + source,
          "events-dead-lettered",
          "Messages of " + source + " were given to the broker's dead letters.",
          queue(source, Metrics.EVENTS_DEAD_LETTERED, "Sum", MINUTE),
          ABOVE,
          0,
          1,
          QUIET);
    }
  }

  private void writer() {
    Map<String, String> function = Map.of("FunctionName", names.writerFunction());
    alarm(
        "writer-errors",
        "Invocations of the writer fail as a whole.",
        FlowMetrics.of("AWS/Lambda", "Errors", function, "Sum", FIVE_MINUTES),
        ABOVE,
        0,
        1,
        QUIET);
    alarm(
        "writer-throttled",
        "Lambda refuses to run the writer: the account's concurrency is used up.",
        FlowMetrics.of("AWS/Lambda", "Throttles", function, "Sum", FIVE_MINUTES),
        ABOVE,
        0,
        3,
        QUIET);
    alarm(
        "writer-slow",
        "The writer needs nearly all of the time it has: soon it is cut off.",
        FlowMetrics.of("AWS/Lambda", "Duration", function, "Maximum", FIVE_MINUTES),
        ABOVE,
        config.writer().timeout().toMillis() * 8 / 10,
        1,
        QUIET);
    alarm(
        "batches-retried",
        "Batches are left in the queue for another try, again and again.",
        FlowMetrics.ofWriter(config.name(), Metrics.RETRIED_BATCHES, "Sum", FIVE_MINUTES),
        ABOVE,
        0,
        3,
        QUIET);
    alarm(
        "failed-events",
        "More than one event in a hundred cannot become a row.",
        expression(
            "IF(events > 0, 100 * failed / events, 0)",
            Map.of(
                "events",
                FlowMetrics.ofWriter(config.name(), Metrics.EVENTS, "Sum", FIVE_MINUTES),
                "failed",
                FlowMetrics.ofWriter(config.name(), Metrics.FAILED_EVENTS, "Sum", FIVE_MINUTES)),
            FIVE_MINUTES,
            "failed events in percent"),
        ABOVE,
        1,
        1,
        QUIET);
  }

  private void files() {
    alarm(
        "notifications-failed",
        "Notices of new files do not arrive: pipes miss files until renotify.",
        FlowMetrics.of(
            "AWS/SNS",
            "NumberOfNotificationsFailed",
            Map.of("TopicName", names.fileTopic()),
            "Sum",
            FIVE_MINUTES),
        ABOVE,
        0,
        1,
        QUIET);
  }

  /** What a notice says may hold a value of a row, so people are told that there is one. */
  private void loads() {
    alarm(
        "load-errors",
        "Snowflake tells of files that a pipe could not load.",
        FlowMetrics.of(
            "AWS/SNS",
            "NumberOfMessagesPublished",
            Map.of("TopicName", names.loadErrorTopic()),
            "Sum",
            FIVE_MINUTES),
        ABOVE,
        0,
        1,
        QUIET);
  }

  /**
   * What SQS accepted must come out of the writer. Repeats only add to what is written, and an hour
   * is long beside what is under way, so less written than accepted for three hours in a row is
   * loss, or a queue that grows.
   */
  private void account(ConsumerConfig consumer) {
    Map<String, IMetric> metrics = new TreeMap<>();
    for (String source : consumer.sources()) {
      metrics.put("accepted" + metrics.size(), queue(source, Metrics.EVENTS_ACCEPTED, "Sum", HOUR));
    }
    String accepted = "SUM([" + String.join(",", metrics.keySet()) + "])";
    metrics.put("written", FlowMetrics.ofWriter(config.name(), Metrics.EVENTS, "Sum", HOUR));
    alarm(
        "account",
        "Fewer events are written than were accepted, three hours in a row.",
        expression(
            "IF(%s > 0, 100 * (%s - FILL(written, 0)) / %s, 0)"
                .formatted(accepted, accepted, accepted),
            metrics,
            HOUR,
            "accepted and not written in percent"),
        ABOVE,
        1,
        3,
        QUIET);
  }

  private IMetric ratio(String above, String below) {
    Map<String, String> broker = Map.of("Broker", names.broker());
    return expression(
        "above / below",
        Map.of(
            "above", FlowMetrics.of("AWS/AmazonMQ", above, broker, "Maximum", MINUTE),
            "below", FlowMetrics.of("AWS/AmazonMQ", below, broker, "Minimum", MINUTE)),
        MINUTE,
        above + " / " + below);
  }

  private IMetric queue(String source, String name, String statistic, Duration period) {
    return FlowMetrics.ofQueue(config.name(), source, name, statistic, period);
  }

  private static IMetric expression(
      String expression, Map<String, IMetric> metrics, Duration period, String label) {
    return MathExpression.Builder.create()
        .expression(expression)
        .usingMetrics(new TreeMap<>(metrics))
        .period(period)
        .label(label)
        .build();
  }

  private void alarm(
      String name,
      String description,
      IMetric metric,
      ComparisonOperator comparison,
      Number threshold,
      int periods,
      TreatMissingData missing) {
    alarm(name, name, description, metric, comparison, threshold, periods, missing);
  }

  /** Alarms of the same kind share a page. */
  private void alarm(
      String name,
      String page,
      String description,
      IMetric metric,
      ComparisonOperator comparison,
      Number threshold,
      int periods,
      TreatMissingData missing) {
    new PipelineAlarm(
        scope,
        "Alarm-" + name,
        new PipelineAlarm.Props(
            page,
            names.alarm(name),
            description,
            metric,
            comparison,
            threshold,
            periods,
            missing,
            topic));
  }
}

package millrace.infra.stack;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import millrace.core.names.Metrics;
import millrace.core.names.Names;
import millrace.infra.config.EnvironmentConfig;
import software.amazon.awscdk.Duration;
import software.amazon.awscdk.services.cloudwatch.Dashboard;
import software.amazon.awscdk.services.cloudwatch.GraphWidget;
import software.amazon.awscdk.services.cloudwatch.IMetric;
import software.amazon.awscdk.services.cloudwatch.IWidget;
import software.constructs.Construct;

/** One page that is read from the left to the right as the events go. */
final class FlowDashboard {
  private static final Duration MINUTE = Duration.minutes(1);

  private FlowDashboard() {}

  static void make(Construct scope, EnvironmentConfig config) {
    Names names = Names.of(config.name());
    List<String> sources = config.consumer().map(consumer -> consumer.sources()).orElse(List.of());
    Map<String, String> writer = Map.of("FunctionName", names.writerFunction());
    Map<String, String> queue = Map.of("QueueName", names.batchQueue());
    Map<String, String> topic = Map.of("TopicName", names.fileTopic());
    List<IWidget> row =
        Stream.of(
                graph(
                    "receive: backlog",
                    sources.stream()
                        .<IMetric>map(
                            source ->
                                FlowMetrics.ofQueue(
                                    config.name(), source, Metrics.BACKLOG, "Maximum", MINUTE))
                        .toList()),
                graph(
                    "receive: events accepted",
                    sources.stream()
                        .<IMetric>map(
                            source ->
                                FlowMetrics.ofQueue(
                                    config.name(), source, Metrics.EVENTS_ACCEPTED, "Sum", MINUTE))
                        .toList()),
                graph(
                    "batch: waiting, age of the oldest in seconds",
                    List.of(
                        FlowMetrics.of(
                            "AWS/SQS",
                            "ApproximateNumberOfMessagesVisible",
                            queue,
                            "Maximum",
                            MINUTE),
                        FlowMetrics.of(
                            "AWS/SQS", "ApproximateAgeOfOldestMessage", queue, "Maximum", MINUTE))),
                graph(
                    "write: rows, failed events",
                    List.of(
                        FlowMetrics.ofWriter(config.name(), Metrics.ROWS, "Sum", MINUTE),
                        FlowMetrics.ofWriter(config.name(), Metrics.FAILED_EVENTS, "Sum", MINUTE))),
                graph(
                    "write: errors, throttles, duration in milliseconds",
                    List.of(
                        FlowMetrics.of("AWS/Lambda", "Errors", writer, "Sum", MINUTE),
                        FlowMetrics.of("AWS/Lambda", "Throttles", writer, "Sum", MINUTE),
                        FlowMetrics.of("AWS/Lambda", "Duration", writer, "Maximum", MINUTE))),
                graph(
                    "notify: published, failed",
                    List.of(
                        FlowMetrics.of(
                            "AWS/SNS", "NumberOfMessagesPublished", topic, "Sum", MINUTE),
                        FlowMetrics.of(
                            "AWS/SNS", "NumberOfNotificationsFailed", topic, "Sum", MINUTE))))
            .toList();
    Dashboard.Builder.create(scope, "Flow")
        .dashboardName(names.broker())
        .widgets(List.of(row.subList(0, 3), row.subList(3, 6)))
        .build();
  }

  private static IWidget graph(String title, List<? extends IMetric> metrics) {
    return GraphWidget.Builder.create().title(title).left(metrics).width(8).height(6).build();
  }
}

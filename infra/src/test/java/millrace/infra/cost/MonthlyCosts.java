package millrace.infra.cost;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import millrace.core.names.Metrics;
import millrace.infra.SynthesizedApp;

/**
 * What an environment costs in a month of 730 hours: everything that its templates pay by the hour
 * or by the piece, and what a rate of events does with it.
 */
final class MonthlyCosts {
  /** What the calculation assumes of events; docs/deploy.md repeats it above its table. */
  static final int SOURCES = 3;

  static final int TYPES = 6;
  static final double QUEUE_BYTES = 150;
  static final double STORED_BYTES = 75 + 110;
  static final int BATCH_SECONDS = 5;

  private static final double HOURS = 730;
  private static final double SECONDS = HOURS * 3600;
  private static final double GB = 1e9;

  /** Long polls of the five pollers that a mapping begins with, each of up to 20 seconds. */
  private static final double EMPTY_RECEIVES = 5 * SECONDS / 20;

  /** Of an invocation, besides its events. */
  private static final double INVOCATION_SECONDS = 0.4;

  private static final double EVENT_SECONDS = 30e-6;

  /** Lambda hands over at most 6 MB, and the mapping fills an invocation for at most so long. */
  private static final double INVOCATION_BYTES = 5e6;

  private static final double WINDOW_SECONDS = 30;

  /** Metrics of Container Insights for one service. */
  private static final int INSIGHTS = 20;

  private static final double BROKER_STORAGE_GB = 20;

  private final SynthesizedApp app;
  private final Prices prices;
  private final double rate;

  MonthlyCosts(SynthesizedApp app, Prices prices, double eventsPerSecond) {
    this.app = app;
    this.prices = prices;
    this.rate = eventsPerSecond;
  }

  /** In USD, by part, in the order of the flow. */
  Map<String, Double> parts() {
    Map<String, Double> parts = new LinkedHashMap<>();
    parts.put("broker", broker());
    parts.put("endpoints or NAT", network());
    parts.put("consumer", consumer());
    parts.put("SQS", prices.of("sqs-million") * queueRequests() / 1e6);
    parts.put("writer", writer());
    parts.put("S3 and SNS", objects());
    parts.put("keys and secrets", keys());
    parts.put("metrics, alarms, dashboard, logs", watching());
    parts.put("audit trail", prices.of("audit-hundred-thousand") * audited() / 1e5);
    return parts;
  }

  /** The network alone. */
  double network() {
    double gb = rate * SECONDS * QUEUE_BYTES / GB;
    double cost = 0;
    for (JsonNode endpoint : resources("AWS::EC2::VPCEndpoint")) {
      if (endpoint.at("/Properties/VpcEndpointType").asText().equals("Interface")) {
        cost += endpoint.at("/Properties/SubnetIds").size() * HOURS * prices.of("endpoint-hour");
      }
    }
    if (cost > 0) {
      return cost + gb * prices.of("endpoint-gb");
    }
    int gateways = resources("AWS::EC2::NatGateway").size();
    return gateways * HOURS * (prices.of("nat-hour") + prices.of("ipv4-hour"))
        + gb * prices.of("nat-gb");
  }

  private double broker() {
    double cost = 0;
    for (JsonNode broker : resources("AWS::AmazonMQ::Broker")) {
      int nodes =
          broker.at("/Properties/DeploymentMode").asText().equals("CLUSTER_MULTI_AZ") ? 3 : 1;
      String type = broker.at("/Properties/HostInstanceType").asText();
      cost +=
          nodes
              * (HOURS * prices.of(type + "-hour")
                  + BROKER_STORAGE_GB * prices.of("mq-storage-gb"));
    }
    return cost;
  }

  private double consumer() {
    double cost = 0;
    for (JsonNode service : resources("AWS::ECS::Service")) {
      JsonNode task = resources("AWS::ECS::TaskDefinition").getFirst().path("Properties");
      cost +=
          service.at("/Properties/DesiredCount").asInt()
              * HOURS
              * (task.path("Cpu").asDouble() / 1024 * prices.of("fargate-arm-cpu-hour")
                  + task.path("Memory").asDouble() / 1024 * prices.of("fargate-arm-gb-hour"));
    }
    return cost;
  }

  /** Batches are sealed by age until they fill a message. */
  private double batches() {
    return Math.max(SOURCES * SECONDS / BATCH_SECONDS, rate * SECONDS * QUEUE_BYTES / (700_000.0));
  }

  /** Sent, received and deleted, in pieces of 64 KiB; deletions go in tens. */
  private double queueRequests() {
    double pieces = Math.max(batches(), rate * SECONDS * QUEUE_BYTES / 65_536);
    return 2 * pieces + batches() / 10 + EMPTY_RECEIVES;
  }

  private double invocations() {
    return Math.max(SECONDS / WINDOW_SECONDS, rate * SECONDS * QUEUE_BYTES / INVOCATION_BYTES);
  }

  private double writer() {
    double memoryGb =
        resources("AWS::Lambda::Function").getFirst().at("/Properties/MemorySize").asDouble()
            / 1024;
    double seconds = invocations() * INVOCATION_SECONDS + rate * SECONDS * EVENT_SECONDS;
    return invocations() / 1e6 * prices.of("lambda-million")
        + seconds * memoryGb * prices.of("lambda-arm-gb-second");
  }

  /** A file for each type and an archive object for each source, of each invocation. */
  private double objects() {
    double files = invocations() * TYPES;
    return (files + invocations() * SOURCES) / 1000 * prices.of("s3-put-thousand")
        + rate * SECONDS * STORED_BYTES / GB * prices.of("s3-gb")
        + files / 1e6 * prices.of("sns-million");
  }

  private double keys() {
    return resources("AWS::KMS::Key").size() * prices.of("key")
        + resources("AWS::SecretsManager::Secret").size() * prices.of("secret")
        + 5 * invocations() / 1e4 * prices.of("kms-ten-thousand");
  }

  private double watching() {
    double alarmMetrics = 0;
    for (JsonNode alarm : resources("AWS::CloudWatch::Alarm")) {
      int metrics = 0;
      for (JsonNode metric : alarm.at("/Properties/Metrics")) {
        metrics += metric.has("MetricStat") ? 1 : 0;
      }
      alarmMetrics += Math.max(1, metrics);
    }
    int own =
        SOURCES * Metrics.OF_RECEIVE.size()
            + Metrics.OF_WRITE.size()
            + resources("AWS::Logs::MetricFilter").size()
            + INSIGHTS;
    // a line of metrics for each source and half minute and each invocation; audit and connections
    double logGb = (SOURCES * SECONDS / 30 * 700 + invocations() * 2_000 + audited() * 1_500) / GB;
    return own * prices.of("metric")
        + alarmMetrics * prices.of("alarm-metric")
        + resources("AWS::CloudWatch::Dashboard").size() * prices.of("dashboard")
        + (2 + logGb) * prices.of("log-gb");
  }

  /** Calls that the trail writes down one by one. */
  private double audited() {
    double objects = invocations() * (TYPES + SOURCES) * 2;
    double queue = batches() + EMPTY_RECEIVES + batches() / 10 * 2;
    return objects + queue + invocations() * 3;
  }

  private List<JsonNode> resources(String type) {
    List<JsonNode> found = new ArrayList<>();
    for (JsonNode template : app.templates().values()) {
      for (JsonNode resource : template.path("Resources")) {
        if (resource.path("Type").asText().equals(type)) {
          found.add(resource);
        }
      }
    }
    return found;
  }
}

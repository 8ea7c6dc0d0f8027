package millrace.infra.stack;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import millrace.core.names.EnvironmentKeys;
import millrace.core.names.Metrics;
import millrace.core.names.Names;
import millrace.core.names.ObjectPrefixes;
import millrace.infra.config.ConsumerConfig;
import millrace.infra.config.EnvironmentConfig;
import millrace.infra.construct.RabbitConsumer;
import software.amazon.awscdk.Aws;
import software.amazon.awscdk.Duration;
import software.amazon.awscdk.services.cloudwatch.IMetric;
import software.amazon.awscdk.services.cloudwatch.MathExpression;
import software.constructs.Construct;

/** The service that receives from the broker and hands batches to SQS. */
public final class ConsumerStack extends EnvironmentStack {
  public ConsumerStack(
      Construct scope,
      EnvironmentConfig config,
      ConsumerConfig consumer,
      NetworkStack network,
      BrokerAccess broker,
      DataStack data) {
    super(scope, Names.of(config.name()).consumerStack(), config, "consumer");
    RabbitConsumer service =
        new RabbitConsumer(
            this,
            "Receive",
            new RabbitConsumer.Props(
                names().consumerService(),
                consumer,
                network.vpc(),
                network.subnets(),
                network.consumer(),
                environment(consumer, broker),
                greatestBacklog(config, consumer),
                network.key()));
    service
        .role()
        .allow("SendBatches", List.of("sqs:SendMessage"), List.of(arn("sqs", names().batchQueue())))
        .allow(
            "StoreLargeBatches",
            List.of("s3:PutObject"),
            List.of(bucketArn() + "/" + ObjectPrefixes.BATCHES + "*"))
        .allow(
            "ReadBrokerCredentials",
            List.of("secretsmanager:GetSecretValue"),
            List.of(broker.secretArn()))
        .allow(
            "EncryptBatches",
            List.of("kms:Decrypt", "kms:GenerateDataKey"),
            List.of(data.key().getKeyArn()));
    broker
        .secretKeyArn()
        .ifPresent(
            key ->
                service
                    .role()
                    .allow("DecryptBrokerCredentials", List.of("kms:Decrypt"), List.of(key)));
  }

  private Map<String, String> environment(ConsumerConfig consumer, BrokerAccess broker) {
    Map<String, String> environment = new TreeMap<>();
    environment.put(EnvironmentKeys.ENVIRONMENT, config().name());
    environment.put(EnvironmentKeys.BUCKET, names().bucket(config().account(), config().region()));
    environment.put(
        EnvironmentKeys.QUEUE_URL,
        "https://sqs.%s.%s/%s/%s"
            .formatted(
                config().region(), Aws.URL_SUFFIX, config().account(), names().batchQueue()));
    environment.put(EnvironmentKeys.AMQP_URL, broker.url());
    environment.put(EnvironmentKeys.AMQP_SECRET, broker.secretArn());
    environment.put(
        EnvironmentKeys.CONSUMER_QUEUES,
        consumer.sources().stream()
            .map(source -> Names.sourceQueue(source) + "=" + source + ":" + source + ".#")
            .collect(Collectors.joining(",")));
    return environment;
  }

  /** Tasks receive from every queue, so the fullest one decides how many are needed. */
  private static IMetric greatestBacklog(EnvironmentConfig config, ConsumerConfig consumer) {
    Map<String, IMetric> backlogs = new TreeMap<>();
    for (String source : consumer.sources()) {
      backlogs.put(
          "m" + backlogs.size(),
          FlowMetrics.ofQueue(
              config.name(), source, Metrics.BACKLOG, "Maximum", Duration.minutes(1)));
    }
    return MathExpression.Builder.create()
        .expression("MAX([" + String.join(",", backlogs.keySet()) + "])")
        .usingMetrics(backlogs)
        .period(Duration.minutes(1))
        .label("greatest backlog")
        .build();
  }
}

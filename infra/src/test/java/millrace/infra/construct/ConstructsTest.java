package millrace.infra.construct;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import millrace.infra.TemplateRules;
import millrace.infra.config.ConsumerConfig;
import millrace.infra.config.WriterConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awscdk.App;
import software.amazon.awscdk.AppProps;
import software.amazon.awscdk.Environment;
import software.amazon.awscdk.Stack;
import software.amazon.awscdk.StackProps;
import software.amazon.awscdk.services.cloudwatch.Metric;
import software.amazon.awscdk.services.ec2.SecurityGroup;
import software.amazon.awscdk.services.ec2.SubnetSelection;
import software.amazon.awscdk.services.ec2.SubnetType;
import software.amazon.awscdk.services.ec2.Vpc;
import software.amazon.awscdk.services.ec2.VpcAttributes;
import software.amazon.awscdk.services.sns.Topic;

/** Each construct in a stack of somebody else: nothing of it is bare there either. */
class ConstructsTest {
  @TempDir static Path scratch;

  @Test
  void a_queue_brings_its_dead_letters_and_alarms() throws IOException {
    JsonNode template = alone(stack -> queue(stack));
    assertThat(TemplateRules.violations(template)).isEmpty();
    assertThat(types(template))
        .contains("AWS::SQS::Queue", "AWS::SQS::QueuePolicy", "AWS::CloudWatch::Alarm");
  }

  @Test
  void a_bucket_and_its_topic_bring_their_policies() throws IOException {
    JsonNode template =
        alone(
            stack -> {
              var key = key(stack);
              var topic =
                  new SnowpipeNotification(
                      stack,
                      "Files",
                      new SnowpipeNotification.Props("files", "somebodys-bucket", key, List.of()));
              new EventBucket(
                  stack,
                  "Objects",
                  new EventBucket.Props(
                      "somebodys-bucket",
                      key,
                      key,
                      topic,
                      Duration.ofDays(21),
                      Duration.ofDays(30),
                      Duration.ofDays(30)));
            });
    assertThat(TemplateRules.violations(template)).isEmpty();
  }

  @Test
  void a_function_may_do_nothing_but_log_and_take_from_its_queue() throws IOException {
    Path zip = Files.write(scratch.resolve("code.zip"), new byte[] {1});
    JsonNode template =
        alone(
            stack -> {
              var function =
                  new PipelineFunction(
                      stack,
                      "Step",
                      new PipelineFunction.Props(
                          "step",
                          "some.Handler::handleRequest",
                          zip.toString(),
                          512,
                          Duration.ofSeconds(10),
                          2,
                          false,
                          Map.of(),
                          key(stack)));
              function.consume(
                  queue(stack),
                  new WriterConfig(512, Duration.ofSeconds(10), 10, Duration.ZERO, 2, 2, false));
            });
    assertThat(TemplateRules.violations(template)).isEmpty();
    assertThat(template.findValuesAsText("Sid")).contains("TakeBatches", "WriteLogs");
  }

  @Test
  void a_consumer_runs_where_it_is_put_and_pulls_from_any_registry() throws IOException {
    JsonNode template =
        alone(
            stack -> {
              var vpc =
                  Vpc.fromVpcAttributes(
                      stack,
                      "Vpc",
                      VpcAttributes.builder()
                          .vpcId("vpc-1")
                          .availabilityZones(List.of("a"))
                          .isolatedSubnetIds(List.of("subnet-1"))
                          .build());
              var consumer =
                  new RabbitConsumer(
                      stack,
                      "Receive",
                      new RabbitConsumer.Props(
                          "consumer",
                          new ConsumerConfig(
                              "registry.example.com/consumer@sha256:" + "ab".repeat(32),
                              256,
                              512,
                              1,
                              2,
                              List.of("orders")),
                          vpc,
                          SubnetSelection.builder().subnetType(SubnetType.PRIVATE_ISOLATED).build(),
                          SecurityGroup.fromSecurityGroupId(stack, "Group", "sg-1"),
                          Map.of("SETTING", "value"),
                          Metric.Builder.create().namespace("N").metricName("Backlog").build(),
                          key(stack)));
              consumer
                  .role()
                  .allow(
                      "ReadCredentials",
                      List.of("secretsmanager:GetSecretValue"),
                      List.of("arn:aws:secretsmanager:eu-west-1:222222222222:secret:b-AbCdEf"));
            });
    assertThat(TemplateRules.violations(template)).isEmpty();
    assertThat(template.findValuesAsText("Sid"))
        .as("ECR is asked only for an image that lies there")
        .contains("ReadCredentials", "WriteLogs")
        .doesNotContain("PullImage", "LogInToRegistry");
  }

  private static GuardedQueue queue(Stack stack) {
    return new GuardedQueue(
        stack,
        "Batches",
        new GuardedQueue.Props(
            "batches",
            "batches-dead-letters",
            new EncryptionKey(stack, "QueueKey", "alias/queue").key(),
            Duration.ofMinutes(1),
            Duration.ofDays(1),
            Duration.ofDays(14),
            Duration.ofMinutes(5),
            Topic.fromTopicArn(stack, "Told", "arn:aws:sns:eu-west-1:222222222222:told")));
  }

  private static software.amazon.awscdk.services.kms.Key key(Stack stack) {
    return new EncryptionKey(stack, "Encryption", "alias/somebody").key();
  }

  private static JsonNode alone(Consumer<Stack> fill) throws IOException {
    Path folder = Files.createTempDirectory(scratch, "cdk.out");
    var app =
        new App(
            AppProps.builder()
                .outdir(folder.toString())
                .analyticsReporting(false)
                .treeMetadata(false)
                .build());
    var stack =
        new Stack(
            app,
            "alone",
            StackProps.builder()
                .env(Environment.builder().account("222222222222").region("eu-west-1").build())
                .build());
    fill.accept(stack);
    app.synth();
    return new ObjectMapper().readTree(folder.resolve("alone.template.json").toFile());
  }

  private static List<String> types(JsonNode template) {
    return template.path("Resources").findValuesAsText("Type");
  }
}

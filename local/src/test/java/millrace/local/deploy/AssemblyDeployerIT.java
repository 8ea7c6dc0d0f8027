package millrace.local.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import millrace.local.aws.EmulatorClients;
import millrace.local.aws.LocalTools;
import millrace.local.aws.MiniStack;
import millrace.local.aws.MiniStackCommand;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.cloudformation.CloudFormationClient;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;
import software.amazon.awssdk.services.sns.SnsClient;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

/** The template that CDK synthesized for {@code dev}, unmodified, on MiniStack. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class AssemblyDeployerIT {
  private static final String STACK = "millrace-dev-data";
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final List<String> KEYS =
      List.of("archive/a", "quarantine/q", "batches/b", "contracts/active", "events/e", "failed/f");

  @TempDir static Path data;
  private static final List<String> told = new ArrayList<>();
  private static final BlockingQueue<String> invocations = new LinkedBlockingQueue<>();
  private static HttpServer lambdaHost;
  private static MiniStack miniStack;
  private static StackOutputs outputs;

  @BeforeAll
  static void deployOnce() throws IOException {
    lambdaHost = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    lambdaHost.createContext(
        "/",
        exchange -> {
          invocations.add(
              new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
          byte[] answer = "{\"batchItemFailures\":[]}".getBytes(StandardCharsets.UTF_8);
          exchange.sendResponseHeaders(200, answer.length);
          exchange.getResponseBody().write(answer);
          exchange.close();
        });
    lambdaHost.start();
    URI host = URI.create("http://127.0.0.1:" + lambdaHost.getAddress().getPort() + "/");
    miniStack =
        MiniStack.start(
            new MiniStackCommand(
                data,
                "111111111111",
                "eu-west-1",
                MiniStack.freePort(),
                Map.of("millrace-dev-writer", host)),
            data.resolve("ministack.log"),
            PATIENCE);
    outputs = deployer().deploy(LocalTools.assembly(), STACK, Map.of());
  }

  @AfterAll
  static void stop() {
    if (miniStack != null) {
      miniStack.close();
    }
    lambdaHost.stop(0);
  }

  @Test
  @Order(1)
  void the_stack_tells_where_everything_is() {
    assertThat(outputs.bucketName()).isEqualTo("millrace-dev-111111111111-eu-west-1");
    assertThat(outputs.queueUrl()).endsWith("/millrace-dev-batches");
    assertThat(outputs.deadLetterQueueUrl()).endsWith("/millrace-dev-batches-dead-letters");
    assertThat(outputs.topicArn())
        .isEqualTo("arn:aws:sns:eu-west-1:111111111111:millrace-dev-files");
    assertThat(outputs.writerName()).isEqualTo("millrace-dev-writer");
    assertThat(told)
        .anyMatch(line -> line.contains("uploaded"))
        .anyMatch(line -> line.endsWith("create complete"));
  }

  @Test
  @Order(2)
  void a_new_file_of_events_or_failed_events_is_announced_on_the_topic_and_nothing_else_is() {
    try (SqsClient sqs = clients().sqs();
        S3Client s3 = clients().s3()) {
      String pipe = subscribedQueue(sqs);
      for (String key : KEYS) {
        s3.putObject(
            request -> request.bucket(outputs.bucketName()).key(key).ifNoneMatch("*"),
            RequestBody.fromString(key));
      }
      assertThat(announcedKeys(sqs, pipe, 2)).containsExactlyInAnyOrder("events/e", "failed/f");
      assertThat(miniStack.command().objects(outputs.bucketName()).resolve("events/e"))
          .hasContent("events/e");
      assertThat(s3.getBucketPolicy(request -> request.bucket(outputs.bucketName())).policy())
          .contains("CreateOnly")
          .contains("aws:SecureTransport");
    }
  }

  @Test
  @Order(3)
  void a_batch_on_the_queue_reaches_the_writer_by_its_name() throws InterruptedException {
    try (SqsClient sqs = clients().sqs()) {
      sqs.sendMessage(request -> request.queueUrl(outputs.queueUrl()).messageBody("m1:abc"));
      assertThat(invocations.poll(20, TimeUnit.SECONDS))
          .contains("\"m1:abc\"")
          .contains("millrace-dev-batches");
      Map<QueueAttributeName, String> attributes =
          sqs.getQueueAttributes(
                  request ->
                      request.queueUrl(outputs.queueUrl()).attributeNames(QueueAttributeName.ALL))
              .attributes();
      assertThat(attributes.get(QueueAttributeName.REDRIVE_POLICY))
          .contains("\"maxReceiveCount\"")
          .contains("100");
      assertThat(attributes.get(QueueAttributeName.POLICY)).contains("aws:SecureTransport");
    }
  }

  @Test
  @Order(4)
  void the_keys_of_hashes_are_generated() {
    try (SecretsManagerClient secrets = clients().secretsManager()) {
      for (String name :
          List.of("millrace/dev/payload-hash-key", "millrace/dev/personal-hash-key")) {
        assertThat(secrets.getSecretValue(request -> request.secretId(name)).secretString())
            .hasSize(64);
      }
    }
  }

  @Test
  @Order(5)
  void deploying_again_changes_nothing_and_uploads_nothing() {
    told.clear();
    StackOutputs again = deployer().deploy(LocalTools.assembly(), STACK, Map.of());
    assertThat(again).isEqualTo(outputs);
    assertThat(told)
        .noneMatch(line -> line.contains("uploaded"))
        .noneMatch(line -> line.contains("complete"));
  }

  @Test
  @Order(6)
  void a_changed_parameter_updates_the_stack_and_keeps_its_objects() {
    told.clear();
    StackOutputs again =
        deployer().deploy(LocalTools.assembly(), STACK, Map.of("EventFormat", "ndjson"));
    assertThat(again).isEqualTo(outputs);
    assertThat(told).anyMatch(line -> line.endsWith("update complete"));
    try (CloudFormationClient cloudFormation = clients().of(CloudFormationClient.builder())) {
      assertThat(
              cloudFormation
                  .describeStacks(request -> request.stackName(STACK))
                  .stacks()
                  .getFirst()
                  .parameters())
          .anyMatch(
              parameter ->
                  parameter.parameterKey().equals("EventFormat")
                      && parameter.parameterValue().equals("ndjson"));
    }
    assertThat(miniStack.command().objects(outputs.bucketName()).resolve("events/e")).exists();
  }

  @Test
  @Order(7)
  void a_stack_that_fails_names_the_resource_and_its_reason_and_can_be_tried_again(
      @TempDir Path broken) throws IOException {
    Files.writeString(
        broken.resolve("manifest.json"),
        """
        {"artifacts": {"bad": {"type": "aws:cloudformation:stack", "environment": "aws://111111111111/eu-west-1",
          "properties": {"templateFile": "bad.json", "bootstrapStackVersionSsmParameter": "/any"}}}}
        """);
    Files.writeString(
        broken.resolve("bad.json"),
        """
        {"Resources": {
          "Key": {"Type": "AWS::KMS::Key", "Properties": {}},
          "Name": {"Type": "AWS::KMS::Alias", "DependsOn": "Key",
                   "Properties": {"AliasName": "not-an-alias", "TargetKeyId": {"Ref": "Key"}}}}}
        """);
    for (int attempt = 0; attempt < 2; attempt++) {
      assertThatThrownBy(() -> deployer().deploy(broken, "bad", Map.of()))
          .isInstanceOf(DeployException.StackFailed.class)
          .hasMessageContaining("Name (AWS::KMS::Alias)")
          .hasMessageContaining("must begin with alias/");
    }
  }

  private static AssemblyDeployer deployer() {
    return new AssemblyDeployer(miniStack.endpoint(), PATIENCE, told::add);
  }

  private static String subscribedQueue(SqsClient sqs) {
    String url = sqs.createQueue(request -> request.queueName("pipe-under-test")).queueUrl();
    String arn =
        sqs.getQueueAttributes(
                request -> request.queueUrl(url).attributeNames(QueueAttributeName.QUEUE_ARN))
            .attributes()
            .get(QueueAttributeName.QUEUE_ARN);
    try (SnsClient sns = clients().sns()) {
      sns.subscribe(request -> request.topicArn(outputs.topicArn()).protocol("sqs").endpoint(arn));
    }
    return url;
  }

  /** Waits for this many notices, then looks once more: a notice too many would show. */
  private static List<String> announcedKeys(SqsClient sqs, String queue, int expected) {
    List<String> keys = new ArrayList<>();
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (keys.size() < expected && System.nanoTime() < deadline) {
      keys.addAll(received(sqs, queue));
    }
    keys.addAll(received(sqs, queue));
    return keys;
  }

  private static List<String> received(SqsClient sqs, String queue) {
    List<String> keys = new ArrayList<>();
    List<Message> messages =
        sqs.receiveMessage(
                request -> request.queueUrl(queue).maxNumberOfMessages(10).waitTimeSeconds(1))
            .messages();
    for (Message message : messages) {
      KEYS.stream().filter(key -> message.body().contains(key)).forEach(keys::add);
      sqs.deleteMessage(request -> request.queueUrl(queue).receiptHandle(message.receiptHandle()));
    }
    return keys;
  }

  private static EmulatorClients clients() {
    return new EmulatorClients(miniStack.endpoint(), "eu-west-1", "111111111111");
  }
}

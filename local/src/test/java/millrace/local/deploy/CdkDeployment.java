package millrace.local.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.Timestamp;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import millrace.aws.S3ObjectStore;
import millrace.aws.SqsBatchQueue;
import millrace.contracts.orders.v1.OrderStatusChanged;
import millrace.core.batch.Batch;
import millrace.core.batch.BatchAttributes;
import millrace.core.batch.BatchBody;
import millrace.core.batch.BatchFrame;
import millrace.core.batch.BatchIds;
import millrace.core.batch.BatchQueue;
import millrace.core.event.Times;
import millrace.core.names.Names;
import millrace.event.v1.BatchHeader;
import millrace.event.v1.Event;
import millrace.event.v1.IdOrigin;
import millrace.local.aws.EmulatorClients;
import millrace.local.aws.LocalTools;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;
import software.amazon.awssdk.services.cloudformation.CloudFormationClient;
import software.amazon.awssdk.services.kms.KmsClient;
import software.amazon.awssdk.services.kms.model.KeyState;
import software.amazon.awssdk.services.kms.model.KmsException;
import software.amazon.awssdk.services.lambda.LambdaClient;
import software.amazon.awssdk.services.lambda.model.EventSourceMappingConfiguration;
import software.amazon.awssdk.services.lambda.model.ResourceNotFoundException;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

/**
 * What {@code cdk deploy} itself does with an environment that retains its data, on an emulator:
 * made, updated with another configuration, destroyed. Only stacks that the emulators know are
 * deployed.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
abstract class CdkDeployment {
  static final String ENVIRONMENT = "staging";
  static final String ACCOUNT = "111111111111";
  static final String REGION = "eu-west-1";
  static final Names NAMES = Names.of(ENVIRONMENT);

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Random RANDOM = new Random(5);

  @TempDir static Path folder;

  /** Types of the resources that are to outlive their stack, by physical id. */
  private final Map<String, String> retained = new TreeMap<>();

  private Path assembly = folder;

  /** Where the emulator answers. */
  abstract URI endpoint();

  /** Has the function run with this environment, where the emulator does not do that itself. */
  abstract void runFunction(Map<String, String> environment) throws IOException;

  final Path assembly() {
    return assembly;
  }

  final EmulatorClients clients() {
    return new EmulatorClients(endpoint(), REGION, ACCOUNT);
  }

  @Test
  @Order(1)
  void cdk_makes_the_stacks() throws Exception {
    bootstrap("first");
    assertThat(deploy().said())
        .contains(NAMES.dataStack() + ".QueueUrl")
        .contains(NAMES.warehouseStack() + ".StorageRoleArn");
  }

  @Test
  @Order(2)
  void events_flow() throws Exception {
    sendEvent("before-the-update");
    awaitObject(key -> key.startsWith("events/format=parquet/") && key.endsWith(".r1.parquet"));
    awaitObject(key -> key.startsWith("archive/"));
  }

  @Test
  @Order(4)
  void deploying_again_says_that_nothing_changed() throws Exception {
    assertThat(deploy().said()).contains(NAMES.dataStack() + " (no changes)");
  }

  @Test
  @Order(5)
  void another_configuration_updates_them() throws Exception {
    assembly =
        synthesize(
            "second",
            environment -> {
              environment.put("eventFormat", "ndjson");
              environment.putObject("writer").put("batchSize", 7).put("batchWindow", "1s");
              environment.putObject("retention").put("queue", "2d");
            });
    assertThat(cdk().cdk(documented("diff")).mustSucceed().said())
        .contains("MessageRetentionPeriod", "172800");
    assertThat(deploy().said()).contains(NAMES.dataStack());
    try (SqsClient sqs = clients().sqs();
        LambdaClient lambda = clients().lambda()) {
      assertThat(
              sqs.getQueueAttributes(
                      request ->
                          request
                              .queueUrl(queue(sqs, NAMES.batchQueue()))
                              .attributeNames(QueueAttributeName.MESSAGE_RETENTION_PERIOD))
                  .attributes())
          .containsEntry(QueueAttributeName.MESSAGE_RETENTION_PERIOD, "172800");
      assertThat(
              lambda
                  .listEventSourceMappings(request -> request.functionName(NAMES.writerFunction()))
                  .eventSourceMappings())
          .extracting(EventSourceMappingConfiguration::batchSize)
          .containsExactly(7);
    }
  }

  @Test
  @Order(6)
  void events_flow_after_it_in_the_format_that_is_configured_now() throws Exception {
    sendEvent("after-the-update");
    awaitObject(key -> key.startsWith("events/format=ndjson/") && key.endsWith(".r1.ndjson.zst"));
    awaitObject(key -> key.startsWith("events/format=parquet/"));
  }

  @Test
  @Order(7)
  @ResourceLock(Resources.SYSTEM_PROPERTIES)
  void what_is_archived_is_replayed_into_other_files_and_what_is_stored_announced_again()
      throws InterruptedException {
    ReplayByNames.of(ENVIRONMENT, endpoint()).replaysAndAnnounces(2, PATIENCE);
  }

  @Test
  @Order(8)
  void what_retains_data_is_not_destroyed_by_a_slip() throws Exception {
    CdkCommand.Result refused = destroy();
    assertThat(refused.said()).contains("TerminationProtection is enabled");
    assertThat(refused.code()).isNotZero();
  }

  @Test
  @Order(9)
  void what_holds_data_outlives_its_stack_and_the_rest_goes() throws Exception {
    try (SqsClient sqs = clients().sqs();
        CloudFormationClient stacks = clients().of(CloudFormationClient.builder())) {
      sqs.sendMessage(
          request ->
              request.queueUrl(queue(sqs, NAMES.batchDeadLetterQueue())).messageBody("kept"));
      noteRetained(stacks);
      for (String stack : List.of(NAMES.warehouseStack(), NAMES.dataStack())) {
        stacks.updateTerminationProtection(
            request -> request.stackName(stack).enableTerminationProtection(false));
      }
      destroy().mustSucceed();
      assertThat(
              sqs.receiveMessage(
                      request -> request.queueUrl(queue(sqs, NAMES.batchDeadLetterQueue())))
                  .messages())
          .singleElement()
          .satisfies(message -> assertThat(message.body()).isEqualTo("kept"));
    }
    assertThat(retained.values())
        .contains(
            "AWS::S3::Bucket",
            "AWS::SQS::Queue",
            "AWS::KMS::Key",
            "AWS::SecretsManager::Secret",
            "AWS::DynamoDB::Table",
            "AWS::Logs::LogGroup");
    awaitObject(key -> key.startsWith("events/format=ndjson/"));
    try (S3Client s3 = clients().s3()) {
      assertThat(
              s3.getBucketPolicy(request -> request.bucket(NAMES.bucket(ACCOUNT, REGION))).policy())
          .as("who may reach what is kept")
          .contains("CreateOnly", "aws:SecureTransport");
    }
    try (KmsClient kms = clients().of(KmsClient.builder())) {
      for (Map.Entry<String, String> resource : retained.entrySet()) {
        if (resource.getValue().equals("AWS::KMS::Key")) {
          assertThat(
                  kms.describeKey(request -> request.keyId(resource.getKey()))
                      .keyMetadata()
                      .keyState())
              .isEqualTo(KeyState.ENABLED);
        }
      }
    } catch (KmsException e) {
      throw new AssertionError("a key went with its stack", e);
    }
    try (var secrets = clients().secretsManager();
        var tables = clients().dynamoDb();
        LambdaClient lambda = clients().lambda()) {
      for (String secret : List.of(NAMES.payloadHashSecret(), NAMES.personalHashSecret())) {
        assertThat(secrets.getSecretValue(request -> request.secretId(secret)).secretString())
            .hasSize(64);
      }
      assertThat(tables.listTables().tableNames()).contains(NAMES.subjectKeyTable());
      assertThatThrownBy(
              () -> lambda.getFunction(request -> request.functionName(NAMES.writerFunction())))
          .isInstanceOf(ResourceNotFoundException.class);
    }
  }

  /**
   * Makes a folder ready for a synthesis in it.
   *
   * @param environment the configuration that it will hold
   */
  void prepare(Path own, ObjectNode environment) throws IOException {}

  final CdkCommand cdk() {
    return new CdkCommand(credentials(), folder);
  }

  /** With which AWS tools find the emulator and nothing else. */
  final Map<String, String> credentials() {
    return Map.of(
        "AWS_ENDPOINT_URL",
        endpoint().toString(),
        "AWS_REGION",
        REGION,
        "AWS_ACCESS_KEY_ID",
        ACCOUNT,
        "AWS_SECRET_ACCESS_KEY",
        "emulator",
        "AWS_EC2_METADATA_DISABLED",
        "true");
  }

  private CdkCommand.Result deploy() throws IOException, InterruptedException {
    CdkCommand.Result deployed =
        cdk().cdk(documented("deploy", "--require-approval", "never")).mustSucceed();
    try (LambdaClient lambda = clients().lambda()) {
      runFunction(
          lambda
              .getFunctionConfiguration(request -> request.functionName(NAMES.writerFunction()))
              .environment()
              .variables());
    }
    return deployed;
  }

  /** Synthesizes an assembly of this name, and readies the account for it. */
  final void bootstrap(String name) throws IOException, InterruptedException {
    assembly = synthesize(name, environment -> {});
    cdk().cdk(documented("bootstrap")).mustSucceed();
  }

  private CdkCommand.Result destroy() throws IOException, InterruptedException {
    return cdk().cdk(documented("destroy", "--force"));
  }

  /**
   * The command as docs/deploy.md has it, of our assembly and of the stacks that emulators know.
   *
   * @param more what answers the questions that a person would be asked
   */
  final List<String> documented(String command, String... more) throws IOException {
    String document = Files.readString(LocalTools.root().resolve("docs/deploy.md"));
    Matcher quoted =
        Pattern.compile("`\\./millrace cdk (" + command + " [^`]*)`").matcher(document);
    assertThat(quoted.find()).as("docs/deploy.md quotes cdk %s", command).isTrue();
    List<String> arguments = new ArrayList<>();
    for (String word : quoted.group(1).split(" ", -1)) {
      switch (word) {
        case "cdk.out/prod" -> arguments.add(assembly.toString());
        case "--all" ->
            arguments.addAll(List.of("--exclusively", NAMES.dataStack(), NAMES.warehouseStack()));
        default -> arguments.add(word);
      }
    }
    arguments.addAll(List.of(more));
    return arguments;
  }

  /** The checkout's own configuration with a change. */
  final Path synthesize(String name, Consumer<ObjectNode> change)
      throws IOException, InterruptedException {
    Path own = Files.createDirectories(folder.resolve(name));
    JsonNode configuration = JSON.readTree(LocalTools.root().resolve("cdk.json").toFile());
    var environment = (ObjectNode) configuration.at("/context/environments/" + ENVIRONMENT);
    prepare(own, environment);
    change.accept(environment);
    JSON.writeValue(own.resolve("cdk.json").toFile(), configuration);
    return cdk().synthesize(own, ENVIRONMENT);
  }

  private void noteRetained(CloudFormationClient stacks) throws IOException {
    JsonNode resources =
        JSON.readTree(assembly.resolve(NAMES.dataStack() + ".template.json").toFile())
            .path("Resources");
    stacks
        .describeStackResources(request -> request.stackName(NAMES.dataStack()))
        .stackResources()
        .forEach(
            resource -> {
              if (resources
                  .path(resource.logicalResourceId())
                  .path("DeletionPolicy")
                  .asText()
                  .equals("Retain")) {
                retained.put(resource.physicalResourceId(), resource.resourceType());
              }
            });
  }

  private void sendEvent(String id) {
    Instant now = Instant.now();
    Timestamp time = Times.timestamp(now);
    var event =
        Event.newBuilder()
            .setId(id)
            .setIdOrigin(IdOrigin.ID_ORIGIN_MESSAGE_ID)
            .setSource("orders")
            .setType("orders.v1.OrderStatusChanged")
            .setContentType("application/x-protobuf")
            .setReceivedTime(time)
            .setPayload(
                OrderStatusChanged.newBuilder()
                    .setEventId(id)
                    .setOrderId("order-1")
                    .setChangedAt(time)
                    .build()
                    .toByteString())
            .build();
    var batch =
        new Batch(
            BatchHeader.newBuilder()
                .setBatchId(BatchIds.create(now, RANDOM))
                .setSource("orders")
                .setSealedTime(time)
                .setCount(1)
                .build(),
            List.of(event));
    try (SqsClient sqs = clients().sqs()) {
      List<BatchQueue.Outcome> outcomes =
          new SqsBatchQueue(sqs, queue(sqs, NAMES.batchQueue()))
              .send(
                  List.of(
                      new BatchQueue.Message(
                          BatchBody.inline(BatchFrame.encode(batch)),
                          BatchAttributes.of(batch.header()))));
      assertThat(outcomes).singleElement().isInstanceOf(BatchQueue.Outcome.Accepted.class);
    }
  }

  private void awaitObject(Predicate<String> wanted) throws InterruptedException {
    Instant end = Instant.now().plus(PATIENCE);
    while (true) {
      try (S3Client s3 = clients().s3();
          var objects = new S3ObjectStore(s3, NAMES.bucket(ACCOUNT, REGION)).list("")) {
        List<String> keys = objects.map(object -> object.key()).toList();
        if (keys.stream().anyMatch(wanted)) {
          return;
        }
        assertThat(Instant.now()).as("there are only %s", keys).isBefore(end);
      }
      Thread.sleep(200);
    }
  }

  private static String queue(SqsClient sqs, String name) {
    return sqs.getQueueUrl(request -> request.queueName(name)).queueUrl();
  }
}

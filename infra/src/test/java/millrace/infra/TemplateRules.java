package millrace.infra;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * What no template of ours may lack, whatever stack it is: one sentence per resource that lacks it.
 */
public final class TemplateRules {
  /**
   * A key's own policy can name nothing but itself, and its account must be able to administer it.
   */
  private static final Set<String> MAY_NAME_EVERYTHING = Set.of("AWS::KMS::Key");

  /**
   * Statements that must name everything, each for a reason: logging in to ECR and sending traces
   * have no resource, and an endpoint's policy bounds callers and not resources.
   */
  private static final Set<String> SIDS_THAT_NAME_EVERYTHING =
      Set.of("LogInToRegistry", "OwnAccountOnly", "SendTraces");

  private final JsonNode template;
  private final List<String> violations = new ArrayList<>();

  private TemplateRules(JsonNode template) {
    this.template = template;
  }

  /** The sentences; empty for a template that keeps the rules. */
  public static List<String> violations(JsonNode template) {
    TemplateRules rules = new TemplateRules(template);
    rules.queues();
    rules.buckets();
    rules.topics();
    rules.tables();
    rules.keys();
    rules.functions();
    rules.brokers();
    rules.services();
    rules.networks();
    rules.keptUnderKey();
    rules.alarms();
    rules.statements();
    return rules.violations;
  }

  private void queues() {
    Map<String, JsonNode> queues = resources("AWS::SQS::Queue");
    List<String> asDeadLetters = new ArrayList<>();
    queues
        .values()
        .forEach(queue -> asDeadLetters.add(reference(redrive(queue).path("deadLetterTargetArn"))));
    queues.forEach(
        (id, queue) -> {
          JsonNode properties = queue.path("Properties");
          require(properties.has("KmsMasterKeyId"), id, "queue without key");
          require(
              deniesWithoutTls("AWS::SQS::QueuePolicy", "Queues", id),
              id,
              "queue that takes plain HTTP");
          require(hasAlarm(id), id, "queue without alarm");
          if (asDeadLetters.contains(id)) {
            require(
                properties.has("RedriveAllowPolicy"), id, "dead letters that any queue may fill");
            return;
          }
          String deadLetters = reference(redrive(queue).path("deadLetterTargetArn"));
          require(queues.containsKey(deadLetters), id, "queue without dead letters");
          require(
              redrive(queue).path("maxReceiveCount").asInt() >= 100,
              id,
              "receive count that an outage exhausts");
          require(
              queues.containsKey(deadLetters)
                  && queues
                          .get(deadLetters)
                          .path("Properties")
                          .path("MessageRetentionPeriod")
                          .asInt()
                      > properties.path("MessageRetentionPeriod").asInt(345_600),
              id,
              "dead letters that do not outlive their queue");
        });
  }

  private void buckets() {
    resources("AWS::S3::Bucket")
        .forEach(
            (id, bucket) -> {
              JsonNode properties = bucket.path("Properties");
              JsonNode blocked = properties.path("PublicAccessBlockConfiguration");
              for (String door :
                  List.of(
                      "BlockPublicAcls",
                      "BlockPublicPolicy",
                      "IgnorePublicAcls",
                      "RestrictPublicBuckets")) {
                require(blocked.path(door).asBoolean(), id, "bucket without " + door);
              }
              JsonNode encryption =
                  properties.at("/BucketEncryption/ServerSideEncryptionConfiguration/0");
              require(
                  encryption
                          .at("/ServerSideEncryptionByDefault/SSEAlgorithm")
                          .asText()
                          .equals("aws:kms")
                      && encryption.path("BucketKeyEnabled").asBoolean(),
                  id,
                  "bucket without key");
              require(
                  deniesWithoutTls("AWS::S3::BucketPolicy", "Bucket", id),
                  id,
                  "bucket that takes plain HTTP");
              require(
                  !properties
                      .at("/LifecycleConfiguration/Rules")
                      .findValues("AbortIncompleteMultipartUpload")
                      .isEmpty(),
                  id,
                  "bucket that keeps abandoned uploads");
            });
  }

  private void topics() {
    resources("AWS::SNS::Topic")
        .forEach(
            (id, topic) -> {
              require(topic.path("Properties").has("KmsMasterKeyId"), id, "topic without key");
              require(
                  policies("AWS::SNS::TopicPolicy", "Topics", id).size() == 1,
                  id,
                  "topic without its one policy");
              require(
                  deniesWithoutTls("AWS::SNS::TopicPolicy", "Topics", id),
                  id,
                  "topic that takes plain HTTP");
            });
  }

  private void tables() {
    resources("AWS::DynamoDB::Table")
        .forEach(
            (id, table) -> {
              JsonNode properties = table.path("Properties");
              require(
                  !properties
                      .at("/PointInTimeRecoverySpecification/PointInTimeRecoveryEnabled")
                      .asBoolean(),
                  id,
                  "table that brings back what was erased");
              require(
                  properties.path("DeletionProtectionEnabled").asBoolean()
                      || table.path("DeletionPolicy").asText().equals("Delete"),
                  id,
                  "table that outlives its stack and that a slip deletes");
            });
  }

  private void keys() {
    resources("AWS::KMS::Key")
        .forEach(
            (id, key) ->
                require(
                    key.path("Properties").path("EnableKeyRotation").asBoolean(),
                    id,
                    "key that never rotates"));
  }

  private void functions() {
    resources("AWS::Lambda::Function")
        .forEach(
            (id, function) -> {
              JsonNode properties = function.path("Properties");
              require(
                  properties.path("FunctionName").isTextual(),
                  id,
                  "function without explicit name");
              require(
                  properties.has("ReservedConcurrentExecutions"),
                  id,
                  "function without reserved concurrency");
              String logs = reference(properties.at("/LoggingConfig/LogGroup"));
              require(
                  template.at("/Resources/" + logs + "/Properties").has("RetentionInDays"),
                  id,
                  "function whose logs never end");
            });
    resources("AWS::Lambda::EventSourceMapping")
        .forEach(
            (id, mapping) -> {
              JsonNode properties = mapping.path("Properties");
              JsonNode function = called(properties.path("FunctionName"));
              JsonNode queue =
                  template.at(
                      "/Resources/" + reference(properties.path("EventSourceArn")) + "/Properties");
              require(
                  properties
                      .path("FunctionResponseTypes")
                      .toString()
                      .contains("ReportBatchItemFailures"),
                  id,
                  "mapping that brings back healthy messages");
              int most = properties.at("/ScalingConfig/MaximumConcurrency").asInt();
              require(
                  most >= 2 && function.path("ReservedConcurrentExecutions").asInt() >= most,
                  id,
                  "mapping that polls beyond the function's concurrency");
              require(
                  queue.path("VisibilityTimeout").asInt() >= 6 * function.path("Timeout").asInt(),
                  id,
                  "queue that shows a message again while its function may still work on it");
              require(
                  properties.path("BatchSize").asInt() <= 10
                      || properties.path("MaximumBatchingWindowInSeconds").asInt() >= 1,
                  id,
                  "mapping with a large batch and no window, which AWS refuses");
            });
  }

  private void statements() {
    template
        .path("Resources")
        .properties()
        .forEach(
            resource -> {
              String type = resource.getValue().path("Type").asText();
              for (JsonNode statement :
                  resource.getValue().findValues("Statement").stream()
                      .flatMap(TemplateRules::elements)
                      .toList()) {
                if (!statement.path("Effect").asText().equals("Allow")
                    || MAY_NAME_EVERYTHING.contains(type)) {
                  continue;
                }
                String sid = statement.path("Sid").asText();
                String where = resource.getKey() + " " + sid;
                elements(statement.path("Action"))
                    .forEach(
                        action ->
                            require(
                                !action.asText().contains("*"),
                                where,
                                "allows " + action.asText()));
                elements(statement.path("Resource"))
                    .forEach(
                        target ->
                            require(
                                !target.asText().equals("*")
                                    || SIDS_THAT_NAME_EVERYTHING.contains(sid),
                                where,
                                "allows it on everything"));
                require(
                    !statement.path("Principal").toString().contains("\"*\"")
                        || type.equals("AWS::EC2::VPCEndpoint") && isBounded(statement),
                    where,
                    "allows it to everybody");
              }
            });
  }

  /** An endpoint's caller is bounded by its account, or by the one bucket it may read. */
  private static boolean isBounded(JsonNode statement) {
    return statement.at("/Condition/StringEquals").has("aws:PrincipalAccount")
        || !statement.path("Resource").asText("*").equals("*");
  }

  private void brokers() {
    resources("AWS::AmazonMQ::Broker")
        .forEach(
            (id, broker) -> {
              JsonNode properties = broker.path("Properties");
              require(
                  !properties.path("PubliclyAccessible").asBoolean(true),
                  id,
                  "broker that everybody can reach");
              require(
                  properties.at("/EncryptionOptions").has("KmsKeyId"), id, "broker without key");
              require(properties.at("/Logs/General").asBoolean(), id, "broker without log");
              require(
                  properties.path("SecurityGroups").size() > 0, id, "broker without a door keeper");
              for (JsonNode user : properties.path("Users")) {
                require(
                    user.path("Password").toString().contains("{{resolve:secretsmanager:"),
                    id,
                    "broker whose password is written down");
              }
            });
  }

  private void services() {
    resources("AWS::ECS::TaskDefinition")
        .forEach(
            (id, task) -> {
              for (JsonNode container : task.at("/Properties/ContainerDefinitions")) {
                require(
                    container.path("ReadonlyRootFilesystem").asBoolean(),
                    id,
                    "container that can write its root");
                require(
                    !container.path("User").asText("root").matches("root|0(:.*)?"),
                    id,
                    "container that is root");
                require(
                    container.at("/LinuxParameters/Capabilities/Drop").toString().contains("ALL"),
                    id,
                    "container with capabilities");
                require(
                    container.at("/HealthCheck/Command/0").asText().equals("CMD"),
                    id,
                    "container without a health check that needs no shell");
                require(
                    container.path("Image").asText().matches(".*@sha256:[0-9a-f]{64}"),
                    id,
                    "image without digest");
                require(container.has("StopTimeout"), id, "container without time to drain");
              }
            });
    resources("AWS::ECS::Service")
        .forEach(
            (id, service) -> {
              JsonNode properties = service.path("Properties");
              require(
                  properties
                      .at("/DeploymentConfiguration/DeploymentCircuitBreaker/Rollback")
                      .asBoolean(),
                  id,
                  "service whose bad deployment stays");
              require(
                  properties
                      .at("/NetworkConfiguration/AwsvpcConfiguration/AssignPublicIp")
                      .asText()
                      .equals("DISABLED"),
                  id,
                  "service with public addresses");
              require(
                  !properties.path("EnableExecuteCommand").asBoolean(),
                  id,
                  "service that people can log in to");
            });
  }

  private void networks() {
    for (String type : List.of("AWS::EC2::SecurityGroup", "AWS::EC2::SecurityGroupIngress")) {
      resources(type)
          .forEach(
              (id, group) -> {
                List<JsonNode> rules = new ArrayList<>();
                group.at("/Properties/SecurityGroupIngress").forEach(rules::add);
                rules.add(group.path("Properties"));
                for (JsonNode rule : rules) {
                  require(
                      !rule.path("CidrIp").asText().equals("0.0.0.0/0")
                          && !rule.path("CidrIpv6").asText().equals("::/0"),
                      id,
                      "door that is open to the world");
                }
              });
    }
    resources("AWS::EC2::VPC")
        .forEach(
            (id, vpc) ->
                require(
                    resources("AWS::EC2::FlowLog").values().stream()
                        .anyMatch(log -> reference(log.at("/Properties/ResourceId")).equals(id)),
                    id,
                    "network whose connections nobody logs"));
    resources("AWS::EC2::Subnet")
        .forEach(
            (id, subnet) ->
                require(
                    !subnet.at("/Properties/MapPublicIpOnLaunch").asBoolean(),
                    id,
                    "subnet that hands out public addresses"));
  }

  private void keptUnderKey() {
    resources("AWS::Logs::LogGroup")
        .forEach(
            (id, group) -> {
              require(group.path("Properties").has("KmsKeyId"), id, "log group without key");
              require(group.path("Properties").has("RetentionInDays"), id, "logs that never end");
            });
    resources("AWS::SecretsManager::Secret")
        .forEach(
            (id, secret) ->
                require(secret.path("Properties").has("KmsKeyId"), id, "secret without key"));
  }

  private void alarms() {
    resources("AWS::CloudWatch::Alarm")
        .forEach(
            (id, alarm) -> {
              JsonNode properties = alarm.path("Properties");
              if (scales(properties)) {
                return;
              }
              require(properties.path("AlarmActions").size() > 0, id, "alarm that tells nobody");
              require(
                  properties.path("AlarmDescription").asText().contains("docs/runbooks/"),
                  id,
                  "alarm without runbook");
              require(
                  properties.has("TreatMissingData"), id, "alarm that leaves open what silence is");
            });
  }

  /** An alarm that brings or takes tasks calls a policy and no person. */
  private boolean scales(JsonNode alarm) {
    return resources("AWS::ApplicationAutoScaling::ScalingPolicy")
        .containsKey(reference(alarm.path("AlarmActions").path(0)));
  }

  private boolean hasAlarm(String queue) {
    return resources("AWS::CloudWatch::Alarm").values().stream()
        .flatMap(alarm -> elements(alarm.path("Properties").path("Dimensions")))
        .anyMatch(dimension -> reference(dimension.path("Value")).equals(queue));
  }

  private boolean deniesWithoutTls(String policyType, String targets, String id) {
    return policies(policyType, targets, id).stream()
        .flatMap(policy -> elements(policy.at("/Properties/PolicyDocument/Statement")))
        .anyMatch(
            statement ->
                statement.path("Effect").asText().equals("Deny")
                    && statement
                        .at("/Condition/Bool/aws:SecureTransport")
                        .asText()
                        .equals("false"));
  }

  private List<JsonNode> policies(String type, String targets, String id) {
    return resources(type).values().stream()
        .filter(
            policy ->
                elements(policy.path("Properties").path(targets))
                    .anyMatch(target -> reference(target).equals(id)))
        .toList();
  }

  private Map<String, JsonNode> resources(String type) {
    return new LinkedHashMap<>(SynthesizedStack.resources(template, type));
  }

  private static JsonNode redrive(JsonNode queue) {
    return queue.path("Properties").path("RedrivePolicy");
  }

  /** The function that a mapping calls, by itself or by an alias, whose ARN CDK takes apart. */
  private JsonNode called(JsonNode functionName) {
    JsonNode named =
        functionName.has("Fn::Join")
            ? template.at("/Resources/" + functionName.findValue("Ref").asText())
            : template.at("/Resources/" + reference(functionName));
    return named.path("Type").asText().equals("AWS::Lambda::Alias")
        ? called(named.at("/Properties/FunctionName"))
        : named.path("Properties");
  }

  private static String reference(JsonNode value) {
    return value.has("Ref") ? value.path("Ref").asText() : value.at("/Fn::GetAtt/0").asText();
  }

  private static Stream<JsonNode> elements(JsonNode value) {
    if (value.isMissingNode()) {
      return Stream.of();
    }
    return value.isArray() ? StreamSupport.stream(value.spliterator(), false) : Stream.of(value);
  }

  private void require(boolean holds, String where, String what) {
    if (!holds) {
      violations.add(where + ": " + what);
    }
  }
}

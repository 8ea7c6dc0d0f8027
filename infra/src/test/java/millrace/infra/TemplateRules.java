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
final class TemplateRules {
  /**
   * A key's own policy can name nothing but itself, and its account must be able to administer it.
   */
  private static final Set<String> MAY_NAME_EVERYTHING = Set.of("AWS::KMS::Key");

  private final JsonNode template;
  private final List<String> violations = new ArrayList<>();

  private TemplateRules(JsonNode template) {
    this.template = template;
  }

  static List<String> violations(JsonNode template) {
    TemplateRules rules = new TemplateRules(template);
    rules.queues();
    rules.buckets();
    rules.topics();
    rules.tables();
    rules.keys();
    rules.functions();
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
              JsonNode function =
                  template.at(
                      "/Resources/" + reference(properties.path("FunctionName")) + "/Properties");
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
                String where = resource.getKey() + " " + statement.path("Sid").asText();
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
                                !target.asText().equals("*"), where, "allows it on everything"));
                require(
                    !statement.path("Principal").toString().contains("\"*\""),
                    where,
                    "allows it to everybody");
              }
            });
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

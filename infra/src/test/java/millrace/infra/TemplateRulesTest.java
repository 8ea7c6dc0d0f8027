package millrace.infra;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

/** The rules themselves can fail: a bare resource of each kind is found. */
class TemplateRulesTest {
  @Test
  void a_bare_queue_is_found() throws JsonProcessingException {
    assertThat(violations("'Bare': {'Type': 'AWS::SQS::Queue', 'Properties': {}}"))
        .containsExactly(
            "Bare: queue without key",
            "Bare: queue that takes plain HTTP",
            "Bare: queue without alarm",
            "Bare: queue without dead letters",
            "Bare: receive count that an outage exhausts",
            "Bare: dead letters that do not outlive their queue");
  }

  @Test
  void a_bare_bucket_is_found() throws JsonProcessingException {
    assertThat(violations("'Bare': {'Type': 'AWS::S3::Bucket', 'Properties': {}}"))
        .containsExactly(
            "Bare: bucket without BlockPublicAcls",
            "Bare: bucket without BlockPublicPolicy",
            "Bare: bucket without IgnorePublicAcls",
            "Bare: bucket without RestrictPublicBuckets",
            "Bare: bucket without key",
            "Bare: bucket that takes plain HTTP",
            "Bare: bucket that keeps abandoned uploads");
  }

  @Test
  void a_topic_with_two_policies_is_found() throws JsonProcessingException {
    String policy =
        "{'Type': 'AWS::SNS::TopicPolicy', 'Properties': {'Topics': [{'Ref': 'Bare'}]}}";
    assertThat(
            violations(
                "'Bare': {'Type': 'AWS::SNS::Topic'}, 'First': "
                    + policy
                    + ", 'Second': "
                    + policy))
        .containsExactly(
            "Bare: topic without key",
            "Bare: topic without its one policy",
            "Bare: topic that takes plain HTTP");
  }

  @Test
  void a_table_that_keeps_erased_keys_or_that_a_slip_deletes_is_found()
      throws JsonProcessingException {
    assertThat(
            violations(
                "'Bare': {'Type': 'AWS::DynamoDB::Table', 'DeletionPolicy': 'Retain', 'Properties':"
                    + " {'PointInTimeRecoverySpecification': {'PointInTimeRecoveryEnabled':"
                    + " true}}}"))
        .containsExactly(
            "Bare: table that brings back what was erased",
            "Bare: table that outlives its stack and that a slip deletes");
  }

  @Test
  void a_key_that_never_rotates_is_found() throws JsonProcessingException {
    assertThat(violations("'Bare': {'Type': 'AWS::KMS::Key', 'Properties': {}}"))
        .containsExactly("Bare: key that never rotates");
  }

  @Test
  void a_bare_function_is_found() throws JsonProcessingException {
    assertThat(violations("'Bare': {'Type': 'AWS::Lambda::Function', 'Properties': {}}"))
        .containsExactly(
            "Bare: function without explicit name",
            "Bare: function without reserved concurrency",
            "Bare: function whose logs never end");
  }

  @Test
  void a_grant_without_bounds_is_found() throws JsonProcessingException {
    assertThat(
            violations(
                "'Bare': {'Type': 'AWS::IAM::Policy', 'Properties': {'PolicyDocument':"
                    + " {'Statement': [{'Sid': 'All', 'Effect': 'Allow', 'Action': ['s3:GetObject',"
                    + " 's3:Put*'], 'Resource': '*', 'Principal': '*'}]}}}"))
        .containsExactly(
            "Bare All: allows s3:Put*",
            "Bare All: allows it on everything",
            "Bare All: allows it to everybody");
  }

  @Test
  void each_mutant_of_the_stacks_is_caught() {
    assertThat(
            mutant(
                "data",
                data -> {
                  String deadLetters = deadLetters(data);
                  remove(
                      data,
                      alarm ->
                          alarm.path("Type").asText().equals("AWS::CloudWatch::Alarm")
                              && alarm.toString().contains(deadLetters));
                }))
        .singleElement()
        .asString()
        .endsWith("queue without alarm");
    assertThat(
            mutant(
                "data",
                data ->
                    remove(
                        data,
                        policy -> policy.path("Type").asText().equals("AWS::SQS::QueuePolicy"))))
        .hasSize(2)
        .allMatch(violation -> violation.endsWith("queue that takes plain HTTP"));
    assertThat(
            mutant(
                "data",
                data -> {
                  JsonNode policy = resource(data, "AWS::SNS::TopicPolicy");
                  ((ObjectNode) data.path("Resources")).set("Second", policy.deepCopy());
                }))
        .singleElement()
        .asString()
        .endsWith("topic without its one policy");
    assertThat(
            mutant(
                "broker",
                broker ->
                    properties(broker, "AWS::AmazonMQ::Broker").put("PubliclyAccessible", true)))
        .singleElement()
        .asString()
        .endsWith("broker that everybody can reach");
    assertThat(
            mutant(
                "broker",
                broker ->
                    ((ObjectNode)
                            resource(broker, "AWS::AmazonMQ::Broker").at("/Properties/Users/0"))
                        .put("Password", "secret")))
        .singleElement()
        .asString()
        .endsWith("broker whose password is written down");
    assertThat(
            mutant(
                "consumer",
                consumer ->
                    ((ObjectNode)
                            resource(consumer, "AWS::IAM::ManagedPolicy")
                                .at("/Properties/PolicyDocument/Statement/0"))
                        .put("Action", "sqs:*")
                        .put("Resource", "*")))
        .hasSize(2)
        .anyMatch(violation -> violation.endsWith("allows sqs:*"))
        .anyMatch(violation -> violation.endsWith("allows it on everything"));
    assertThat(
            mutant(
                "network",
                network ->
                    ((ObjectNode) network.path("Resources"))
                        .putObject("Open")
                        .put("Type", "AWS::EC2::SecurityGroupIngress")
                        .putObject("Properties")
                        .put("CidrIp", "0.0.0.0/0")))
        .containsExactly("Open: door that is open to the world");
    assertThat(
            mutant(
                "network",
                network ->
                    ((ObjectNode)
                            resource(network, "AWS::EC2::VPCEndpoint")
                                .at("/Properties/PolicyDocument/Statement/0"))
                        .remove("Condition")))
        .singleElement()
        .asString()
        .endsWith("allows it to everybody");
  }

  @Test
  void a_bare_service_is_found() throws JsonProcessingException {
    assertThat(
            violations(
                "'Bare': {'Type': 'AWS::ECS::TaskDefinition', 'Properties':"
                    + " {'ContainerDefinitions': [{'Image': 'consumer:latest'}]}}, 'Service':"
                    + " {'Type': 'AWS::ECS::Service', 'Properties': {'EnableExecuteCommand':"
                    + " true}}"))
        .containsExactly(
            "Bare: container that can write its root",
            "Bare: container that is root",
            "Bare: container with capabilities",
            "Bare: container without a health check that needs no shell",
            "Bare: image without digest",
            "Bare: container without time to drain",
            "Service: service whose bad deployment stays",
            "Service: service with public addresses",
            "Service: service that people can log in to");
  }

  private static List<String> mutant(String stack, Consumer<JsonNode> change) {
    JsonNode copy = SynthesizedApp.of("staging").stack(stack).template().deepCopy();
    change.accept(copy);
    return TemplateRules.violations(copy);
  }

  private static JsonNode resource(JsonNode template, String type) {
    return SynthesizedStack.resources(template, type).values().iterator().next();
  }

  private static ObjectNode properties(JsonNode template, String type) {
    return (ObjectNode) resource(template, type).path("Properties");
  }

  private static String deadLetters(JsonNode data) {
    return SynthesizedStack.resources(data, "AWS::SQS::Queue").entrySet().stream()
        .filter(queue -> !queue.getValue().path("Properties").has("RedrivePolicy"))
        .findFirst()
        .orElseThrow()
        .getKey();
  }

  private static void remove(JsonNode template, Predicate<JsonNode> which) {
    var resources = (ObjectNode) template.path("Resources");
    List<String> ids =
        resources.properties().stream()
            .filter(entry -> which.test(entry.getValue()))
            .map(Map.Entry::getKey)
            .toList();
    resources.remove(ids);
  }

  private static List<String> violations(String resources) throws JsonProcessingException {
    return TemplateRules.violations(
        SynthesizedApp.JSON.readTree("{\"Resources\": {" + resources.replace('\'', '"') + "}}"));
  }
}

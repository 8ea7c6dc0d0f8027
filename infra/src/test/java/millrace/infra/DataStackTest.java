package millrace.infra;

import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class DataStackTest {
  private static final SynthesizedStack dev = SynthesizedApp.of("dev").stack("data");
  private static final SynthesizedStack prod = SynthesizedApp.of("prod").stack("data");

  @Test
  void only_new_files_of_events_and_failed_events_are_announced() {
    JsonNode configurations =
        dev.only("AWS::S3::Bucket").at("/NotificationConfiguration/TopicConfigurations");
    assertThat(texts(configurations.findValues("Value"))).containsExactly("events/", "failed/");
    assertThat(texts(configurations.findValues("Event"))).containsOnly("s3:ObjectCreated:*");
    assertThat(dev.only("AWS::S3::Bucket").at("/NotificationConfiguration").size())
        .as("no other kind of notification")
        .isEqualTo(1);
  }

  @Test
  void the_bucket_waits_for_the_policies_that_S3_checks_while_it_creates_it() {
    String policy = dev.resources("AWS::SNS::TopicPolicy").keySet().iterator().next();
    JsonNode bucket = dev.resources("AWS::S3::Bucket").values().iterator().next();
    assertThat(texts(List.of(bucket.path("DependsOn").get(0)))).containsExactly(policy);
    JsonNode publish = statement(dev.only("AWS::SNS::TopicPolicy"), "BucketPublishes");
    assertThat(publish.at("/Condition/ArnEquals/aws:SourceArn").asText())
        .as("by name, or the two would wait for each other")
        .isEqualTo("arn:aws:s3:::millrace-dev-111111111111-eu-west-1");
    assertThat(publish.at("/Condition/StringEquals/aws:SourceAccount").asText())
        .isEqualTo("111111111111");
    assertThat(dev.one("AWS::KMS::Key", "Encryption").at("/KeyPolicy/Statement").toString())
        .contains("s3.amazonaws.com");
  }

  @Test
  void files_are_created_once_and_only_the_pointer_to_contracts_may_move() {
    JsonNode createOnly = statement(dev.only("AWS::S3::BucketPolicy"), "CreateOnly");
    assertThat(createOnly.path("Effect").asText()).isEqualTo("Deny");
    assertThat(createOnly.path("Action").asText()).isEqualTo("s3:PutObject");
    assertThat(createOnly.at("/Condition/Null/s3:if-none-match").asText()).isEqualTo("true");
    assertThat(createOnly.at("/Condition/Bool/s3:ObjectCreationOperation").asText())
        .as("parts of a multipart upload carry no condition")
        .isEqualTo("true");
    assertThat(folders(createOnly))
        .containsExactly("/events/*", "/archive/*", "/failed/*", "/quarantine/*", "/batches/*");
  }

  @Test
  void principals_of_other_accounts_are_refused_at_bucket_and_queues() {
    List<JsonNode> doors = new ArrayList<>(dev.resources("AWS::SQS::QueuePolicy").values());
    assertThat(doors).hasSize(2);
    doors.addAll(dev.resources("AWS::S3::BucketPolicy").values());
    for (JsonNode door : doors) {
      JsonNode statement = statement(door.path("Properties"), "OnlyOwnAccount");
      assertThat(statement.path("Effect").asText()).isEqualTo("Deny");
      assertThat(statement.at("/Condition/StringNotEquals/aws:PrincipalAccount").asText())
          .isEqualTo("111111111111");
    }
  }

  @Test
  void the_writer_may_do_what_its_step_does_and_nothing_else() {
    Map<String, List<String>> allowed = new TreeMap<>();
    for (JsonNode statement :
        dev.one("AWS::IAM::ManagedPolicy", "Writer").at("/PolicyDocument/Statement")) {
      JsonNode action = statement.path("Action");
      allowed.put(
          statement.path("Sid").asText(),
          action.isArray() ? texts(iterable(action)) : List.of(action.asText()));
    }
    assertThat(allowed)
        .isEqualTo(
            Map.ofEntries(
                entry("TellMissingFromForbidden", List.of("s3:ListBucket")),
                entry("WriteLogs", List.of("logs:CreateLogStream", "logs:PutLogEvents")),
                entry("SendTraces", List.of("xray:PutTelemetryRecords", "xray:PutTraceSegments")),
                entry("WriteFiles", List.of("s3:AbortMultipartUpload", "s3:PutObject")),
                entry("ReadBatchesAndContracts", List.of("s3:GetObject")),
                entry("ReadPayloadHashKey", List.of("secretsmanager:GetSecretValue")),
                entry("ReadPersonalHashKey", List.of("secretsmanager:GetSecretValue")),
                entry("KeepSubjectKeys", List.of("dynamodb:BatchGetItem", "dynamodb:UpdateItem")),
                entry("WrapSubjectKeys", List.of("kms:Decrypt", "kms:GenerateDataKey")),
                entry("Quarantine", List.of("kms:GenerateDataKey")),
                entry("GiveUp", List.of("sqs:SendMessage")),
                entry("UseKey", List.of("kms:Decrypt", "kms:GenerateDataKey")),
                entry(
                    "TakeBatches",
                    List.of(
                        "sqs:ChangeMessageVisibility",
                        "sqs:DeleteMessage",
                        "sqs:GetQueueAttributes",
                        "sqs:ReceiveMessage"))));
    JsonNode policy = dev.one("AWS::IAM::ManagedPolicy", "Writer");
    assertThat(folders(statement(policy, "WriteFiles")))
        .containsExactly("/events/*", "/archive/*", "/failed/*", "/quarantine/*");
    assertThat(folders(statement(policy, "ReadBatchesAndContracts")))
        .containsExactly("/batches/*", "/contracts/*");
    assertThat(dev.one("AWS::IAM::Role", "Writer").path("ManagedPolicyArns"))
        .as("this policy, and none of AWS")
        .hasSize(1)
        .allMatch(arn -> arn.path("Ref").asText().startsWith("WriterMayPolicy"));
  }

  @Test
  void quarantine_is_under_a_key_of_its_own_that_only_replay_reads() {
    JsonNode demanded = statement(dev.only("AWS::S3::BucketPolicy"), "QuarantineUnderItsOwnKey");
    assertThat(demanded.path("Effect").asText()).isEqualTo("Deny");
    assertThat(demanded.path("Resource").at("/Fn::Join/1/1").asText()).isEqualTo("/quarantine/*");
    assertThat(
            demanded
                .at("/Condition/StringNotEquals")
                .path("s3:x-amz-server-side-encryption-aws-kms-key-id")
                .at("/Fn::GetAtt/0")
                .asText())
        .startsWith("QuarantineKey");
    JsonNode key = dev.one("AWS::KMS::Key", "QuarantineKey");
    JsonNode denied = null;
    for (JsonNode statement : key.at("/KeyPolicy/Statement")) {
      denied = statement.path("Sid").asText().equals("OnlyReplayReads") ? statement : denied;
    }
    assertThat(texts(iterable(denied.path("Action"))))
        .containsExactly("kms:Decrypt", "kms:ReEncryptFrom");
    assertThat(denied.at("/Condition/ArnNotEquals/aws:PrincipalArn").toString())
        .contains(":iam::111111111111:role/millrace-dev-replay");
    JsonNode replay = dev.one("AWS::IAM::ManagedPolicy", "Quarantine");
    assertThat(folders(statement(replay, "ReadWhatWasStored")))
        .containsExactly("/archive/*", "/quarantine/*");
  }

  /** docs/backfill.md lists what a backfill needs; this role has it and may do nothing else. */
  @Test
  void the_role_of_replay_may_backfill_too() {
    JsonNode replay = dev.one("AWS::IAM::ManagedPolicy", "Quarantine");
    List<String> rights = new ArrayList<>();
    for (JsonNode statement : replay.at("/PolicyDocument/Statement")) {
      rights.add(statement.path("Sid").asText() + " " + statement.path("Action"));
    }
    assertThat(rights)
        .containsExactly(
            "ReadWhatWasStored \"s3:GetObject\"",
            "ReadContracts \"s3:GetObject\"",
            "ListWhatWasStored \"s3:ListBucket\"",
            "SendAgain \"sqs:SendMessage\"",
            "SendLargeAgain \"s3:PutObject\"",
            "ReadQuarantine \"kms:Decrypt\"",
            "UseKey [\"kms:Decrypt\",\"kms:GenerateDataKey\"]");
    assertThat(folders(statement(replay, "ReadContracts"))).containsExactly("/contracts/*");
    assertThat(folders(statement(replay, "SendLargeAgain"))).containsExactly("/batches/*");
  }

  @Test
  void erased_keys_do_not_come_back_and_the_others_are_not_deleted_by_a_slip() {
    JsonNode table = prod.only("AWS::DynamoDB::Table");
    assertThat(table.path("DeletionProtectionEnabled").asBoolean()).isTrue();
    assertThat(table.at("/PointInTimeRecoverySpecification/PointInTimeRecoveryEnabled").asBoolean())
        .isFalse();
    assertThat(table.at("/KeySchema/0/AttributeName").asText()).isEqualTo("subject");
    assertThat(dev.only("AWS::DynamoDB::Table").path("TableName").asText())
        .isEqualTo("millrace-dev-subject-keys");
  }

  @Test
  void the_writer_is_told_where_everything_is() {
    JsonNode function = dev.only("AWS::Lambda::Function");
    assertThat(function.path("FunctionName").asText()).isEqualTo("millrace-dev-writer");
    assertThat(function.path("Handler").asText())
        .isEqualTo("millrace.writer.WriterHandler::handleRequest");
    assertThat(function.path("Runtime").asText()).isEqualTo("java25");
    assertThat(function.at("/LoggingConfig/LogFormat").asText()).isEqualTo("JSON");
    assertThat(function.at("/LoggingConfig/ApplicationLogLevel").asText())
        .as("a metric line counts as INFO, and is lost where less is asked for")
        .isEqualTo("INFO");
    List<String> keys = new ArrayList<>();
    function.at("/Environment/Variables").fieldNames().forEachRemaining(keys::add);
    assertThat(keys)
        .containsExactlyInAnyOrder(
            "MILLRACE_ENV",
            "MILLRACE_BUCKET",
            "MILLRACE_FORMAT",
            "MILLRACE_NDJSON_CODEC",
            "MILLRACE_PAYLOAD_HASH_SECRET",
            "MILLRACE_PERSONAL_HASH_SECRET",
            "MILLRACE_SUBJECT_KEY_TABLE",
            "MILLRACE_SUBJECT_KEY_WRAPPING_KEY",
            "MILLRACE_QUARANTINE_KEY");
    JsonNode format = function.at("/Environment/Variables/MILLRACE_FORMAT/Fn::If");
    assertThat(format.path(1).asText()).as("what is configured").isEqualTo("parquet");
    assertThat(format.path(2).path("Ref").asText()).isEqualTo("EventFormat");
  }

  @Test
  void one_template_serves_both_formats_and_an_update_keeps_no_older_configuration() {
    JsonNode parameter = dev.template().at("/Parameters/EventFormat");
    assertThat(parameter.path("Default").asText())
        .as("CDK keeps the value of a parameter, so it must not be the configured one")
        .isEqualTo("configured");
    assertThat(texts(iterable(parameter.path("AllowedValues"))))
        .containsExactly("configured", "parquet", "ndjson");
  }

  @Test
  void what_holds_data_outlives_its_stack_unless_the_environment_says_otherwise() {
    List<String> stateful =
        List.of(
            "AWS::KMS::Key",
            "AWS::S3::Bucket",
            "AWS::S3::BucketPolicy",
            "AWS::SQS::Queue",
            "AWS::SQS::QueuePolicy",
            "AWS::SecretsManager::Secret",
            "AWS::DynamoDB::Table",
            "AWS::Logs::LogGroup");
    for (String type : stateful) {
      assertThat(prod.resources(type).values())
          .isNotEmpty()
          .allMatch(resource -> resource.path("DeletionPolicy").asText().equals("Retain"))
          .allMatch(resource -> resource.path("UpdateReplacePolicy").asText().equals("Retain"));
      assertThat(dev.resources(type).values())
          .allMatch(resource -> resource.path("DeletionPolicy").asText().equals("Delete"));
    }
  }

  @Test
  void the_bill_tells_environments_and_stacks_apart() {
    for (String type :
        List.of(
            "AWS::KMS::Key",
            "AWS::S3::Bucket",
            "AWS::SQS::Queue",
            "AWS::Lambda::Function",
            "AWS::DynamoDB::Table",
            "AWS::Logs::LogGroup")) {
      assertThat(prod.resources(type).values())
          .isNotEmpty()
          .allSatisfy(
              resource ->
                  assertThat(resource.at("/Properties/Tags").toString())
                      .contains(
                          "{\"Key\":\"millrace-environment\",\"Value\":\"prod\"}",
                          "{\"Key\":\"millrace-stack\",\"Value\":\"millrace-prod-data\"}"));
    }
  }

  @Test
  void Snowflake_may_subscribe_and_do_nothing_else() {
    String principal = MillraceAppTest.environments().at("/prod/snowflake/iamUserArn").asText();
    JsonNode template = prod.template();
    JsonNode policy =
        SynthesizedStack.resources(template, "AWS::SNS::TopicPolicy")
            .values()
            .iterator()
            .next()
            .path("Properties");
    JsonNode subscribes = statement(policy, "SnowflakeSubscribes");
    assertThat(subscribes.path("Action").asText()).isEqualTo("sns:Subscribe");
    assertThat(subscribes.at("/Principal/AWS").asText()).isEqualTo(principal);
    assertThat(dev.only("AWS::SNS::TopicPolicy").toString()).doesNotContain("SnowflakeSubscribes");
  }

  @Test
  void the_outputs_are_those_that_the_laptop_run_reads() {
    List<String> names = new ArrayList<>();
    dev.template().path("Outputs").fieldNames().forEachRemaining(names::add);
    names.removeIf(name -> name.startsWith("Exports"));
    assertThat(names)
        .containsExactlyInAnyOrder(
            "BucketName", "QueueUrl", "DeadLetterQueueUrl", "TopicArn", "WriterName");
  }

  private static JsonNode statement(JsonNode properties, String sid) {
    for (JsonNode statement : properties.at("/PolicyDocument/Statement")) {
      if (statement.path("Sid").asText().equals(sid)) {
        return statement;
      }
    }
    throw new AssertionError("no statement " + sid);
  }

  private static List<String> folders(JsonNode statement) {
    List<String> folders = new ArrayList<>();
    JsonNode resources = statement.path("Resource");
    for (JsonNode resource : resources.isArray() ? iterable(resources) : List.of(resources)) {
      folders.add(resource.at("/Fn::Join/1/1").asText());
    }
    return folders;
  }

  private static List<JsonNode> iterable(JsonNode array) {
    List<JsonNode> nodes = new ArrayList<>();
    array.forEach(nodes::add);
    return nodes;
  }

  private static List<String> texts(List<JsonNode> nodes) {
    return nodes.stream().map(JsonNode::asText).toList();
  }
}

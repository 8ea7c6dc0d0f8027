package millrace.infra;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** What each role outside of the data stack may do, whole: a right more or less shows here. */
class RolesTest {
  private static final SynthesizedApp prod = SynthesizedApp.of("prod");

  @Test
  void the_consumer_may_read_its_credentials_and_hand_on_batches_and_nothing_else() {
    assertThat(rights(prod.stack("consumer").one("AWS::IAM::ManagedPolicy", "ReceiveTask")))
        .isEqualTo(
            Map.of(
                "SendBatches", List.of("sqs:SendMessage"),
                "StoreLargeBatches", List.of("s3:PutObject"),
                "ReadBrokerCredentials", List.of("secretsmanager:GetSecretValue"),
                "EncryptBatches", List.of("kms:Decrypt", "kms:GenerateDataKey"),
                "DecryptBrokerCredentials", List.of("kms:Decrypt")));
    assertThat(prod.stack("consumer").one("AWS::IAM::ManagedPolicy", "ReceiveTask").toString())
        .contains("arn:aws:s3:::millrace-prod-111111111111-eu-west-1/batches/*");
  }

  @Test
  void Fargate_may_pull_the_one_image_and_log() {
    assertThat(rights(prod.stack("consumer").one("AWS::IAM::ManagedPolicy", "ReceiveStart")))
        .isEqualTo(
            Map.of(
                "WriteLogs", List.of("logs:CreateLogStream", "logs:PutLogEvents"),
                "PullImage",
                    List.of(
                        "ecr:BatchCheckLayerAvailability",
                        "ecr:BatchGetImage",
                        "ecr:GetDownloadUrlForLayer"),
                "LogInToRegistry", List.of("ecr:GetAuthorizationToken")));
  }

  @Test
  void Snowflake_may_read_rows_with_its_external_id_and_nothing_of_archive_or_quarantine() {
    SynthesizedStack warehouse = prod.stack("warehouse");
    assertThat(rights(warehouse.one("AWS::IAM::ManagedPolicy", "Snowflake")))
        .isEqualTo(
            Map.of(
                "ReadFiles", List.of("s3:GetObject"),
                "ListFiles", List.of("s3:ListBucket"),
                "FindBucket", List.of("s3:GetBucketLocation"),
                "ReadEncrypted", List.of("kms:Decrypt")));
    assertThat(warehouse.one("AWS::IAM::ManagedPolicy", "Snowflake").toString())
        .contains("/events/*", "/failed/*")
        .doesNotContain("archive", "quarantine", "batches");
    JsonNode trust =
        warehouse.one("AWS::IAM::Role", "Snowflake").at("/AssumeRolePolicyDocument/Statement/0");
    assertThat(trust.at("/Condition/StringEquals/sts:ExternalId").asText())
        .isEqualTo("millrace-prod");
    assertThat(trust.at("/Principal/AWS").asText())
        .isEqualTo("arn:aws:iam::111111111111:user/snowflake");
  }

  @Test
  void Snowflake_tells_of_files_that_it_cannot_load_under_a_role_of_its_own() {
    SynthesizedStack warehouse = prod.stack("warehouse");
    JsonNode policy = warehouse.one("AWS::IAM::ManagedPolicy", "LoadErrors");
    assertThat(rights(policy))
        .isEqualTo(
            Map.of(
                "TellOfFailedLoads", List.of("sns:Publish"),
                "EncryptNotices", List.of("kms:Decrypt", "kms:GenerateDataKey")));
    assertThat(warehouse.one("AWS::IAM::Role", "LoadErrors").toString())
        .contains(
            "\"sts:ExternalId\":\"standin_MILLRACE_PROD_LOAD_ERRORS\"",
            "arn:aws:iam::111111111111:user/snowflake",
            "\"RoleName\":\"millrace-prod-load-errors\"");
    assertThat(warehouse.only("AWS::SNS::Topic").path("TopicName").asText())
        .isEqualTo("millrace-prod-load-errors");
    assertThat(warehouse.only("AWS::SNS::Topic").path("KmsMasterKeyId").toString())
        .as("the key that the role may use")
        .isEqualTo(policy.at("/PolicyDocument/Statement/1/Resource").toString());
  }

  private static Map<String, List<String>> rights(JsonNode policy) {
    Map<String, List<String>> rights = new TreeMap<>();
    for (JsonNode statement : policy.at("/PolicyDocument/Statement")) {
      List<String> actions = new ArrayList<>();
      if (statement.path("Action").isArray()) {
        statement.path("Action").forEach(action -> actions.add(action.asText()));
      } else {
        actions.add(statement.path("Action").asText());
      }
      rights.put(statement.path("Sid").asText(), actions);
    }
    return rights;
  }
}

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
    assertThat(rights(warehouse.only("AWS::IAM::ManagedPolicy")))
        .isEqualTo(
            Map.of(
                "ReadFiles", List.of("s3:GetObject"),
                "ListFiles", List.of("s3:ListBucket"),
                "FindBucket", List.of("s3:GetBucketLocation"),
                "ReadEncrypted", List.of("kms:Decrypt")));
    assertThat(warehouse.only("AWS::IAM::ManagedPolicy").toString())
        .contains("/events/*", "/failed/*")
        .doesNotContain("archive", "quarantine", "batches");
    JsonNode trust = warehouse.only("AWS::IAM::Role").at("/AssumeRolePolicyDocument/Statement/0");
    assertThat(trust.at("/Condition/StringEquals/sts:ExternalId").asText())
        .isEqualTo("millrace-prod");
    assertThat(trust.at("/Principal/AWS").asText())
        .isEqualTo("arn:aws:iam::111111111111:user/snowflake");
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

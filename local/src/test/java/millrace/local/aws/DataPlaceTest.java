package millrace.local.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import millrace.core.failed.MillraceFailure.SetupFailure;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataPlaceTest {
  @TempDir Path folder;

  @Test
  void an_account_is_reached_by_the_names_that_the_templates_give() throws IOException {
    DataPlace place = DataPlace.ofAccount(cdkJson(), "prod", Map.of());
    assertThat(place.bucket()).isEqualTo("millrace-prod-222222222222-eu-central-1");
    assertThat(place.queueUrl())
        .isEqualTo("https://sqs.eu-central-1.amazonaws.com/222222222222/millrace-prod-batches");
    assertThat(place.topicArn())
        .isEqualTo("arn:aws:sns:eu-central-1:222222222222:millrace-prod-files");
  }

  @Test
  void another_partition_has_other_addresses() throws IOException {
    DataPlace place = DataPlace.ofAccount(cdkJson(), "china", Map.of());
    assertThat(place.queueUrl()).startsWith("https://sqs.cn-north-1.amazonaws.com.cn/");
    assertThat(place.topicArn()).startsWith("arn:aws-cn:sns:cn-north-1:");
  }

  @Test
  void an_endpoint_of_the_environment_is_taken() throws IOException {
    DataPlace place =
        DataPlace.ofAccount(cdkJson(), "prod", Map.of("AWS_ENDPOINT_URL", "http://127.0.0.1:4566"));
    assertThat(place.queueUrl())
        .isEqualTo("http://127.0.0.1:4566/222222222222/millrace-prod-batches");
  }

  @Test
  void an_environment_that_is_not_there_or_has_no_account_is_a_sentence() throws IOException {
    Path cdkJson = cdkJson();
    assertThatThrownBy(() -> DataPlace.ofAccount(cdkJson, "prd", Map.of()))
        .isInstanceOf(SetupFailure.class)
        .hasMessage("there is no environment prd in cdk.json; known: [bare, china, prod]");
    assertThatThrownBy(() -> DataPlace.ofAccount(cdkJson, "bare", Map.of()))
        .isInstanceOf(SetupFailure.class)
        .hasMessage("environments.bare.account is missing in cdk.json");
    assertThatThrownBy(() -> DataPlace.ofAccount(folder.resolve("no.json"), "prod", Map.of()))
        .isInstanceOf(SetupFailure.class)
        .hasMessageContaining("cannot be read");
  }

  private Path cdkJson() throws IOException {
    return Files.writeString(
        folder.resolve("cdk.json"),
        """
        {"context": {"environments": {
          "prod": {"account": "222222222222", "region": "eu-central-1"},
          "china": {"account": "222222222222", "region": "cn-north-1"},
          "bare": {}}}}
        """);
  }
}

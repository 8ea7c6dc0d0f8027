package millrace.infra;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.util.List;
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

  private static List<String> violations(String resources) throws JsonProcessingException {
    return TemplateRules.violations(
        SynthesizedStack.JSON.readTree("{\"Resources\": {" + resources.replace('\'', '"') + "}}"));
  }
}

package millrace.local.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import millrace.local.deploy.CloudAssembly.StackArtifact;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.services.cloudformation.CloudFormationClient;
import software.amazon.awssdk.services.cloudformation.model.CloudFormationException;
import software.amazon.awssdk.services.cloudformation.model.CreateStackRequest;
import software.amazon.awssdk.services.cloudformation.model.CreateStackResponse;
import software.amazon.awssdk.services.cloudformation.model.DeleteStackRequest;
import software.amazon.awssdk.services.cloudformation.model.DeleteStackResponse;
import software.amazon.awssdk.services.cloudformation.model.DescribeStackEventsRequest;
import software.amazon.awssdk.services.cloudformation.model.DescribeStackEventsResponse;
import software.amazon.awssdk.services.cloudformation.model.DescribeStacksRequest;
import software.amazon.awssdk.services.cloudformation.model.DescribeStacksResponse;
import software.amazon.awssdk.services.cloudformation.model.Output;
import software.amazon.awssdk.services.cloudformation.model.Parameter;
import software.amazon.awssdk.services.cloudformation.model.Stack;
import software.amazon.awssdk.services.cloudformation.model.StackEvent;
import software.amazon.awssdk.services.cloudformation.model.UpdateStackRequest;
import software.amazon.awssdk.services.cloudformation.model.UpdateStackResponse;

/** On an account in memory that does at once what it is told. */
class StackDeploymentTest {
  private static final StackArtifact ARTIFACT =
      new StackArtifact("data", "111111111111", "eu-west-1", "{}", "/boot", List.of());

  private final Account account = new Account();
  private final List<String> said = new ArrayList<>();

  /** One stack; newest events first, as the API tells them. */
  private static final class Account implements CloudFormationClient {
    final List<String> asked = new ArrayList<>();
    final List<StackEvent> events = new ArrayList<>();
    final List<StackEvent> nextEvents = new ArrayList<>();
    @Nullable String status;
    String nextStatus = "";
    int refusal;

    private void act(String what, List<Parameter> parameters, String template) {
      asked.add(
          what
              + " "
              + template
              + parameters.stream()
                  .map(each -> " " + each.parameterKey() + "=" + each.parameterValue())
                  .reduce("", String::concat));
      status = nextStatus;
      nextEvents.forEach(event -> events.addFirst(event));
    }

    private static CloudFormationException says(int code, String sentence) {
      return (CloudFormationException)
          CloudFormationException.builder()
              .statusCode(code)
              .message(sentence)
              .awsErrorDetails(AwsErrorDetails.builder().errorMessage(sentence).build())
              .build();
    }

    @Override
    public DescribeStacksResponse describeStacks(DescribeStacksRequest request) {
      if (refusal > 0) {
        throw says(refusal, "not authorized, or it does not exist");
      }
      if (status == null) {
        throw says(400, "Stack with id " + request.stackName() + " does not exist");
      }
      return DescribeStacksResponse.builder()
          .stacks(
              Stack.builder()
                  .stackStatus(status)
                  .outputs(Output.builder().outputKey("TopicArn").outputValue("topic").build())
                  .build())
          .build();
    }

    @Override
    public CreateStackResponse createStack(CreateStackRequest request) {
      act("create", request.parameters(), request.templateBody());
      return CreateStackResponse.builder().build();
    }

    @Override
    public UpdateStackResponse updateStack(UpdateStackRequest request) {
      if (nextStatus.isEmpty()) {
        throw says(400, "No updates are to be performed.");
      }
      if (nextStatus.equals("refused")) {
        throw says(400, "Parameters: [Window] must have values");
      }
      act("update", request.parameters(), request.templateBody());
      return UpdateStackResponse.builder().build();
    }

    @Override
    public DeleteStackResponse deleteStack(DeleteStackRequest request) {
      asked.add("delete");
      status = null;
      events.clear();
      return DeleteStackResponse.builder().build();
    }

    @Override
    public DescribeStackEventsResponse describeStackEvents(DescribeStackEventsRequest request) {
      return DescribeStackEventsResponse.builder().stackEvents(events).build();
    }

    @Override
    public String serviceName() {
      return SERVICE_NAME;
    }

    @Override
    public void close() {}
  }

  private static StackEvent event(String id, String resource, String status, String reason) {
    return StackEvent.builder()
        .eventId(id)
        .logicalResourceId(resource)
        .resourceType("AWS::S3::Bucket")
        .resourceStatus(status)
        .resourceStatusReason(reason)
        .build();
  }

  private StackOutputs deploy() {
    return new StackDeployment(account, ARTIFACT, Duration.ZERO, said::add)
        .run(Map.of("Window", "5", "Format", "parquet"));
  }

  @Test
  void a_stack_that_is_not_there_is_made_and_says_its_outputs() {
    account.nextStatus = "CREATE_COMPLETE";
    account.nextEvents.add(event("1", "Bucket", "CREATE_IN_PROGRESS", ""));
    account.nextEvents.add(event("2", "Bucket", "CREATE_COMPLETE", ""));
    assertThat(deploy().topicArn()).isEqualTo("topic");
    assertThat(account.asked).containsExactly("create {} Format=parquet Window=5");
    assertThat(said).containsExactly("Bucket create complete");
  }

  @Test
  void a_stack_that_stands_is_updated_and_tells_of_this_update_only() {
    account.status = "CREATE_COMPLETE";
    account.events.add(event("1", "Bucket", "CREATE_COMPLETE", ""));
    account.nextStatus = "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS";
    account.nextEvents.add(event("2", "Queue", "UPDATE_COMPLETE", ""));
    assertThat(deploy().topicArn()).isEqualTo("topic");
    assertThat(account.asked).containsExactly("update {} Format=parquet Window=5");
    assertThat(said).containsExactly("Queue update complete");
  }

  @Test
  void a_stack_that_is_as_it_should_be_needs_no_change() {
    account.status = "UPDATE_COMPLETE";
    assertThat(deploy().topicArn()).isEqualTo("topic");
    assertThat(account.asked).isEmpty();
    assertThat(said).containsExactly("stack data needs no change");
  }

  @Test
  void what_a_creation_that_failed_left_behind_is_deleted_and_the_stack_made_again() {
    account.status = "ROLLBACK_COMPLETE";
    account.nextStatus = "CREATE_COMPLETE";
    deploy();
    assertThat(account.asked).containsExactly("delete", "create {} Format=parquet Window=5");
  }

  @Test
  void an_update_that_rolled_back_is_a_failure_for_the_first_reason_of_this_run() {
    account.status = "UPDATE_ROLLBACK_COMPLETE";
    account.events.add(event("1", "Old", "UPDATE_FAILED", "of another day"));
    account.nextStatus = "UPDATE_ROLLBACK_COMPLETE";
    account.nextEvents.add(event("2", "Bucket", "UPDATE_FAILED", "the name is taken"));
    account.nextEvents.add(event("3", "Queue", "UPDATE_FAILED", "cancelled"));
    assertThatThrownBy(this::deploy)
        .isInstanceOf(DeployException.StackFailed.class)
        .hasMessage("stack data was not deployed: Bucket (AWS::S3::Bucket): the name is taken");
  }

  @Test
  void a_stack_on_its_way_back_has_failed_already() {
    account.nextStatus = "ROLLBACK_IN_PROGRESS";
    assertThatThrownBy(this::deploy)
        .isInstanceOf(DeployException.StackFailed.class)
        .hasMessageContaining("it is ROLLBACK_IN_PROGRESS");
  }

  @Test
  void patience_ends_with_what_the_stack_is_at() {
    account.nextStatus = "CREATE_IN_PROGRESS";
    assertThatThrownBy(this::deploy)
        .isInstanceOf(DeployException.StackFailed.class)
        .hasMessageContaining("it is still CREATE_IN_PROGRESS after 0 s");
  }

  @Test
  void what_CloudFormation_refuses_is_told_in_its_words() {
    account.status = "CREATE_COMPLETE";
    account.nextStatus = "refused";
    assertThatThrownBy(this::deploy)
        .isInstanceOf(DeployException.StackFailed.class)
        .hasMessageContaining("Parameters: [Window] must have values");
  }

  @Test
  void an_account_that_does_not_let_us_look_is_not_taken_for_an_empty_one() {
    account.refusal = 403;
    assertThatThrownBy(this::deploy).isInstanceOf(CloudFormationException.class);
    assertThat(account.asked).isEmpty();
  }
}

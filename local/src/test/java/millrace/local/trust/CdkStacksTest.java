package millrace.local.trust;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import millrace.core.failed.MillraceFailure.SetupFailure;
import millrace.core.names.Names;
import millrace.local.state.Checkout;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.cloudformation.CloudFormationClient;
import software.amazon.awssdk.services.cloudformation.model.CloudFormationException;
import software.amazon.awssdk.services.cloudformation.model.DescribeStacksRequest;
import software.amazon.awssdk.services.cloudformation.model.DescribeStacksResponse;
import software.amazon.awssdk.services.cloudformation.model.Output;
import software.amazon.awssdk.services.cloudformation.model.Stack;

/** With a script in place of the CDK command line, and stacks in memory. */
class CdkStacksTest {
  private static final Names NAMES = Names.of("prod");
  private static final Trust TRUST =
      new Trust(
          new Trust.Caller("arn:aws:iam::333333333333:user/takes", "millrace-prod"),
          new Trust.Caller("arn:aws:iam::333333333333:user/tells", "AB1_SFCRole=2_x"),
          "arn:aws:iam::333333333333:root");

  @TempDir Path home;

  private final Account account = new Account();
  private final List<Trust> synthesized = new ArrayList<>();

  /** Stacks and their outputs; refuses as CloudFormation does. */
  private static final class Account implements CloudFormationClient {
    final Map<String, Map<String, String>> stacks = new TreeMap<>();
    Optional<AwsServiceException> refusal = Optional.empty();

    @Override
    public DescribeStacksResponse describeStacks(DescribeStacksRequest request) {
      if (refusal.isPresent()) {
        throw refusal.get();
      }
      @Nullable Map<String, String> said = stacks.get(request.stackName());
      if (said == null) {
        throw CloudFormationException.builder()
            .statusCode(400)
            .message("Stack with id " + request.stackName() + " does not exist")
            .build();
      }
      List<Output> outputs =
          said.entrySet().stream()
              .map(each -> Output.builder().outputKey(each.getKey()).outputValue(each.getValue()))
              .map(Output.Builder::build)
              .toList();
      return DescribeStacksResponse.builder()
          .stacks(Stack.builder().outputs(outputs).build())
          .build();
    }

    @Override
    public String serviceName() {
      return SERVICE_NAME;
    }

    @Override
    public void close() {}
  }

  @BeforeEach
  void stacksAndCommandLine() throws IOException {
    account.stacks.put(
        NAMES.dataStack(), Map.of("TopicArn", "t", "QueueUrl", "q", "BucketName", "b"));
    account.stacks.put(
        NAMES.warehouseStack(),
        Map.of("LoadErrorTopicArn", "lt", "StorageRoleArn", "s", "LoadErrorRoleArn", "lr"));
    Files.writeString(
        home.resolve("millrace"),
        """
        echo "$*" >> asked
        env > variables
        if [ "$2" = diff ]; then echo 'what cdk said'; fi
        exit "$(cat code)"
        """);
    endsWith(0);
  }

  private void endsWith(int code) throws IOException {
    Files.writeString(home.resolve("code"), Integer.toString(code));
  }

  private CdkStacks of(String... stacks) {
    return new CdkStacks(
        new Checkout(home, Path.of("python"), Path.of("java"), home),
        NAMES,
        home.resolve("cdk.out"),
        new LearntContext(home, NAMES),
        synthesized::add,
        List.of(stacks),
        Map.of(
            "AWS_REGION", "eu-west-1",
            "https_proxy", "http://proxy",
            "SNOWFLAKE_PRIVATE_KEY_PASSPHRASE", "secret"),
        account);
  }

  @Test
  void stacks_are_deployed_when_cdk_finds_no_difference_and_a_failure_is_neither()
      throws IOException {
    assertThat(of().isDeployed()).isTrue();
    endsWith(1);
    assertThat(of().isDeployed()).isFalse();
    endsWith(2);
    Path log = home.resolve("cdk.out/diff.log");
    assertThatThrownBy(() -> of().isDeployed())
        .isInstanceOf(SetupFailure.class)
        .hasMessage("cdk diff ended with code 2; see " + log);
    assertThat(log).hasContent("what cdk said");
    assertThat(Files.readAllLines(home.resolve("asked")))
        .hasSize(3)
        .containsOnly("cdk diff --app " + home.resolve("cdk.out") + " --fail --all");
  }

  @Test
  void a_deployment_asks_nobody_and_one_that_fails_stops() throws IOException {
    of().deploy();
    assertThat(home.resolve("asked"))
        .hasContent(
            "cdk deploy --app " + home.resolve("cdk.out") + " --require-approval never --all");
    endsWith(1);
    assertThatThrownBy(() -> of().deploy())
        .isInstanceOf(SetupFailure.class)
        .hasMessage("cdk deploy ended with code 1, see above");
  }

  @Test
  void chosen_stacks_go_without_what_they_depend_on() throws IOException {
    of(NAMES.dataStack(), NAMES.warehouseStack()).isDeployed();
    assertThat(home.resolve("asked"))
        .hasContent(
            "cdk diff --app "
                + home.resolve("cdk.out")
                + " --fail --exclusively millrace-prod-data millrace-prod-warehouse");
  }

  @Test
  void the_command_line_gets_what_AWS_tools_read_and_no_key_of_Snowflake() throws IOException {
    of().isDeployed();
    assertThat(Files.readAllLines(home.resolve("variables")))
        .contains("AWS_REGION=eu-west-1", "https_proxy=http://proxy")
        .noneMatch(line -> line.contains("SNOWFLAKE"));
  }

  @Test
  void what_the_stacks_say_is_read_by_its_name() {
    assertThat(of().outputs()).contains(new AwsSide.Outputs("b", "t", "s", "lt", "lr"));
  }

  @Test
  void a_missing_stack_or_output_means_that_they_do_not_say_it() {
    Map.copyOf(account.stacks)
        .forEach(
            (stack, outputs) -> {
              outputs
                  .keySet()
                  .forEach(
                      name -> {
                        var others = new HashMap<>(outputs);
                        others.remove(name);
                        account.stacks.put(stack, others);
                        assertThat(of().outputs().isPresent())
                            .as(name)
                            .isEqualTo(name.equals("QueueUrl"));
                      });
              account.stacks.remove(stack);
              assertThat(of().outputs()).as(stack).isEmpty();
              account.stacks.put(stack, outputs);
            });
  }

  @Test
  void an_account_that_does_not_let_us_look_is_not_taken_for_an_empty_one() {
    for (AwsServiceException refusal :
        List.of(
            CloudFormationException.builder().statusCode(403).message("does not exist").build(),
            CloudFormationException.builder().statusCode(400).message("Throttling").build())) {
      account.refusal = Optional.of(refusal);
      assertThatThrownBy(() -> of().outputs()).isSameAs(refusal);
    }
  }

  @Test
  void what_was_learnt_is_written_down_and_read_where_every_synthesis_reads_it() {
    assertThat(of().writtenDown()).isEmpty();
    of().writeDown(TRUST);
    assertThat(new LearntContext(home, NAMES).read()).contains(TRUST);
    assertThat(of().writtenDown()).contains(TRUST);
    of().synthesize(TRUST);
    assertThat(synthesized).containsExactly(TRUST);
  }
}

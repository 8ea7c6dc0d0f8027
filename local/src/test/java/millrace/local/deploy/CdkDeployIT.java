package millrace.local.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import millrace.core.names.Names;
import millrace.local.aws.LocalTools;
import millrace.local.aws.MiniStack;
import millrace.local.aws.MiniStackCommand;
import millrace.local.process.ClassArchive;
import millrace.local.process.JavaProcess;
import millrace.local.release.MigrationVariables;
import millrace.local.snowflake.SnowflakeProgram;
import millrace.local.state.Checkout;
import millrace.local.trust.CdkStacks;
import millrace.local.trust.LearntContext;
import millrace.local.trust.SnowflakeAccount;
import millrace.local.trust.TrustLoop;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.cloudformation.CloudFormationClient;

/** On MiniStack, with the writer in a Lambda host of ours. */
class CdkDeployIT extends CdkDeployment {
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final int lambdaPort = MiniStack.freePort();
  private @Nullable MiniStack miniStack;
  private @Nullable Process function;
  private int functions;
  private final List<String> said = new ArrayList<>();
  private List<String> deployed = List.of();
  private Map<String, String> functionEnvironment = Map.of();

  @BeforeAll
  void start() {
    miniStack =
        MiniStack.start(
            new MiniStackCommand(
                folder.resolve("ministack"),
                ACCOUNT,
                REGION,
                MiniStack.freePort(),
                Map.of(NAMES.writerFunction(), URI.create("http://127.0.0.1:" + lambdaPort + "/"))),
            folder.resolve("ministack.log"),
            PATIENCE);
  }

  @AfterAll
  void stop() {
    stopFunction();
    if (miniStack != null) {
      miniStack.close();
    }
  }

  @Override
  URI endpoint() {
    return java.util.Objects.requireNonNull(miniStack).endpoint();
  }

  /** As Lambda does, another environment is another process. */
  @Override
  void runFunction(Map<String, String> environment) throws IOException {
    if (function != null && environment.equals(functionEnvironment)) {
      return;
    }
    stopFunction();
    functionEnvironment = Map.copyOf(environment);
    Map<String, String> variables = new TreeMap<>(environment);
    variables.put("AWS_ENDPOINT_URL", endpoint().toString());
    variables.put("AWS_REGION", REGION);
    variables.put("AWS_ACCESS_KEY_ID", ACCOUNT);
    variables.put("AWS_SECRET_ACCESS_KEY", "emulator");
    variables.put("AWS_LAMBDA_FUNCTION_NAME", NAMES.writerFunction());
    var builder =
        new ProcessBuilder(
                JavaProcess.command(
                    Path.of(System.getProperty("java.home"), "bin", "java"),
                    384,
                    ClassArchive.NONE,
                    "millrace.local.lambda.LambdaHostMain",
                    List.of(
                        "--port", Integer.toString(lambdaPort), "--handler", Names.WRITER_HANDLER)))
            .directory(folder.toFile())
            .redirectErrorStream(true);
    builder.environment().keySet().removeIf(name -> name.startsWith("AWS_"));
    builder.environment().putAll(variables);
    Path log = folder.resolve("function-" + ++functions + ".log");
    function = builder.redirectOutput(log.toFile()).start();
    awaitReady(function, log);
  }

  /** A message that meets no function is hidden for as long as a real one may take. */
  private static void awaitReady(Process function, Path log) throws IOException {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (!Files.readString(log).replace(" ", "").contains("\"ready\":true")) {
      if (!function.isAlive() || System.nanoTime() > end) {
        throw new AssertionError("the function does not start: " + Files.readString(log));
      }
      LockSupport.parkNanos(20_000_000);
    }
  }

  /** What the loop learnt of the warehouse is all that any synthesis here knows of it. */
  @Override
  void prepare(Path own, ObjectNode environment) throws IOException {
    environment.remove("snowflake");
    Path learnt = folder.resolve(LearntContext.FILE);
    if (Files.exists(learnt)) {
      Files.copy(learnt, own.resolve(LearntContext.FILE), StandardCopyOption.REPLACE_EXISTING);
    }
  }

  /**
   * The steps of {@code ./millrace deploy} between two empty sides, with the CDK command line, the
   * app of the stacks, the program of the migrations and their servers; only the stacks that
   * MiniStack knows. The test of the plain deployment, which comes next, has what was learnt.
   */
  @Test
  @Order(0)
  void deploy_brings_up_both_sides_and_a_second_run_changes_nothing() throws Exception {
    bootstrap("empty");
    Checkout checkout = Checkout.find(System.getenv(), LocalTools.root());
    Path log = folder.resolve("warehouse.log");
    var builder =
        new ProcessBuilder(
                checkout.python().toString(),
                "-u",
                "-m",
                "warehouse",
                "serve",
                "--db",
                folder.resolve("warehouse").toString())
            .directory(checkout.home().resolve("local").toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile());
    Process warehouse = builder.start();
    try (var cloudFormation = clients().of(CloudFormationClient.builder())) {
      awaitReady(warehouse, log);
      Matcher port = Pattern.compile("\"port\": ?(\\d+)").matcher(Files.readString(log));
      assertThat(port.find()).isTrue();
      var program =
          SnowflakeProgram.onPort(
              checkout,
              Integer.parseInt(port.group(1)),
              MigrationVariables.of(
                  ENVIRONMENT,
                  ACCOUNT,
                  NAMES.bucket(ACCOUNT, REGION),
                  "arn:aws:sns:" + REGION + ":" + ACCOUNT + ":" + NAMES.fileTopic(),
                  "parquet"));
      Path learnt = folder.resolve(LearntContext.FILE);
      Path own = folder.resolve("deploy");

      assertThat(loop(checkout, program, own, cloudFormation).run(true)).isTrue();
      assertThat(said.removeFirst()).startsWith("integrations: to do: there is no storage");
      assertThat(said).hasSize(4).allMatch(sentence -> sentence.contains(": later: "));
      assertThat(learnt).doesNotExist();
      assertThat(own).as("nothing to synthesize yet").doesNotExist();

      said.clear();
      assertThat(loop(checkout, program, own, cloudFormation).run(false))
          .as(said.toString())
          .isTrue();
      assertThat(said.stream().map(sentence -> sentence.split(": ", 3)[1]))
          .containsExactly(
              "to do", "done", "to do", "done", "to do", "done", "to do", "done", "done");
      assertThat(said.getLast()).isEqualTo("check: done: Snowflake is as the code says");
      String written = Files.readString(learnt);
      assertThat(written)
          .contains(
              "arn:aws:iam::111111111111:user/snowflake",
              "\"millrace-staging\"",
              "\"standin_MILLRACE_STAGING_LOAD_ERRORS\"");
      List<String> stacks = updates(cloudFormation);

      said.clear();
      assertThat(loop(checkout, program, own, cloudFormation).run(false))
          .as(said.toString())
          .isTrue();
      assertThat(said).hasSize(5).allMatch(sentence -> sentence.contains(": done: "));
      assertThat(Files.readString(learnt)).isEqualTo(written);
      assertThat(updates(cloudFormation)).isEqualTo(stacks);
      deployed = stacks;
    } finally {
      warehouse.destroy();
    }
  }

  @Test
  @Order(2)
  void a_plain_deployment_behind_it_takes_nothing_away() {
    try (var cloudFormation = clients().of(CloudFormationClient.builder())) {
      assertThat(deployed).anyMatch(stack -> stack.startsWith(NAMES.warehouseStack()));
      assertThat(updates(cloudFormation)).isEqualTo(deployed);
    }
  }

  private TrustLoop loop(
      Checkout checkout, SnowflakeProgram program, Path own, CloudFormationClient cloudFormation) {
    var aws =
        new CdkStacks(
            checkout,
            NAMES,
            own.resolve("cdk.out"),
            new LearntContext(folder, NAMES),
            trust -> synthesizeIn(own),
            List.of(NAMES.dataStack(), NAMES.warehouseStack()),
            credentials(),
            cloudFormation);
    return new TrustLoop(new SnowflakeAccount(program), aws, program.variables(), said::add);
  }

  private void synthesizeIn(Path own) {
    try {
      assertThat(synthesize(own.getFileName().toString(), configured -> {}))
          .isEqualTo(own.resolve("cdk.out"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** When each stack was made and changed. */
  private static List<String> updates(CloudFormationClient cloudFormation) {
    return cloudFormation.describeStacks().stacks().stream()
        .map(
            stack -> stack.stackName() + " " + stack.creationTime() + " " + stack.lastUpdatedTime())
        .sorted()
        .toList();
  }

  /**
   * What MiniStack does not know is not deployed here, and this names it. When one of these passes,
   * add the stack to those that are deployed.
   */
  @Test
  @Order(3)
  void stacks_of_resources_that_MiniStack_does_not_know_are_refused_as_a_whole() {
    Map<String, String> unknown = new LinkedHashMap<>();
    unknown.put(
        NAMES.networkStack(),
        "AWS::EC2::FlowLog, AWS::EC2::SecurityGroupEgress, AWS::EC2::SecurityGroupIngress");
    unknown.put(NAMES.brokerStack(), "AWS::AmazonMQ::Broker");
    unknown.put(
        NAMES.consumerStack(),
        "AWS::ApplicationAutoScaling::ScalableTarget, AWS::ApplicationAutoScaling::ScalingPolicy");
    unknown.put(NAMES.observabilityStack(), "AWS::CloudTrail::Trail");
    unknown.forEach(
        (stack, types) -> {
          assertThatThrownBy(
                  () ->
                      new AssemblyDeployer(endpoint(), PATIENCE, sentence -> {})
                          .deploy(assembly(), stack, Map.of()))
              .as(stack)
              .isInstanceOf(DeployException.StackFailed.class)
              .hasMessageContaining("Unrecognized resource types: [" + types + "]");
          System.out.println(
              "not deployed, asserted on its template only: "
                  + stack
                  + " (MiniStack lacks "
                  + types
                  + ")");
        });
  }

  private void stopFunction() {
    if (function == null) {
      return;
    }
    function.destroy();
    try {
      function.waitFor();
    } catch (InterruptedException e) {
      function.destroyForcibly();
      Thread.currentThread().interrupt();
    }
    function = null;
  }
}

package millrace.local.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
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
import millrace.local.trust.SnowflakeAccount;
import millrace.local.trust.Trust;
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

  /**
   * The whole loop, as far as there is an AWS and a Snowflake here. The user that the stand-in
   * names is the one of the environment, so the stacks are found as they have to be.
   */
  @Test
  @Order(3)
  void the_trust_loop_finds_the_stacks_and_brings_an_empty_warehouse_to_them() throws IOException {
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
      List<Trust> told = new ArrayList<>();
      var aws =
          new CdkStacks(
              checkout,
              NAMES,
              assembly(),
              told::add,
              List.of(NAMES.dataStack(), NAMES.warehouseStack()),
              credentials(),
              cloudFormation);
      List<String> said = new ArrayList<>();
      var loop = new TrustLoop(new SnowflakeAccount(program), aws, program.variables(), said::add);
      assertThat(loop.run(true)).as(said.toString()).isTrue();
      assertThat(loop.run(false)).as(said.toString()).isTrue();
      assertThat(told)
          .contains(
              new Trust(
                  "arn:aws:iam::111111111111:user/snowflake",
                  "millrace-staging",
                  "arn:aws:iam::111111111111:user/snowflake"));
      assertThat(said)
          .contains(
              "role trust and topic policy: done: the stacks are deployed as they are written",
              "check: done: Snowflake is as the code says");
    } finally {
      warehouse.destroy();
    }
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

package millrace.local.deploy;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;
import millrace.core.names.Names;
import millrace.local.aws.MiniStack;
import millrace.local.aws.MiniStackCommand;
import millrace.local.process.ClassArchive;
import millrace.local.process.JavaProcess;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

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
    while (!Files.readString(log).contains("\"ready\":true")) {
      if (!function.isAlive() || System.nanoTime() > end) {
        throw new AssertionError("the function does not start: " + Files.readString(log));
      }
      LockSupport.parkNanos(20_000_000);
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

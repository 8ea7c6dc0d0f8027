package millrace.local.deploy;

import java.net.URI;
import java.util.Map;
import java.util.Objects;
import millrace.aws.Emulator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.parallel.ResourceAccessMode;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;
import org.testcontainers.localstack.LocalStackContainer;

/** On LocalStack, which runs the writer's zip itself; skipped where no Docker engine answers. */
// the emulator's credentials
@ResourceLock(value = Resources.SYSTEM_PROPERTIES, mode = ResourceAccessMode.READ)
class CdkDeployLocalStackIT extends CdkDeployment {
  private @Nullable LocalStackContainer container;

  @BeforeAll
  void start() {
    Assumptions.assumeTrue(Emulator.dockerEngineAnswers(), "no Docker engine answers");
    container =
        new LocalStackContainer(Emulator.LOCALSTACK)
            // an x86 machine runs the function all the same
            .withEnv("LAMBDA_IGNORE_ARCHITECTURE", "1")
            .withServices(
                "cloudformation",
                "cloudwatch",
                "dynamodb",
                "ecr",
                "iam",
                "kms",
                "lambda",
                "logs",
                "s3",
                "secretsmanager",
                "sns",
                "sqs",
                "ssm",
                "sts");
    container.start();
  }

  @AfterAll
  void stop() {
    if (container != null) {
      container.stop();
    }
  }

  @Override
  URI endpoint() {
    return Objects.requireNonNull(container).getEndpoint();
  }

  @Override
  void runFunction(Map<String, String> environment) {
    // LocalStack does
  }
}

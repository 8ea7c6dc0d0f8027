package millrace.local.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AssemblyDeployerTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://cloudformation.eu-west-1.amazonaws.com",
        "http://127.0.0.1.example.com:4566",
        "http://localhost.example.com",
        "http://10.0.0.1:4566",
        "http://0.0.0.0:4566",
        "http://user@example.com",
        "mailto:localhost"
      })
  void an_endpoint_beyond_this_machine_is_refused(String endpoint) {
    assertThatThrownBy(() -> deployer(endpoint))
        .isInstanceOf(DeployException.RefusedEndpoint.class)
        .hasMessageContaining("use cdk deploy");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://127.0.0.1:4566",
        "http://127.1.2.3",
        "http://localhost:4566",
        "http://[::1]:4566"
      })
  void an_endpoint_of_this_machine_is_taken(String endpoint) {
    assertThat(deployer(endpoint)).isNotNull();
  }

  @Test
  void a_missing_output_names_those_that_are_there() {
    assertThatThrownBy(() -> new StackOutputs(java.util.Map.of("TopicArn", "t")).queueUrl())
        .hasMessageContaining("QueueUrl")
        .hasMessageContaining("[TopicArn]");
  }

  private static AssemblyDeployer deployer(String endpoint) {
    return new AssemblyDeployer(URI.create(endpoint), Duration.ofSeconds(1), sentence -> {});
  }
}

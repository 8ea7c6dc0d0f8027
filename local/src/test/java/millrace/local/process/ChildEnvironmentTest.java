package millrace.local.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ChildEnvironmentTest {
  @Test
  void aChildGetsNothingOfTheShellThatCouldMisleadIt() {
    Map<String, String> shell =
        new HashMap<>(
            Map.of(
                "PATH", "/bin", "AWS_PROFILE", "work", "SNOWFLAKE_HOST", "x", "HTTP_PROXY", "y"));

    ChildEnvironment.keepNeeded(shell);

    assertThat(shell).containsOnlyKeys("PATH");
  }
}

package millrace.local.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import millrace.core.failed.MillraceFailure.SetupFailure;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CheckoutTest {
  @TempDir Path folder;

  @Test
  void aCheckoutIsFoundByTheScriptsVariablesElseByWalkingUp() throws Exception {
    Files.createDirectories(folder.resolve("local/python"));
    Files.createFile(folder.resolve("local/python/requirements.in"));
    Path deep = Files.createDirectories(folder.resolve("some/where"));

    assertThat(Checkout.find(Map.of(), deep).home()).isEqualTo(folder);
    assertThat(Checkout.find(Map.of("MILLRACE_HOME", "/x"), deep).home()).isEqualTo(Path.of("/x"));
    assertThatThrownBy(() -> Checkout.find(Map.of(), Path.of("/")))
        .isInstanceOf(SetupFailure.class)
        .hasMessageContaining("not inside a checkout");
    assertThatThrownBy(() -> Checkout.find(Map.of(), deep).requirePython())
        .isInstanceOf(SetupFailure.class)
        .hasMessageContaining("./millrace prepare");
  }
}

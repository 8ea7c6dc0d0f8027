package millrace.local.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import millrace.core.failed.MillraceFailure.SetupFailure;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunSettingsTest {
  @TempDir Path folder;

  @Test
  void aStateThatWasMadeWithAnotherFormatIsRefusedWithWhatToDo() {
    try (StateFolder state = StateFolder.open(folder, "test")) {
      new RunSettings("dev", "parquet").agreeWith(state);
      new RunSettings("dev", "parquet").agreeWith(state);

      assertThatThrownBy(() -> new RunSettings("dev", "ndjson").agreeWith(state))
          .isInstanceOf(SetupFailure.class)
          .hasMessageContaining("format=parquet")
          .hasMessageContaining("./millrace reset");
      assertThat(RunSettings.environmentOf(state)).isEqualTo("dev");
    }
  }
}

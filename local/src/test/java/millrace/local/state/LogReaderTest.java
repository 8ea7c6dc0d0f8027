package millrace.local.state;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import millrace.core.failed.MillraceFailure.SetupFailure;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogReaderTest {
  @TempDir Path folder;

  @Test
  void aReaderOfLogsShowsTheEndThenTheNewsAndSurvivesANewBeginning() throws Exception {
    Path logs = Files.createDirectories(folder.resolve("logs"));
    Files.writeString(logs.resolve("one.log"), "a\nb\nc\n");
    Files.writeString(logs.resolve("two.log"), "x\n");
    LogReader reader = new LogReader(logs, Optional.empty());

    assertThat(reader.last(2)).containsExactly("one        b", "one        c", "two        x");
    Files.writeString(logs.resolve("one.log"), "a\nb\nc\nd\n");
    assertThat(reader.news()).containsExactly("one        d");
    Files.writeString(logs.resolve("one.log"), "e\n");
    assertThat(reader.news()).containsExactly("one        e");

    assertThatThrownBy(() -> new LogReader(logs, Optional.of("three")))
        .isInstanceOf(SetupFailure.class)
        .hasMessageContaining("no log of 'three'")
        .hasMessageContaining("only of one, two");
  }
}

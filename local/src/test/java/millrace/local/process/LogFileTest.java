package millrace.local.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogFileTest {
  @TempDir Path folder;

  @Test
  void aLogThatIsFullBeginsAnewAndKeepsTheOldOneOnce() throws Exception {
    Path log = folder.resolve("logs/one.log");
    try (LogFile file = new LogFile(log, 40)) {
      for (int i = 0; i < 12; i++) {
        file.line("line number " + i);
      }
      assertThat(file.lastLine()).isEqualTo("line number 11");
    }

    assertThat(Files.size(log)).isLessThanOrEqualTo(40);
    assertThat(Files.size(folder.resolve("logs/one.log.1"))).isLessThanOrEqualTo(40);
    try (var files = Files.list(folder.resolve("logs"))) {
      assertThat(files).hasSize(2);
    }
  }
}

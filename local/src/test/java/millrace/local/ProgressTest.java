package millrace.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class ProgressTest {
  @Test
  void progressLinesBeginWithTheSecondsSinceTheStart() {
    AtomicLong nanos = new AtomicLong(5_000_000_000L);
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    Progress progress =
        Progress.elapsed(new PrintStream(bytes, true, StandardCharsets.UTF_8), nanos::get);

    nanos.addAndGet(3_240_000_000L);
    progress.say("warehouse: migrations applied");

    assertThat(bytes.toString(StandardCharsets.UTF_8))
        .isEqualTo("[  3.2 s] warehouse: migrations applied" + System.lineSeparator());
  }
}

package millrace.core.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LogTest {
  private final List<String> lines = new ArrayList<>();
  private final Log log =
      new Log("receive", lines::add, () -> Instant.parse("2026-11-21T10:00:00Z"));

  @Test
  void a_log_line_is_one_line_whatever_is_in_it() {
    log.warn("with \"quotes\"\nand breaks", "queue", "q\u2028", "failures", 3);

    assertThat(lines)
        .containsExactly(
            "{\"time\":\"2026-11-21T10:00:00Z\",\"level\":\"warn\",\"step\":\"receive\","
                + "\"message\":\"with \\\"quotes\\\"\\nand breaks\",\"queue\":\"q\u2028\","
                + "\"failures\":3}");
  }

  @Test
  void what_is_not_known_is_left_out() {
    log.info("seen", Log.BATCH, "b", Log.TRACE, null);

    assertThat(lines.getFirst()).contains("\"batch\":\"b\"").doesNotContain("trace");
  }
}

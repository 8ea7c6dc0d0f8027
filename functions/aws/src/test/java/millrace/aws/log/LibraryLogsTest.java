package millrace.aws.log;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import millrace.core.log.Log;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;

class LibraryLogsTest {
  private final List<String> lines = new ArrayList<>();
  private final Logger library = logger();

  private Logger logger() {
    var log = new Log("write", lines::add, () -> Instant.parse("2026-11-21T10:00:00Z"));
    LibraryLogs.into(() -> log);
    return new LibraryLogs().getLoggerFactory().getLogger("org.apache.avro.Schema");
  }

  @Test
  void a_line_has_the_pattern_and_not_what_fills_it() {
    library.warn("Ignored the default {} of {}", "canary-mail", "canary-name");

    assertThat(lines)
        .singleElement()
        .asString()
        .contains("\"level\":\"warn\"", "Ignored the default {} of {}", "org.apache.avro.Schema")
        .doesNotContain("canary");
  }

  @Test
  void an_exception_is_named_by_class_and_place() {
    library.error("cannot write", new IllegalStateException("canary-mail"));

    assertThat(lines)
        .singleElement()
        .asString()
        .contains("\"level\":\"error\"", "java.lang.IllegalStateException at millrace.aws.log.")
        .doesNotContain("canary");
  }

  @Test
  void what_is_less_than_a_warning_is_not_told() {
    library.info("started");
    library.debug("detail");

    assertThat(lines).isEmpty();
  }
}

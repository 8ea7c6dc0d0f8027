package millrace.core.event;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TraceContextTest {
  private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
  private static final String HEADER = "00-" + TRACE + "-b7ad6b7169203331-01";

  @Test
  void a_trace_context_keeps_its_ids_and_flags() {
    assertThat(TraceContext.of(HEADER).orElseThrow().traceId()).isEqualTo(TRACE);
    assertThat(TraceContext.checked(HEADER)).isEqualTo(HEADER);
    assertThat(TraceContext.checked(HEADER.replaceFirst("01$", "00"))).endsWith("-00");
  }

  @Test
  void of_a_later_version_the_part_that_is_known_is_kept() {
    assertThat(TraceContext.checked(HEADER.replaceFirst("^00", "cc") + "-mail@example.com"))
        .isEqualTo(HEADER);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "jane@example.com",
        "00-00000000000000000000000000000000-b7ad6b7169203331-01",
        "00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01",
        "00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331",
        "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-mail@example.com",
        "ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
      })
  void what_is_no_trace_context_is_none(String text) {
    assertThat(TraceContext.of(text)).isEmpty();
    assertThat(TraceContext.checked(text)).isEmpty();
  }
}

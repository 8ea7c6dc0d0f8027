package millrace.core.batch;

import static org.assertj.core.api.Assertions.assertThat;

import millrace.core.names.Digests;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BatchBodyTest {
  @Test
  void an_inline_body_holds_the_frame() {
    byte[] frame = {0, 1, (byte) 0xff};

    String body = BatchBody.inline(frame);

    assertThat(body).isEqualTo("m1:AAH/").hasSize(BatchBody.inlineLength(3));
    assertThat(BatchBody.parse(body))
        .isInstanceOfSatisfying(
            BatchBody.Inline.class, inline -> assertThat(inline.frame()).isEqualTo(frame));
  }

  @Test
  void a_reference_names_key_and_digest() {
    String sha256 = Digests.sha256("frame");

    assertThat(BatchBody.parse(BatchBody.reference("batches/0193.mrb", sha256)))
        .isEqualTo(new BatchBody.Reference("batches/0193.mrb", sha256));
  }

  @ParameterizedTest
  @ValueSource(strings = {"m2:AAAA", "m1z:AAAA", "m12:"})
  void a_version_of_the_future_is_told_from_rubbish(String body) {
    assertThat(BatchBody.parse(body)).isInstanceOf(BatchBody.UnknownVersion.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "m1",
        "m1:***",
        "m1r:batches/x.mrb",
        "m1r:;sha256=00",
        "{\"Records\":[]}",
        "hello: world"
      })
  void rubbish_is_unreadable(String body) {
    assertThat(BatchBody.parse(body)).isInstanceOf(BatchBody.Unreadable.class);
  }
}

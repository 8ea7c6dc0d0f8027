package millrace.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.Map;
import millrace.core.failed.MillraceFailure.SetupFailure;
import org.junit.jupiter.api.Test;

class ImageRequestTest {
  private static final Path TAR = Path.of("default.tar");
  private static final String REPOSITORY =
      "111111111111.dkr.ecr.eu-west-1.amazonaws.com/millrace-consumer";
  private static final String BASE = "gcr.io/distroless/java25-debian13@sha256:" + "ab".repeat(32);

  @Test
  void without_a_word_it_is_the_tar_of_the_build() {
    assertThat(ImageRequest.of(Map.of(), TAR)).isEqualTo(new ImageRequest.Tar(TAR));
    assertThat(ImageRequest.of(Map.of("out", "/x.tar"), TAR))
        .isEqualTo(new ImageRequest.Tar(Path.of("/x.tar")));
  }

  @Test
  void a_push_is_for_the_architecture_of_the_service() {
    var push = (ImageRequest.Push) ImageRequest.of(Map.of("push", REPOSITORY, "base", BASE), TAR);

    assertThat(push.architecture()).isEqualTo("arm64");
    assertThat(push.base().getDigest()).contains("sha256:" + "ab".repeat(32));
    assertThat(push.repository().getRegistry())
        .isEqualTo("111111111111.dkr.ecr.eu-west-1.amazonaws.com");
  }

  @Test
  void a_base_without_a_digest_is_refused() {
    refuses(Map.of("push", REPOSITORY, "base", "gcr.io/distroless/java25-debian13:nonroot"))
        .contains("has no digest: write IMAGE@sha256:DIGEST");
  }

  @Test
  void a_push_without_a_base_says_what_a_base_is() {
    refuses(Map.of("push", REPOSITORY)).contains("--push needs --base IMAGE@sha256:DIGEST");
  }

  @Test
  void a_repository_with_a_tag_or_a_digest_is_refused() {
    refuses(Map.of("push", REPOSITORY + ":1", "base", BASE)).contains("name the repository alone");
    refuses(Map.of("push", REPOSITORY + "@sha256:" + "ab".repeat(32), "base", BASE))
        .contains("name the repository alone");
  }

  @Test
  void all_problems_come_at_once() {
    refuses(Map.of("push", "not an image", "base", "UPPER CASE", "arch", "mips", "tag", "a b"))
        .contains("--push not an image is not the name of an image")
        .contains("--base UPPER CASE is not the name of an image")
        .contains("--arch mips: use arm64 or amd64")
        .contains("--tag a b cannot be a tag");
  }

  @Test
  void what_a_push_needs_is_refused_without_one() {
    refuses(Map.of("base", BASE, "tag", "x")).isEqualTo("--base needs --push; --tag needs --push");
  }

  private static org.assertj.core.api.AbstractStringAssert<?> refuses(Map<String, String> wanted) {
    var failure = new StringBuilder();
    assertThatThrownBy(() -> ImageRequest.of(wanted, TAR))
        .isInstanceOf(SetupFailure.class)
        .satisfies(thrown -> failure.append(thrown.getMessage()));
    return assertThat(failure.toString());
  }
}

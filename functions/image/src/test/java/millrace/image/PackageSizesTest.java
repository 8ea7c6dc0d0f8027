package millrace.image;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class PackageSizesTest {
  private static final PackageSizes SIZES =
      PackageSizes.read(
          List.of("# comment", "zip\t1000\t0\t", "jars\t1000\t2000\ta codec", "odd\t1000\t2000\t"));

  @Test
  void growth_within_the_share_is_no_problem() {
    assertThat(problems("zip", 1030)).isEmpty();
    assertThat(problems("zip", 10)).isEmpty();
  }

  @Test
  void growth_beyond_the_share_is_a_problem_that_names_both_sizes() {
    assertThat(problems("zip", 1031))
        .singleElement()
        .asString()
        .startsWith("zip has 1031 bytes, more than 1030");
  }

  @Test
  void growth_that_was_explained_is_allowed_up_to_what_was_said() {
    assertThat(problems("jars", 2060)).isEmpty();
    assertThat(problems("jars", 2061)).hasSize(1);
  }

  @Test
  void an_allowance_needs_a_reason_and_a_package_a_line() {
    assertThat(problems("odd", 1)).containsExactly("odd has an allowance without a reason");
    assertThat(problems("new", 1)).containsExactly("new is not in the file");
  }

  @Test
  void the_table_says_how_much_has_been_gained() {
    assertThat(SIZES.table(List.of(new PackageSizes.Size("zip", 1100)))).contains("+10.0%");
  }

  private static List<String> problems(String name, long bytes) {
    return SIZES.problems(List.of(new PackageSizes.Size(name, bytes)));
  }
}

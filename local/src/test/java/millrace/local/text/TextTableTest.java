package millrace.local.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class TextTableTest {
  @Test
  void columnsAreAsWideAsTheirWidestCellAndNumbersStandToTheRight() {
    assertThat(
            new TextTable("step", "events", "of")
                .right(1)
                .row("write", "7", "files")
                .row("load", "12,345", "")
                .render("  "))
        .isEqualTo(
            """
              step   events  of
              write       7  files
              load   12,345
            """);
  }

  @Test
  void aRuleStandsUnderTheNames() {
    assertThat(
            new TextTable("id", "reason")
                .ruled()
                .rows(List.of(List.of("a", "no"), List.of("b", "")))
                .render(""))
        .isEqualTo(
            """
            id  reason
            --  ------
            a   no
            b
            """);
  }

  @Test
  void aTableWithoutNamesHasNoLineOfThem() {
    assertThat(new TextTable("", "").row("a", "b").render("")).isEqualTo("a  b\n");
  }

  @Test
  void lettersOutsideOfTheBasicPlaneAreOneWide() {
    assertThat(new TextTable("", "").row("🂡", "ace").row("ab", "two").render(""))
        .isEqualTo("🂡   ace\nab  two\n");
  }

  @Test
  void aLongCellIsCutAndAlwaysOneLine() {
    assertThat(TextTable.fit("a\n  b")).isEqualTo("a b");
    assertThat(TextTable.fit("x".repeat(34))).hasSize(34);
    assertThat(TextTable.fit("x".repeat(35))).isEqualTo("x".repeat(33) + "…");
    assertThat(TextTable.fit("🂡".repeat(35))).isEqualTo("🂡".repeat(33) + "…");
  }
}

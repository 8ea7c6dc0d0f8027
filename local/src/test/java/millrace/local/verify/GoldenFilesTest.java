package millrace.local.verify;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;
import millrace.core.contract.Contract;
import millrace.core.contract.ContractSet;
import millrace.core.file.FileFormat;
import millrace.core.file.ObjectKeys;
import org.junit.jupiter.api.Test;

class GoldenFilesTest {
  private final ContractSet contracts = ContractSet.builtIn();
  private final List<GoldenFile> files = GoldenFiles.of(contracts, "one");

  @Test
  void there_is_a_file_of_every_type_in_every_format() {
    assertThat(files).hasSize(contracts.contracts().size() * FileFormat.values().length);
    assertThat(files.stream().map(GoldenFile::type).collect(Collectors.toSet()))
        .isEqualTo(contracts.contracts().stream().map(Contract::type).collect(Collectors.toSet()));
  }

  @Test
  void no_pipe_of_a_raw_table_takes_one_and_each_key_is_of_its_own_and_says_its_rows() {
    assertThat(files)
        .extracting(GoldenFile::key)
        .doesNotHaveDuplicates()
        .allSatisfy(
            key -> {
              assertThat(key).startsWith("events/verify/run=one/").matches("[A-Za-z0-9/_.=-]+");
              assertThat(ObjectKeys.rows(key)).hasValue(3);
            });
    assertThat(GoldenFiles.of(contracts, "two"))
        .extracting(GoldenFile::key)
        .doesNotContainAnyElementsOf(files.stream().map(GoldenFile::key).toList());
  }

  @Test
  void the_expected_rows_have_ordinary_values_the_ends_of_ranges_and_nothing() {
    for (GoldenFile file : files) {
      List<String> lines = new String(file.expected(), StandardCharsets.UTF_8).lines().toList();
      assertThat(lines).hasSize(3);
      assertThat(lines.get(0)).contains("2026-11-21T10:11:12.123456Z");
      assertThat(lines.get(1)).contains("1969-12-31T23:59:59.999999Z");
      assertThat(lines.get(2)).contains("null");
    }
  }
}

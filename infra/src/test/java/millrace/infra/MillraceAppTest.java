package millrace.infra;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import millrace.infra.config.ConfigurationException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MillraceAppTest {
  @Test
  void arguments_override_the_context_as_they_do_for_cdk() {
    assertThat(MillraceApp.overrides(List.of("-c", "env=prod", "-c", "writerCode=a=b.zip")))
        .isEqualTo(Map.of("env", "prod", "writerCode", "a=b.zip"));
    assertThatThrownBy(() -> MillraceApp.overrides(List.of("--env", "prod")))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("-c key=value");
  }

  @Test
  void a_cdk_json_that_is_not_json_or_not_there_is_a_sentence(@TempDir Path folder)
      throws IOException {
    Path broken = Files.writeString(folder.resolve("cdk.json"), "{\"context\": ");
    assertThatThrownBy(() -> MillraceApp.contextOf(broken))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("cdk.json is not JSON");
    assertThatThrownBy(() -> MillraceApp.contextOf(folder.resolve("nowhere.json")))
        .hasMessageContaining("it cannot be read");
  }

  @Test
  void what_was_learnt_of_Snowflake_stands_beside_cdk_json_and_before_what_it_says(
      @TempDir Path folder) throws IOException {
    Path cdkJson = Files.copy(SynthesizedApp.cdkJson(), folder.resolve("cdk.json"));
    assertThat(MillraceApp.handedOver(cdkJson)).isEqualTo(MillraceApp.contextOf(cdkJson));
    String learnt =
        """
        {"iamUserArn": "arn:aws:iam::333333333333:user/takes", "externalId": "millrace-prod",
         "loadErrors": {"iamUserArn": "arn:aws:iam::333333333333:user/tells", "externalId": "x1"}}
        """;
    Files.writeString(
        folder.resolve("cdk.context.json"), "{\"millrace:snowflake:prod\": " + learnt + "}");
    Map<String, Object> context = MillraceApp.handedOver(cdkJson);
    assertThat(context).containsAllEntriesOf(MillraceApp.contextOf(cdkJson));
    for (Map<String, Object> given :
        List.of(context, Map.<String, Object>of("millrace:snowflake:prod", learnt))) {
      var prod = new HashMap<>(given);
      prod.put("env", "prod");
      String warehouse = SynthesizedApp.of(prod).stack("warehouse").template().toString();
      assertThat(warehouse).contains("user/takes", "user/tells").doesNotContain("user/snowflake");
    }
    assertThat(
            SynthesizedApp.of(Map.of("env", "staging", "millrace:snowflake:prod", learnt))
                .stack("warehouse")
                .template()
                .toString())
        .as("another environment's")
        .contains("user/snowflake")
        .doesNotContain("user/takes");
    assertThatThrownBy(() -> SynthesizedApp.of(Map.of("millrace:snowflake:dev", "{")))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("millrace:snowflake:dev is not JSON");
  }

  @Test
  void what_both_files_say_is_as_cdk_json_says_as_it_is_for_cdk(@TempDir Path folder)
      throws IOException {
    Path cdkJson = Files.writeString(folder.resolve("cdk.json"), "{\"context\": {\"a\": \"1\"}}");
    Files.writeString(folder.resolve("cdk.context.json"), "{\"a\": \"2\", \"b\": \"3\"}");
    assertThat(MillraceApp.handedOver(cdkJson)).isEqualTo(Map.of("a", "1", "b", "3"));
  }

  @Test
  void assets_of_an_earlier_synthesis_are_deleted_and_nothing_else(@TempDir Path folder)
      throws IOException {
    Files.writeString(folder.resolve("asset.0a.zip"), "old");
    Files.writeString(folder.resolve("manifest.json"), "{}");
    MillraceApp.deleteAssets(folder);
    MillraceApp.deleteAssets(folder.resolve("nowhere"));
    try (Stream<Path> left = Files.list(folder)) {
      assertThat(left).containsExactly(folder.resolve("manifest.json"));
    }
  }

  @Test
  void names_are_all_that_infrastructure_takes_from_the_core() throws IOException {
    try (Stream<Path> sources = Files.walk(Path.of("src/main/java"))) {
      for (Path source : sources.filter(file -> file.toString().endsWith(".java")).toList()) {
        assertThat(Files.readAllLines(source))
            .as(source.toString())
            .noneMatch(line -> line.matches("import (static )?millrace\\.core\\.(?!names\\.).*"));
      }
    }
  }

  /** The environments of the repository's own configuration. */
  static JsonNode environments() {
    try {
      return SynthesizedApp.JSON
          .readTree(SynthesizedApp.cdkJson().toFile())
          .at("/context/environments");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

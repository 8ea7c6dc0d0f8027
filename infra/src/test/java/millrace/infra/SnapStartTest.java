package millrace.infra;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The switch {@code writer.snapStart}: what it adds, and that nothing of it is there without. */
class SnapStartTest {
  @Test
  void off_the_queue_feeds_the_function_itself_and_no_version_is_published() {
    SynthesizedStack data = SynthesizedApp.of("dev").stack("data");
    JsonNode function = data.one("AWS::Lambda::Function", "Writer");

    assertThat(function.has("SnapStart")).isFalse();
    assertThat(data.resources("AWS::Lambda::Version")).isEmpty();
    assertThat(data.resources("AWS::Lambda::Alias")).isEmpty();
    assertThat(data.only("AWS::Lambda::EventSourceMapping").at("/FunctionName/Ref").asText())
        .isEqualTo(data.resources("AWS::Lambda::Function").keySet().iterator().next());
  }

  @Test
  void on_a_version_is_published_from_a_snapshot_and_the_queue_feeds_its_alias()
      throws IOException {
    SynthesizedStack data = SynthesizedApp.of(withSnapStart()).stack("data");

    assertThat(data.one("AWS::Lambda::Function", "Writer").at("/SnapStart/ApplyOn").asText())
        .isEqualTo("PublishedVersions");
    Map<String, JsonNode> versions = data.resources("AWS::Lambda::Version");
    assertThat(versions).hasSize(1);
    String alias = data.resources("AWS::Lambda::Alias").keySet().iterator().next();
    assertThat(data.only("AWS::Lambda::Alias").at("/Name").asText()).isEqualTo("live");
    assertThat(data.only("AWS::Lambda::Alias").at("/FunctionVersion/Fn::GetAtt/0").asText())
        .isEqualTo(versions.keySet().iterator().next());
    assertThat(data.only("AWS::Lambda::EventSourceMapping").at("/FunctionName").toString())
        .contains("\"Ref\":\"" + alias + "\"");
    assertThat(TemplateRules.violations(data.template())).isEmpty();
  }

  private static Map<String, Object> withSnapStart() throws IOException {
    JsonNode environments =
        SynthesizedApp.JSON
            .readTree(Files.readString(Path.of("..", "cdk.json")))
            .at("/context/environments");
    ((com.fasterxml.jackson.databind.node.ObjectNode) environments.at("/dev/writer"))
        .put("snapStart", true);
    return new LinkedHashMap<>(
        Map.of(
            "env",
            "dev",
            "environments",
            SynthesizedApp.JSON.convertValue(environments, Map.class)));
  }
}

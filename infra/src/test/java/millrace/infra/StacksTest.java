package millrace.infra;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What holds for all stacks of every environment. */
class StacksTest {
  private static final Path APPROVED = Path.of("src/test/resources/approved");

  @ParameterizedTest
  @ValueSource(strings = {"dev", "staging", "prod"})
  void no_resource_is_bare(String environment) {
    SynthesizedApp.of(environment)
        .templates()
        .forEach(
            (name, template) -> assertThat(TemplateRules.violations(template)).as(name).isEmpty());
  }

  /** Shows every change of a template in review; approve them with {@code -Dmillrace.approve}. */
  @ParameterizedTest
  @ValueSource(strings = {"dev", "staging", "prod"})
  void the_templates_are_the_approved_ones(String environment) throws IOException {
    Map<String, JsonNode> templates = SynthesizedApp.of(environment).templates();
    if (System.getProperty("millrace.approve") != null) {
      for (Path old : approved(environment)) {
        Files.delete(old);
      }
      for (Map.Entry<String, JsonNode> template : templates.entrySet()) {
        Files.writeString(file(template.getKey()), text(template.getValue()));
      }
    }
    assertThat(approved(environment))
        .containsExactlyInAnyOrderElementsOf(
            templates.keySet().stream().map(StacksTest::file).toList());
    for (Map.Entry<String, JsonNode> template : templates.entrySet()) {
      assertThat(text(template.getValue()))
          .as(
              "approve with ./mvnw -pl infra -am test -Dtest=StacksTest"
                  + " -Dsurefire.failIfNoSpecifiedTests=false -Dmillrace.approve")
          .isEqualTo(Files.readString(file(template.getKey())));
    }
  }

  @Test
  void two_syntheses_are_equal_file_by_file() throws IOException {
    assertThat(files(SynthesizedApp.again("staging").folder()))
        .isEqualTo(files(SynthesizedApp.of("staging").folder()));
  }

  @Test
  void stacks_without_their_configuration_are_not_made() {
    assertThat(SynthesizedApp.of("dev").templates().keySet())
        .containsExactly(
            "millrace-dev-network",
            "millrace-dev-broker",
            "millrace-dev-data",
            "millrace-dev-consumer",
            "millrace-dev-observability");
    Map<String, Object> least = Map.of("account", "222222222222", "region", "eu-central-1");
    assertThat(SynthesizedApp.of(Map.of("environments", Map.of("dev", least))).templates().keySet())
        .containsExactly(
            "millrace-dev-network",
            "millrace-dev-broker",
            "millrace-dev-data",
            "millrace-dev-observability");
  }

  @Test
  void a_broker_that_is_there_is_reached_at_its_address_and_no_other_is_made() {
    Map<String, Object> environment =
        Map.of(
            "account",
            "222222222222",
            "region",
            "eu-central-1",
            "broker",
            Map.of(
                "existing",
                Map.of(
                    "url", "amqps://rabbit.example.com:5673/events",
                    "secretArn",
                        "arn:aws:secretsmanager:eu-central-1:222222222222:secret:rabbit-AbCdEf",
                    "cidr", "192.168.4.0/24")),
            "consumer",
            Map.of(
                "image",
                "registry.example.com/consumer@sha256:" + "ab".repeat(32),
                "sources",
                List.of("orders")));
    SynthesizedApp app = SynthesizedApp.of(Map.of("environments", Map.of("dev", environment)));
    assertThat(app.templates().keySet())
        .containsExactly(
            "millrace-dev-network",
            "millrace-dev-data",
            "millrace-dev-consumer",
            "millrace-dev-observability");
    assertThat(app.stack("consumer").only("AWS::ECS::TaskDefinition").toString())
        .contains("amqps://rabbit.example.com:5673/events", "secret:rabbit-AbCdEf");
    assertThat(app.stack("network").one("AWS::EC2::SecurityGroup", "Consumer").toString())
        .contains("\"CidrIp\":\"192.168.4.0/24\"", "\"FromPort\":5673");
    assertThat(app.stack("observability").template().toString()).doesNotContain("broker-memory");
    app.templates()
        .forEach((name, template) -> assertThat(TemplateRules.violations(template)).isEmpty());
  }

  @Test
  void what_holds_data_is_protected_where_the_environment_retains_it() throws IOException {
    JsonNode manifest =
        SynthesizedApp.JSON.readTree(
            SynthesizedApp.of("prod").folder().resolve("manifest.json").toFile());
    for (String stack : SynthesizedApp.of("prod").templates().keySet()) {
      assertThat(
              manifest.at("/artifacts/" + stack + "/properties/terminationProtection").asBoolean())
          .as(stack)
          .isTrue();
    }
  }

  @Test
  void no_synthesis_asks_an_account_for_anything() throws IOException {
    for (String environment : List.of("dev", "staging", "prod")) {
      JsonNode manifest =
          SynthesizedApp.JSON.readTree(
              SynthesizedApp.of(environment).folder().resolve("manifest.json").toFile());
      assertThat(manifest.path("missing")).as(environment).isEmpty();
    }
  }

  private static Path file(String stack) {
    return APPROVED.resolve(stack + ".template.json");
  }

  private static List<Path> approved(String environment) throws IOException {
    List<Path> found = new ArrayList<>();
    try (var files =
        Files.newDirectoryStream(APPROVED, "millrace-" + environment + "-*.template.json")) {
      files.forEach(found::add);
    }
    return found;
  }

  private static String text(JsonNode template) throws IOException {
    return SynthesizedApp.JSON
            .writeValueAsString(template)
            .replaceAll("[0-9a-f]{64}\\.zip", "<asset>.zip")
        + "\n";
  }

  private static Map<String, String> files(Path folder) throws IOException {
    Map<String, String> contents = new TreeMap<>();
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        contents.put(
            folder.relativize(file).toString(),
            Files.readString(file, StandardCharsets.ISO_8859_1));
      }
    }
    return contents;
  }
}

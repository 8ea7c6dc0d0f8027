package millrace.infra;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import millrace.infra.construct.AuditTrail;
import millrace.infra.construct.RefusedLogIns;
import org.junit.jupiter.api.Test;

/** Who is refused at a door is written down and counted, whichever door it is. */
class AuditTest {
  private static final SynthesizedApp app = SynthesizedApp.of("staging");
  private static final SynthesizedStack observability = app.stack("observability");

  /** Doors whose calls CloudTrail writes down only where it is told to, by the kind of resource. */
  private static final Map<String, String> DATA_EVENTS =
      Map.of(
          "AWS::S3::Bucket", "AWS::S3::Object",
          "AWS::SQS::Queue", "AWS::SQS::Queue",
          "AWS::SNS::Topic", "AWS::SNS::Topic",
          "AWS::Lambda::Function", "AWS::Lambda::Function",
          "AWS::DynamoDB::Table", "AWS::DynamoDB::Table");

  @Test
  void every_door_of_data_and_warehouse_is_watched() {
    JsonNode selectors =
        observability.only("AWS::CloudTrail::Trail").path("AdvancedEventSelectors");
    Map<String, String> names =
        Map.of(
            "AWS::S3::Bucket", "BucketName",
            "AWS::SQS::Queue", "QueueName",
            "AWS::SNS::Topic", "TopicName",
            "AWS::Lambda::Function", "FunctionName",
            "AWS::DynamoDB::Table", "TableName");
    DATA_EVENTS.forEach(
        (type, kind) -> {
          List<String> watched = selected(selectors, kind);
          Map<String, JsonNode> doors = new TreeMap<>(app.stack("data").resources(type));
          doors.putAll(app.stack("warehouse").resources(type));
          doors.forEach(
              (id, resource) -> {
                String name = resource.at("/Properties/" + names.get(type)).asText();
                assertThat(name).as(id).isNotEmpty();
                assertThat(watched)
                    .as(id)
                    .anyMatch(each -> name.startsWith(each) || each.equals(name + "/"));
              });
        });
  }

  @Test
  void no_call_is_left_out_not_even_those_of_keys() {
    JsonNode trail = observability.only("AWS::CloudTrail::Trail");
    assertThat(selected(trail.path("AdvancedEventSelectors"), "Management")).isEmpty();
    assertThat(trail.toString()).doesNotContain("NotEquals", "readOnly", "ExcludeManagement");
    assertThat(trail.path("IsMultiRegionTrail").asBoolean()).isTrue();
    assertThat(trail.path("EnableLogFileValidation").asBoolean()).isTrue();
  }

  @Test
  void each_service_s_word_for_declined_is_counted_and_a_call_that_went_well_is_not()
      throws JsonProcessingException {
    for (String code :
        List.of(
            "AccessDenied",
            "AccessDeniedException",
            "Client.UnauthorizedOperation",
            "AuthorizationError",
            "AuthorizationErrorException",
            "RequestForbiddenException")) {
      assertThat(counted("{'eventName': 'Any', 'errorCode': '" + code + "'}")).as(code).isTrue();
    }
    assertThat(
            counted(
                "{'eventName': 'ConsoleLogin', 'responseElements': {'ConsoleLogin': 'Failure'}}"))
        .isTrue();
    assertThat(
            counted(
                "{'eventName': 'ConsoleLogin', 'responseElements': {'ConsoleLogin': 'Success'}}"))
        .isFalse();
    assertThat(counted("{'eventName': 'PutObject'}")).isFalse();
    assertThat(counted("{'eventName': 'GetObject', 'errorCode': 'NoSuchKey'}")).isFalse();
  }

  @Test
  void log_ins_that_the_broker_refuses_are_counted_once_it_has_a_log() {
    JsonNode filter = observability.one("AWS::Logs::MetricFilter", "LogIns");
    assertThat(filter.path("FilterPattern").asText()).isEqualTo(RefusedLogIns.REFUSED);
    assertThat(filter.at("/LogGroupName/Fn::Join/1/0").asText()).isEqualTo("/aws/amazonmq/broker/");
    assertThat(filter.at("/LogGroupName/Fn::Join/1/2").asText()).isEqualTo("/connection");
    Map<String, Object> first = Map.of("account", "222222222222", "region", "eu-central-1");
    assertThat(
            SynthesizedApp.of(Map.of("environments", Map.of("dev", first)))
                .stack("observability")
                .template()
                .toString())
        .as("the first deployment has no consumer, and the log may not be there yet")
        .doesNotContain("/aws/amazonmq/broker/");
  }

  /** Lines as RabbitMQ writes them. */
  @Test
  void a_refusal_of_the_broker_is_counted_and_its_other_lines_are_not() {
    assertThat(
            List.of(
                "[error] <0.680.0> PLAIN login refused: user 'guest' - invalid credentials",
                "[error] <0.9.0> access to vhost 'shop' refused for user 'shop'"))
        .allMatch(AuditTest::refused);
    assertThat(
            List.of(
                "[info] <0.685.0> accepting AMQP connection <0.685.0> (127.0.0.1:1 -> 127.0.0.1:2)",
                "[info] <0.685.0> closing AMQP connection <0.685.0> (user: 'guest')"))
        .noneMatch(AuditTest::refused);
  }

  @Test
  void two_environments_of_one_account_are_counted_apart() {
    assertThat(metricNames("dev")).isNotEmpty().doesNotContainAnyElementsOf(metricNames("prod"));
  }

  @Test
  void the_document_names_every_door() throws IOException {
    String document = Files.readString(Path.of("../docs/audit.md"));
    for (String door :
        List.of("broker", "bucket", "queue", "topic", "writer", "table", "KMS", "secrets")) {
      assertThat(document).contains(door);
    }
    assertThat(document).contains("refused-log-ins", "declined-calls", "LOGIN_HISTORY");
  }

  /** CloudWatch's filter of text, as far as ours goes: any of the quoted words, as they stand. */
  private static boolean refused(String line) {
    return Pattern.compile("\\?\"([^\"]+)\"")
        .matcher(RefusedLogIns.REFUSED)
        .results()
        .anyMatch(words -> line.contains(words.group(1)));
  }

  private static TreeSet<String> metricNames(String environment) {
    var names = new TreeSet<String>();
    SynthesizedApp.of(environment)
        .stack("observability")
        .resources("AWS::Logs::MetricFilter")
        .values()
        .forEach(filter -> names.addAll(filter.findValuesAsText("MetricName")));
    return names;
  }

  /** What the ARNs of one kind begin with, the part after the last colon or slash. */
  /** What names begin with that are watched; empty where nothing bounds them. */
  private static List<String> selected(JsonNode selectors, String kind) {
    for (JsonNode selector : selectors) {
      List<String> begins = new ArrayList<>();
      boolean found = false;
      for (JsonNode field : selector.path("FieldSelectors")) {
        found |= field.path("Equals").toString().contains("\"" + kind + "\"");
        field.path("StartsWith").forEach(arn -> begins.add(text(arn)));
      }
      if (found) {
        return begins.stream()
            .map(arn -> arn.replaceFirst(".*:(table/|function:)?([^:/]+/?)$", "$2"))
            .toList();
      }
    }
    throw new AssertionError("nothing selects " + kind);
  }

  private static String text(JsonNode value) {
    if (value.isTextual()) {
      return value.asText();
    }
    var joined = new StringBuilder();
    value.at("/Fn::Join/1").forEach(part -> joined.append(part.isTextual() ? part.asText() : "*"));
    return joined.toString();
  }

  /**
   * CloudWatch's filter of JSON, as far as ours goes: terms of == with stars, joined by && or ||.
   */
  private static boolean counted(String event) throws JsonProcessingException {
    JsonNode json = SynthesizedApp.JSON.readTree(event.replace('\'', '"'));
    String pattern = AuditTrail.DECLINED.strip();
    assertThat(pattern).startsWith("{ ").endsWith(" }");
    return Pattern.compile("\\|\\|")
        .splitAsStream(pattern.substring(2, pattern.length() - 2))
        .map(String::strip)
        .anyMatch(
            alternative ->
                Pattern.compile("&&")
                    .splitAsStream(alternative.substring(1, alternative.length() - 1))
                    .allMatch(term -> holds(term.strip(), json)));
  }

  private static boolean holds(String term, JsonNode event) {
    Matcher parts = Pattern.compile("\\$\\.(\\S+) = \"([^\"]*)\"").matcher(term);
    assertThat(parts.matches()).as(term).isTrue();
    JsonNode value = event.at("/" + parts.group(1).replace('.', '/'));
    return value.isTextual()
        && value.asText().matches(Pattern.quote(parts.group(2)).replace("*", "\\E.*\\Q"));
  }
}

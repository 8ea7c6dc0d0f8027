package millrace.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The alarms of an assembly, read from its templates. */
final class AlarmTable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Pattern RUNBOOK = Pattern.compile("(.*) Runbook: (\\S+)");
  private static final Map<String, String> COMPARISONS =
      Map.of("GreaterThanThreshold", "above", "LessThanThreshold", "below");

  private AlarmTable() {}

  /**
   * One alarm.
   *
   * @param name in the account
   * @param watches namespace and name of the metric, or the expression over several
   * @param speaksWhen comparison, threshold, for how long, and what silence means
   * @param says what is wrong then
   * @param runbook path of the page that says what to do
   */
  record Alarm(String name, String watches, String speaksWhen, String says, String runbook) {}

  /** In the order of their names; empty when there is no template. */
  static List<Alarm> read(Path assembly) throws IOException {
    List<Alarm> alarms = new ArrayList<>();
    if (!Files.isDirectory(assembly)) {
      return alarms;
    }
    try (DirectoryStream<Path> templates = Files.newDirectoryStream(assembly, "*.template.json")) {
      for (Path template : templates) {
        for (JsonNode resource : JSON.readTree(template.toFile()).path("Resources")) {
          String description = resource.at("/Properties/AlarmDescription").asText();
          Matcher runbook = RUNBOOK.matcher(description);
          // Scaling policies make alarms too; those have no name and call nobody.
          if (resource.path("Type").asText().equals("AWS::CloudWatch::Alarm")
              && runbook.matches()) {
            alarms.add(alarm(resource.path("Properties"), runbook));
          }
        }
      }
    }
    alarms.sort(Comparator.comparing(Alarm::name));
    return alarms;
  }

  private static Alarm alarm(JsonNode properties, Matcher runbook) {
    String watches =
        properties.path("Namespace").asText() + " " + properties.path("MetricName").asText();
    int period = properties.path("Period").asInt();
    for (JsonNode metric : properties.path("Metrics")) {
      if (metric.has("Expression")) {
        watches = metric.path("Label").asText();
      } else {
        period = metric.at("/MetricStat/Period").asInt();
      }
    }
    String comparison = properties.path("ComparisonOperator").asText();
    String speaks =
        "%s %s for %s%s"
            .formatted(
                COMPARISONS.getOrDefault(comparison, comparison),
                properties.path("Threshold").asText(),
                time(period * properties.path("EvaluationPeriods").asInt()),
                properties.path("TreatMissingData").asText().equals("breaching")
                    ? ", or silent"
                    : "");
    return new Alarm(
        properties.path("AlarmName").asText(), watches, speaks, runbook.group(1), runbook.group(2));
  }

  private static String time(int seconds) {
    return seconds % 3_600 == 0 ? seconds / 3_600 + " h" : seconds / 60 + " min";
  }
}

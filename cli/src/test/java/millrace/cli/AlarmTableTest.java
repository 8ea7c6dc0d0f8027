package millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AlarmTableTest {
  @Test
  void alarmsThatCallSomebodyAreListedByNameAndThoseOfScalingAreNot(@TempDir Path assembly)
      throws IOException {
    Files.writeString(
        assembly.resolve("a.template.json"),
        """
        {"Resources": {
          "Slow": {"Type": "AWS::CloudWatch::Alarm", "Properties": {
            "AlarmName": "millrace-dev-slow", "AlarmDescription": "Too slow. Runbook: docs/runbooks/slow.md",
            "Namespace": "AWS/Lambda", "MetricName": "Duration", "Period": 300, "EvaluationPeriods": 3,
            "ComparisonOperator": "GreaterThanThreshold", "Threshold": 24000, "TreatMissingData": "notBreaching"}},
          "Account": {"Type": "AWS::CloudWatch::Alarm", "Properties": {
            "AlarmName": "millrace-dev-account", "AlarmDescription": "Less. Runbook: docs/runbooks/account.md",
            "Metrics": [{"Expression": "a - b", "Label": "missing"}, {"MetricStat": {"Period": 3600}}],
            "EvaluationPeriods": 2, "ComparisonOperator": "LessThanThreshold", "Threshold": 1,
            "TreatMissingData": "breaching"}},
          "Scaling": {"Type": "AWS::CloudWatch::Alarm", "Properties": {"AlarmDescription": "Upper threshold"}},
          "Queue": {"Type": "AWS::SQS::Queue"}}}
        """);

    assertThat(AlarmTable.read(assembly))
        .containsExactly(
            new AlarmTable.Alarm(
                "millrace-dev-account",
                "missing",
                "below 1 for 2 h, or silent",
                "Less.",
                "docs/runbooks/account.md"),
            new AlarmTable.Alarm(
                "millrace-dev-slow",
                "AWS/Lambda Duration",
                "above 24000 for 15 min",
                "Too slow.",
                "docs/runbooks/slow.md"));
    assertThat(AlarmTable.read(assembly.resolve("nowhere"))).isEmpty();
  }
}

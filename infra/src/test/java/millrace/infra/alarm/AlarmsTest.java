package millrace.infra.alarm;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import millrace.core.names.Metrics;
import millrace.core.names.Names;
import millrace.infra.SynthesizedApp;
import millrace.infra.alarm.MetricWorld.Key;
import org.junit.jupiter.api.Test;

/**
 * Each alarm, as its template defines it, speaks for the fault it names and for no other reason.
 */
class AlarmsTest {
  private static final String ENVIRONMENT = "staging";
  private static final Names NAMES = Names.of(ENVIRONMENT);
  private static final List<String> SOURCES = List.of("cards", "orders", "manufacturing");
  private static final Key DECLINED =
      new Key(Names.METRIC_NAMESPACE, Metrics.declinedCalls(ENVIRONMENT), Map.of());
  private static final Key REFUSED =
      new Key(Names.METRIC_NAMESPACE, Metrics.refusedLogIns(ENVIRONMENT), Map.of());
  private static final int LATE = MetricWorld.MINUTES - 20;

  private static final List<SynthesizedAlarm> ALARMS = alarms();

  @Test
  void no_alarm_speaks_in_a_clean_run() {
    assertThat(ALARMS).isNotEmpty();
    assertThat(speaking(clean())).isEmpty();
  }

  @Test
  void each_alarm_speaks_for_the_fault_it_names() {
    Map<String, UnaryOperator<MetricWorld>> faults = faults();
    assertThat(faults.keySet())
        .as("one fault for each alarm")
        .containsExactlyInAnyOrderElementsOf(
            ALARMS.stream().map(SynthesizedAlarm::name).map(AlarmsTest::says).toList());
    faults.forEach(
        (alarm, fault) ->
            assertThat(speaking(fault.apply(clean()))).as("the fault of " + alarm).contains(alarm));
  }

  @Test
  void a_fault_that_lasts_for_a_moment_does_not_wake_anybody() {
    int justNow = MetricWorld.MINUTES - 2;
    assertThat(speaking(clean().instead(service("RunningTaskCount"), justNow, 0))).isEmpty();
    assertThat(speaking(clean().silence(broker("ConnectionCount"), justNow))).isEmpty();
    assertThat(speaking(clean().instead(queue("orders", Metrics.BACKLOG), justNow, 1e9))).isEmpty();
  }

  @Test
  void repeats_after_a_crash_are_no_gap_in_the_account() {
    assertThat(speaking(clean().instead(write(Metrics.EVENTS), 0, 400))).isEmpty();
  }

  @Test
  void alarms_ask_only_for_metrics_that_somebody_emits() throws IOException {
    Set<String> emitted = new TreeSet<>(Set.of(DECLINED.toString(), REFUSED.toString()));
    for (String source : SOURCES) {
      Metrics.OF_RECEIVE.forEach(name -> emitted.add(queue(source, name).toString()));
    }
    Metrics.OF_WRITE.forEach(name -> emitted.add(write(name).toString()));
    Set<String> ofAws =
        Files.readAllLines(Path.of("src/test/resources/alarms/aws-metrics.csv")).stream()
            .filter(line -> !line.startsWith("#"))
            .map(line -> line.split(",", -1))
            .map(columns -> columns[0] + " " + columns[1] + " " + columns[2])
            .collect(Collectors.toSet());
    for (SynthesizedAlarm alarm : ALARMS) {
      for (Key key : alarm.keys()) {
        if (key.namespace().equals(Names.METRIC_NAMESPACE)) {
          assertThat(emitted).as(alarm.name()).contains(key.toString());
        } else {
          assertThat(ofAws)
              .as(alarm.name())
              .contains(
                  key.namespace()
                      + " "
                      + key.name()
                      + " "
                      + String.join(" ", new TreeSet<>(key.dimensions().keySet())));
        }
      }
    }
  }

  @Test
  void every_alarm_has_a_page_and_every_page_an_alarm() throws IOException {
    Set<String> named =
        ALARMS.stream()
            .map(SynthesizedAlarm::runbook)
            .collect(Collectors.toCollection(TreeSet::new));
    Set<String> written = new TreeSet<>();
    try (Stream<Path> pages = Files.list(Path.of("../docs/runbooks"))) {
      pages.forEach(page -> written.add("docs/runbooks/" + page.getFileName()));
    }
    assertThat(written).isEqualTo(named);
    for (String page : written) {
      assertThat(Files.readString(Path.of("..", page)))
          .as(page)
          .contains("## What to do", "## It is over when");
    }
  }

  @Test
  void metric_math_is_computed_as_CloudWatch_does() {
    var metrics = Map.of("a", java.util.Optional.of(3.0), "b", java.util.Optional.<Double>empty());
    assertThat(MetricMath.value("2 * (a - 1) / 4", metrics)).contains(1.0);
    assertThat(MetricMath.value("a + b", metrics)).isEmpty();
    assertThat(MetricMath.value("SUM([a, b]) + FILL(b, 7)", metrics)).contains(10.0);
    assertThat(MetricMath.value("IF(a > 3, 1, MAX([a, 2]))", metrics)).contains(3.0);
  }

  /** An hour of quiet work: 100 events a minute and queue, all of them written. */
  private static MetricWorld clean() {
    var world = new MetricWorld();
    for (String source : SOURCES) {
      world
          .report(queue(source, Metrics.BACKLOG), 0, 12, 0)
          .report(queue(source, Metrics.EVENTS_RECEIVED), 0, 50, 50)
          .report(queue(source, Metrics.EVENTS_ACCEPTED), 0, 50, 50)
          .report(queue(source, Metrics.EVENTS_DEAD_LETTERED), 0, 0, 0);
    }
    return world
        .report(write(Metrics.EVENTS), 0, 300)
        .report(write(Metrics.FAILED_EVENTS), 0, 1)
        .report(write(Metrics.RETRIED_BATCHES), 0, 0)
        .report(function("Errors"), 0, 0)
        .report(function("Throttles"), 0, 0)
        .report(function("Duration"), 0, 900)
        .report(service("RunningTaskCount"), 0, 1)
        .report(broker("ConnectionCount"), 0, 3)
        .report(broker("RabbitMQMemUsed"), 0, 1e9)
        .report(broker("RabbitMQMemLimit"), 0, 3e9)
        .report(broker("RabbitMQDiskFree"), 0, 2e11)
        .report(broker("RabbitMQDiskFreeLimit"), 0, 7e9)
        .report(sqs(NAMES.batchQueue(), "ApproximateAgeOfOldestMessage"), 0, 20)
        .report(sqs(NAMES.batchDeadLetterQueue(), "ApproximateNumberOfMessagesVisible"), 0, 0);
  }

  private static Map<String, UnaryOperator<MetricWorld>> faults() {
    Map<String, UnaryOperator<MetricWorld>> faults = new HashMap<>();
    faults.put("broker-memory", world -> world.instead(broker("RabbitMQMemUsed"), LATE, 2.5e9));
    faults.put("broker-disk", world -> world.instead(broker("RabbitMQDiskFree"), LATE, 1e10));
    faults.put("broker-silent", world -> world.silence(broker("ConnectionCount"), LATE));
    faults.put("consumer-tasks", world -> world.instead(service("RunningTaskCount"), LATE, 0));
    for (String source : SOURCES) {
      faults.put(
          "backlog-" + source,
          world -> world.instead(queue(source, Metrics.BACKLOG), LATE, 100_001));
      faults.put(
          "consumer-silent-" + source,
          world -> world.silence(queue(source, Metrics.EVENTS_RECEIVED), LATE));
      faults.put(
          "events-dead-lettered-" + source,
          world ->
              world.instead(
                  queue(source, Metrics.EVENTS_DEAD_LETTERED), MetricWorld.MINUTES - 1, 1));
    }
    faults.put("writer-errors", world -> world.instead(function("Errors"), LATE, 1));
    faults.put("writer-throttled", world -> world.instead(function("Throttles"), LATE, 1));
    faults.put("writer-slow", world -> world.instead(function("Duration"), LATE, 119_000));
    faults.put("batches-retried", world -> world.instead(write(Metrics.RETRIED_BATCHES), LATE, 2));
    faults.put("failed-events", world -> world.instead(write(Metrics.FAILED_EVENTS), LATE, 4));
    faults.put(
        "notifications-failed",
        world ->
            world.report(
                new Key(
                    "AWS/SNS",
                    "NumberOfNotificationsFailed",
                    Map.of("TopicName", NAMES.fileTopic())),
                LATE,
                1));
    faults.put(
        "load-errors",
        world ->
            world.report(
                new Key(
                    "AWS/SNS",
                    "NumberOfMessagesPublished",
                    Map.of("TopicName", NAMES.loadErrorTopic())),
                LATE,
                1));
    faults.put("account", world -> world.instead(write(Metrics.EVENTS), 0, 290));
    faults.put("declined-calls", world -> world.report(DECLINED, LATE, 3));
    faults.put("refused-log-ins", world -> world.report(REFUSED, LATE, 2));
    faults.put(
        "batches-oldest",
        world ->
            world.instead(sqs(NAMES.batchQueue(), "ApproximateAgeOfOldestMessage"), LATE, 901));
    faults.put(
        "batches-dead-letters-present",
        world ->
            world.instead(
                sqs(NAMES.batchDeadLetterQueue(), "ApproximateNumberOfMessagesVisible"),
                MetricWorld.MINUTES - 1,
                1));
    return faults;
  }

  private static List<String> speaking(MetricWorld world) {
    return ALARMS.stream()
        .filter(alarm -> alarm.speaks(world))
        .map(SynthesizedAlarm::name)
        .map(AlarmsTest::says)
        .toList();
  }

  private static List<SynthesizedAlarm> alarms() {
    List<SynthesizedAlarm> alarms = new ArrayList<>();
    for (JsonNode template : SynthesizedApp.of(ENVIRONMENT).templates().values()) {
      for (JsonNode resource : template.path("Resources")) {
        if (resource.path("Type").asText().equals("AWS::CloudWatch::Alarm")
            && resource.at("/Properties/AlarmDescription").asText().contains(" Runbook: ")) {
          alarms.add(
              new SynthesizedAlarm(
                  resource.path("Properties"),
                  id -> template.at("/Resources/" + id + "/Properties/QueueName").asText()));
        }
      }
    }
    return alarms;
  }

  private static String says(String alarm) {
    return alarm.substring(NAMES.alarm("").length());
  }

  private static Key queue(String source, String name) {
    return new Key(
        Names.METRIC_NAMESPACE,
        name,
        Map.of("Environment", ENVIRONMENT, "Queue", "millrace." + source));
  }

  private static Key write(String name) {
    return new Key(
        Names.METRIC_NAMESPACE, name, Map.of("Environment", ENVIRONMENT, "Step", "write"));
  }

  private static Key function(String name) {
    return new Key("AWS/Lambda", name, Map.of("FunctionName", NAMES.writerFunction()));
  }

  private static Key service(String name) {
    return new Key(
        "ECS/ContainerInsights",
        name,
        Map.of("ClusterName", NAMES.consumerService(), "ServiceName", NAMES.consumerService()));
  }

  private static Key broker(String name) {
    return new Key("AWS/AmazonMQ", name, Map.of("Broker", NAMES.broker()));
  }

  private static Key sqs(String queue, String name) {
    return new Key("AWS/SQS", name, Map.of("QueueName", queue));
  }
}

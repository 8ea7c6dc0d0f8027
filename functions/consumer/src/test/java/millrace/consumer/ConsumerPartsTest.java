package millrace.consumer;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.Map;
import millrace.core.TestClock;
import millrace.core.failed.MillraceFailure.SetupFailure;
import millrace.core.names.Metrics;
import millrace.core.names.Names;
import millrace.rabbitmq.BrokerAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConsumerPartsTest {
  private static final Instant NOW = Instant.parse("2026-11-21T10:00:00Z");

  private final TestClock clock = new TestClock(NOW);

  @Test
  void the_heartbeat_is_that_of_the_pipeline_that_is_silent_longest(@TempDir Path folder)
      throws Exception {
    Path file = folder.resolve("beat");
    var heartbeat = new Heartbeat(file, clock);
    Runnable orders = heartbeat.of("orders");
    Runnable cards = heartbeat.of("cards");
    assertThat(Heartbeat.healthy(file, NOW)).as("before the first").isFalse();
    for (int minute = 0; minute < 10; minute++) {
      clock.advance(Duration.ofMinutes(1));
      orders.run();
    }
    heartbeat.write();
    assertThat(Heartbeat.healthy(file, clock.instant())).as("cards hangs").isFalse();

    cards.run();
    heartbeat.write();
    assertThat(Heartbeat.healthy(file, clock.instant())).isTrue();
    assertThat(Heartbeat.healthy(file, clock.instant().plus(Heartbeat.HEALTHY).plusSeconds(1)))
        .as("nobody writes any more")
        .isFalse();
  }

  @Test
  void metrics_are_one_line_that_cloud_watch_understands() {
    assertThat(MetricsReport.line(NOW, "dev", "millrace.orders", Map.of("Backlog", 7L)))
        .isEqualTo(
            "{\"_aws\":{\"Timestamp\":1795255200000,\"CloudWatchMetrics\":[{\"Namespace\":\"Millrace\","
                + "\"Dimensions\":[[\"Environment\",\"Queue\"]],"
                + "\"Metrics\":[{\"Name\":\"Backlog\",\"Unit\":\"Count\"}]}]},"
                + "\"Environment\":\"dev\",\"Queue\":\"millrace.orders\",\"Backlog\":7}");
  }

  @Test
  void alarms_know_every_metric_of_a_report_and_the_image_its_entry_point() {
    var names = new LinkedHashSet<>(new ConsumerMetrics().take().keySet());
    names.add(Metrics.BACKLOG);
    assertThat(names).containsExactlyInAnyOrderElementsOf(Metrics.OF_RECEIVE);
    assertThat(Names.CONSUMER_MAIN).isEqualTo(ConsumerMain.class.getName());
  }

  @Test
  void metrics_count_from_one_report_to_the_next() {
    var metrics = new ConsumerMetrics();
    metrics.received(true);
    metrics.received(false);
    metrics.accepted(2);

    assertThat(metrics.take())
        .containsEntry("EventsReceived", 2L)
        .containsEntry("EventsRedelivered", 1L)
        .containsEntry("EventsAccepted", 2L)
        .containsEntry("BatchesAccepted", 1L);
    assertThat(metrics.take().values()).containsOnly(0L);
  }

  @Test
  void credentials_come_from_the_secret() {
    var address = BrokerAddress.parse("amqps://host");

    assertThat(
            ConsumerMain.credentials(
                address,
                name ->
                    "{\"engine\":{\"a\":[1]},\"username\":\"u\",\"port\":1,\"password\":\"p\"}"
                        .getBytes(UTF_8),
                "s"))
        .isEqualTo(address.withCredentials("u", "p"));
  }

  @Test
  void a_secret_that_is_none_is_not_quoted() {
    for (String secret :
        new String[] {"s3cret", "{\"password\":\"s3cret\"}", "{\"password\":s3cret}"}) {
      assertThatThrownBy(
              () ->
                  ConsumerMain.credentials(
                      BrokerAddress.parse("amqp://host"), name -> secret.getBytes(UTF_8), "name"))
          .isInstanceOf(SetupFailure.class)
          .hasMessageContaining("secret name ")
          .hasMessageNotContaining("s3cret")
          .hasNoCause();
    }
  }

  @Test
  void the_kill_switch_works_once(@TempDir Path folder) throws Exception {
    Path marker = folder.resolve("halted");
    Files.createFile(marker);

    // with the marker there this returns; without, no test could tell
    new HaltAfterAccept(marker).run();

    assertThat(marker).exists();
  }
}

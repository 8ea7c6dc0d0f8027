package millrace.consumer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import millrace.core.batch.PackerLimits;
import millrace.core.failed.MillraceFailure.SetupFailure;
import millrace.rabbitmq.BrokerAddress;
import millrace.rabbitmq.QueueSettings;
import millrace.rabbitmq.QueueSettings.Topology;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ConsumerConfigTest {
  private final Map<String, String> environment =
      new HashMap<>(
          Map.of(
              "MILLRACE_ENV", "dev",
              "MILLRACE_BUCKET", "bucket",
              "MILLRACE_QUEUE_URL", "http://queue",
              "MILLRACE_AMQP_URL", "amqp://user:s3cret@host",
              "MILLRACE_CONSUMER_QUEUES", "q1=orders:orders.#"));

  @Test
  void what_must_be_there_is_enough_and_the_rest_has_these_defaults() {
    assertThat(ConsumerConfig.of(environment))
        .isEqualTo(
            new ConsumerConfig(
                "dev",
                "bucket",
                "http://queue",
                new BrokerAddress(false, "host", 5672, "/", "user", "s3cret"),
                Optional.empty(),
                java.util.List.of(
                    new QueueSettings(
                        "q1", "orders", "orders.#", Topology.DECLARE, 2_000, 32 << 20, 100)),
                new PackerLimits(2 << 20, 10_000, Duration.ofSeconds(5), 16 << 20, 1_000),
                Duration.ofMinutes(20),
                Duration.ofMinutes(10),
                Duration.ofSeconds(25),
                Path.of("/tmp/millrace-consumer.heartbeat"),
                Duration.ofSeconds(30),
                Optional.empty()));
  }

  @Test
  void every_setting_can_be_changed() {
    environment.putAll(
        Map.of(
            "MILLRACE_AMQP_SECRET", "millrace/dev/broker",
            "MILLRACE_CONSUMER_QUEUES", "q1=orders:orders.#, q2=cards:cards.v1.*",
            "MILLRACE_CONSUMER_TOPOLOGY", "passive",
            "MILLRACE_CONSUMER_PREFETCH", "10",
            "MILLRACE_CONSUMER_PREFETCH_BYTES", "2000000",
            "MILLRACE_CONSUMER_DELIVERY_LIMIT", "7",
            "MILLRACE_CONSUMER_BATCH_BYTES", "100000",
            "MILLRACE_CONSUMER_BATCH_EVENTS", "50",
            "MILLRACE_CONSUMER_BATCH_AGE", "500ms"));
    environment.putAll(
        Map.of(
            "MILLRACE_CONSUMER_HOLD_LIMIT", "15m",
            "MILLRACE_CONSUMER_PATIENCE", "1h",
            "MILLRACE_CONSUMER_STOP_TIMEOUT", "90s",
            "MILLRACE_CONSUMER_HEARTBEAT_FILE", "/x/beat",
            "MILLRACE_CONSUMER_METRICS_EVERY", "1m",
            "MILLRACE_HALT_AFTER_ACCEPT", "/x/halted"));

    assertThat(ConsumerConfig.of(environment))
        .isEqualTo(
            new ConsumerConfig(
                "dev",
                "bucket",
                "http://queue",
                new BrokerAddress(false, "host", 5672, "/", "user", "s3cret"),
                Optional.of("millrace/dev/broker"),
                java.util.List.of(
                    new QueueSettings(
                        "q1", "orders", "orders.#", Topology.PASSIVE, 10, 2_000_000, 7),
                    new QueueSettings(
                        "q2", "cards", "cards.v1.*", Topology.PASSIVE, 10, 2_000_000, 7)),
                new PackerLimits(100_000, 50, Duration.ofMillis(500), 1_000_000, 5),
                Duration.ofMinutes(15),
                Duration.ofHours(1),
                Duration.ofSeconds(90),
                Path.of("/x/beat"),
                Duration.ofMinutes(1),
                Optional.of(Path.of("/x/halted"))));
  }

  @Test
  void all_problems_are_told_at_once() {
    environment.remove("MILLRACE_BUCKET");
    environment.put("MILLRACE_ENV", "Dev!");
    environment.put("MILLRACE_CONSUMER_PREFETCH", "many");
    environment.put("MILLRACE_CONSUMER_BATCH_AGE", "-5s");
    environment.put("MILLRACE_CONSUMER_TOPOLOGY", "magic");
    environment.put("MILLRACE_CONSUMER_PREFETCH_BYTE", "1");

    assertThatThrownBy(() -> ConsumerConfig.of(environment))
        .isInstanceOf(SetupFailure.class)
        .hasMessageContaining("MILLRACE_BUCKET: missing")
        .hasMessageContaining("MILLRACE_ENV: environment 'Dev!'")
        .hasMessageContaining("MILLRACE_CONSUMER_PREFETCH: 'many' is not a whole number")
        .hasMessageContaining("MILLRACE_CONSUMER_BATCH_AGE: '-5s' is not a duration")
        .hasMessageContaining("MILLRACE_CONSUMER_TOPOLOGY: 'magic' is none of [declare, passive]")
        .hasMessageContaining(
            "MILLRACE_CONSUMER_PREFETCH_BYTE: unknown; did you mean"
                + " MILLRACE_CONSUMER_PREFETCH_BYTES?");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "orders|'orders' is not <queue>=<source>:<routing key>",
        "q1=orders|'q1=orders' is not",
        "q1=:orders.#|is not",
        "q1=a:b,q1=c:d|queue 'q1' twice"
      })
  void faulty_queues_are_named(String queues, String problem) {
    environment.put("MILLRACE_CONSUMER_QUEUES", queues);

    assertThatThrownBy(() -> ConsumerConfig.of(environment))
        .hasMessageContaining("MILLRACE_CONSUMER_QUEUES: ")
        .hasMessageContaining(problem);
  }

  @Test
  void neither_problems_nor_the_configuration_print_the_password() {
    environment.put("MILLRACE_AMQP_URL", "https://user:s3cret@host");

    assertThatThrownBy(() -> ConsumerConfig.of(environment))
        .hasMessageContaining("MILLRACE_AMQP_URL: must begin with amqp")
        .hasMessageNotContaining("s3cret");
    environment.put("MILLRACE_AMQP_URL", "amqp://user:s3cret@host");
    assertThat(ConsumerConfig.of(environment).toString()).doesNotContain("s3cret");
  }
}

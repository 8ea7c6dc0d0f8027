package millrace.infra.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class EnvironmentConfigTest {
  private static final Map<String, Object> LEAST =
      Map.of("account", "222222222222", "region", "eu-west-1");

  @Test
  void account_and_region_are_all_that_must_be_said() {
    assertThat(read(Map.of()))
        .isEqualTo(
            new EnvironmentConfig(
                "dev",
                "222222222222",
                "eu-west-1",
                EventFormat.PARQUET,
                NdjsonCodec.ZSTD,
                true,
                new WriterConfig(1769, Duration.ofMinutes(2), 100, Duration.ofSeconds(30), 10, 10),
                new RetentionConfig(
                    Duration.ofDays(4),
                    Duration.ofDays(14),
                    Duration.ofDays(21),
                    Duration.ofDays(30),
                    Duration.ofDays(30),
                    Duration.ofDays(30)),
                Duration.ofMinutes(15),
                List.of()));
  }

  @Test
  void every_value_can_be_chosen() {
    EnvironmentConfig config =
        read(
            Map.of(
                "eventFormat",
                "ndjson",
                "ndjsonCodec",
                "gzip",
                "retainData",
                false,
                "oldestBatchAlarm",
                "1h",
                "snowflakePrincipals",
                List.of("arn:aws:iam::333333333333:user/abc1-s-xyz"),
                "writer",
                Map.of(
                    "memoryMb", 3008,
                    "timeout", "90s",
                    "batchSize", 10,
                    "batchWindow", "0s",
                    "maxConcurrency", 20,
                    "reservedConcurrency", 25),
                "retention",
                Map.of(
                    "queue", "12h",
                    "deadLetters", "7d",
                    "batches", "8d",
                    "quarantine", "14d",
                    "archiveCoolsAfter", "90d",
                    "logs", "365d")));
    assertThat(config.eventFormat()).isEqualTo(EventFormat.NDJSON);
    assertThat(config.ndjsonCodec()).isEqualTo(NdjsonCodec.GZIP);
    assertThat(config.retainData()).isFalse();
    assertThat(config.oldestBatchAlarm()).isEqualTo(Duration.ofHours(1));
    assertThat(config.snowflakePrincipals())
        .containsExactly("arn:aws:iam::333333333333:user/abc1-s-xyz");
    assertThat(config.writer())
        .isEqualTo(new WriterConfig(3008, Duration.ofSeconds(90), 10, Duration.ZERO, 20, 25));
    assertThat(config.retention())
        .isEqualTo(
            new RetentionConfig(
                Duration.ofHours(12),
                Duration.ofDays(7),
                Duration.ofDays(8),
                Duration.ofDays(14),
                Duration.ofDays(90),
                Duration.ofDays(365)));
  }

  @Test
  void all_problems_are_told_at_once() {
    Map<String, Object> wrong = new HashMap<>();
    wrong.put("account", 222);
    wrong.put("writer", Map.of("timeout", "16m", "memoryMb", 100.5, "batchSize", "many"));
    wrong.put("retention", "short");
    wrong.put("eventFormat", "avro");
    wrong.put("retainData", "yes");
    wrong.put("snowflakePrincipals", List.of("*"));
    assertThat(problems(wrong))
        .containsExactlyInAnyOrder(
            "environments.dev.account must be 12 digits, not 222",
            "environments.dev.region is missing: it must be a region's name such as eu-west-1",
            "environments.dev.writer.timeout must be a time from 1s to 15m (30s, 5m, 12h, 14d), not"
                + " \"16m\"",
            "environments.dev.writer.memoryMb must be a whole number from 512 to 10240, not 100.5",
            "environments.dev.writer.batchSize must be a whole number from 1 to 10000, not"
                + " \"many\"",
            "environments.dev.retention must be an object",
            "environments.dev.eventFormat must be one of ndjson, parquet, not \"avro\"",
            "environments.dev.retainData must be true or false, not \"yes\"",
            "environments.dev.snowflakePrincipals[0] must be the ARN of an IAM user, role or"
                + " account root, not \"*\"");
  }

  @Test
  void an_unknown_key_is_refused_with_the_name_that_was_meant() {
    Map<String, Object> slips = new HashMap<>(LEAST);
    slips.put("eventFromat", "ndjson");
    slips.put("writer", Map.of("maxConcurency", 5, "colour", "blue"));
    assertThat(problems(slips))
        .containsExactlyInAnyOrder(
            "environments.dev.eventFromat is unknown; did you mean \"eventFormat\"?",
            "environments.dev.writer.maxConcurency is unknown; did you mean \"maxConcurrency\"?",
            "environments.dev.writer.colour is unknown; known: batchSize, batchWindow,"
                + " maxConcurrency, memoryMb, reservedConcurrency, timeout");
  }

  @Test
  void a_batch_in_the_bucket_outlives_the_dead_letter_that_points_to_it() {
    assertThat(problems(with("retention", Map.of("batches", "14d"))))
        .containsExactly("environments.dev.retention: batches must be longer than deadLetters");
    assertThat(problems(with("retention", Map.of("queue", "4d", "deadLetters", "4d"))))
        .containsExactly("environments.dev.retention: deadLetters must be longer than queue");
  }

  @Test
  void limits_that_AWS_would_only_tell_at_deployment_are_told_before() {
    assertThat(problems(with("writer", Map.of("batchSize", 11, "batchWindow", "0s"))))
        .containsExactly(
            "environments.dev.writer: batchWindow must be at least 1s when batchSize is above 10");
    assertThat(problems(with("writer", Map.of("maxConcurrency", 20, "reservedConcurrency", 19))))
        .containsExactly(
            "environments.dev.writer: reservedConcurrency (19) must not be below maxConcurrency"
                + " (20)");
    assertThat(problems(with("retention", Map.of("logs", "31d"))))
        .singleElement()
        .asString()
        .contains("logs must be one of");
    assertThat(problems(with("retention", Map.of("quarantine", "36h"))))
        .containsExactly("environments.dev.retention.quarantine must be whole days, not \"36h\"");
  }

  @Test
  void an_environment_that_is_not_there_is_refused_with_the_name_that_was_meant() {
    assertThatThrownBy(() -> EnvironmentConfig.read("prd", Map.of("dev", LEAST, "prod", LEAST)))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("env \"prd\" is not in cdk.json; did you mean \"prod\"?");
    assertThatThrownBy(() -> EnvironmentConfig.read("Dev_1", Map.of("Dev_1", LEAST)))
        .hasMessageContaining("must be 2 to 16 lower-case letters and digits");
  }

  private static Map<String, Object> with(String key, Object value) {
    Map<String, Object> values = new HashMap<>(LEAST);
    values.put(key, value);
    return values;
  }

  private static EnvironmentConfig read(Map<String, Object> more) {
    Map<String, Object> values = new HashMap<>(LEAST);
    values.putAll(more);
    return EnvironmentConfig.read("dev", Map.of("dev", values));
  }

  private static List<String> problems(Map<String, Object> values) {
    return catchThrowableOfType(
            ConfigurationException.class,
            () -> EnvironmentConfig.read("dev", Map.of("dev", values)))
        .problems();
  }
}

package millrace.infra.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class EnvironmentConfigTest {
  private static final Map<String, Object> LEAST =
      Map.of("account", "222222222222", "region", "eu-west-1");

  private static final String IMAGE = "registry.example.com/consumer@sha256:" + "ab".repeat(32);
  private static final String EXAMPLE_IMAGE =
      "registry.example.com/consumer@" + ConsumerConfig.EXAMPLE_DIGEST;
  private static final Map<String, String> EXISTING =
      Map.of(
          "url", "amqps://rabbit.example.com:5673/events",
          "secretArn", "arn:aws:secretsmanager:eu-west-1:222222222222:secret:rabbit-AbCdEf",
          "cidr", "192.168.4.0/24");

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
                new WriterConfig(
                    1769, Duration.ofMinutes(2), 100, Duration.ofSeconds(30), 10, 10, false),
                new RetentionConfig(
                    Duration.ofDays(4),
                    Duration.ofDays(14),
                    Duration.ofDays(21),
                    Duration.ofDays(30),
                    Duration.ofDays(30),
                    Duration.ofDays(30)),
                new NetworkConfig(
                    Cidr.parse("10.40.0.0/16").orElseThrow(),
                    2,
                    NetworkConfig.Egress.ENDPOINTS,
                    List.of()),
                new BrokerConfig.Managed(
                    BrokerConfig.Deployment.SINGLE,
                    "mq.m7g.medium",
                    "4.2",
                    BrokerConfig.LogInLog.CONNECTION),
                Optional.empty(),
                Optional.empty(),
                new AlarmConfig(Optional.empty(), Duration.ofMinutes(15), 100_000)));
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
                "alarms",
                Map.of("email", "data@example.com", "oldestBatch", "1h", "backlog", 5_000),
                "snowflake",
                Map.of(
                    "iamUserArn", "arn:aws:iam::333333333333:user/abc1-s-xyz",
                    "externalId", "millrace-dev",
                    "loadErrors",
                        Map.of(
                            "iamUserArn", "arn:aws:iam::333333333333:user/tells",
                            "externalId", "AB12_SFCRole=2_x")),
                "network",
                Map.of(
                    "cidr",
                    "10.1.0.0/20",
                    "zones",
                    3,
                    "egress",
                    "nat",
                    "reserved",
                    List.of("10.2.0.0/16")),
                "broker",
                Map.of("existing", EXISTING),
                "consumer",
                Map.of(
                    "image", IMAGE,
                    "cpu", 1_024,
                    "memoryMb", 4_096,
                    "minTasks", 2,
                    "maxTasks", 6,
                    "sources", List.of("orders")),
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
    assertThat(config.alarms())
        .isEqualTo(new AlarmConfig(Optional.of("data@example.com"), Duration.ofHours(1), 5_000));
    assertThat(config.snowflake())
        .contains(
            new SnowflakeConfig(
                "arn:aws:iam::333333333333:user/abc1-s-xyz",
                "millrace-dev",
                "arn:aws:iam::333333333333:user/abc1-s-xyz",
                Optional.of(
                    new SnowflakeConfig.Caller(
                        "arn:aws:iam::333333333333:user/tells", "AB12_SFCRole=2_x"))));
    assertThat(config.network())
        .isEqualTo(
            new NetworkConfig(
                Cidr.parse("10.1.0.0/20").orElseThrow(),
                3,
                NetworkConfig.Egress.NAT,
                List.of(Cidr.parse("10.2.0.0/16").orElseThrow())));
    assertThat(config.broker())
        .isEqualTo(
            new BrokerConfig.Existing(
                "amqps://rabbit.example.com:5673/events",
                EXISTING.get("secretArn"),
                Optional.empty(),
                Cidr.parse("192.168.4.0/24").orElseThrow()));
    assertThat(config.consumer())
        .contains(new ConsumerConfig(IMAGE, 1_024, 4_096, 2, 6, List.of("orders")));
    assertThat(config.writer())
        .isEqualTo(
            new WriterConfig(3008, Duration.ofSeconds(90), 10, Duration.ZERO, 20, 25, false));
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
    wrong.put(
        "snowflake",
        Map.of(
            "iamUserArn",
            "*",
            "externalId",
            "a b",
            "loadErrors",
            Map.of("iamUserArn", "somebody", "externalID", "x1")));
    wrong.put("network", Map.of("cidr", "10.0.0.1/16", "zones", 9, "reserved", "all"));
    wrong.put(
        "broker",
        Map.of("existing", Map.of("url", "amqps://user:pass@rabbit", "cidr", "10.300.0.0/16")));
    wrong.put(
        "consumer", Map.of("image", "consumer:latest", "cpu", 300, "minTasks", 9, "maxTasks", 2));
    wrong.put("alarms", Map.of("email", "nobody", "backlog", 0));
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
            "environments.dev.snowflake.iamUserArn must be the ARN of an IAM user, role or"
                + " account root, not \"*\"",
            "environments.dev.snowflake.externalId must be 8 to 1224 letters, digits and"
                + " +=,.@:/_-, not \"a b\"",
            "environments.dev.snowflake.loadErrors.iamUserArn must be the ARN of an IAM user, role"
                + " or account root, not \"somebody\"",
            "environments.dev.snowflake.loadErrors.externalId is missing: it must be 2 to 1224"
                + " letters, digits and +=,.@:/_-",
            "environments.dev.snowflake.loadErrors.externalID is unknown; did you mean"
                + " \"externalId\"?",
            "environments.dev.network.cidr must be a block of addresses such as 10.40.0.0/16, no"
                + " bits behind its prefix, not \"10.0.0.1/16\"",
            "environments.dev.network.zones must be a whole number from 2 to 3, not 9",
            "environments.dev.network.reserved must be a list",
            "environments.dev.broker.existing.url must be amqps://host[:port][/virtual-host]"
                + " without user and password, not \"amqps://user:pass@rabbit\"",
            "environments.dev.broker.existing.secretArn is missing: it must be the ARN of a"
                + " secret",
            "environments.dev.broker.existing.cidr must be a block of addresses such as"
                + " 10.40.0.0/16, no bits behind its prefix, not \"10.300.0.0/16\"",
            "environments.dev.consumer.image must be an image's URI with its digest,"
                + " registry/name@sha256:..., not \"consumer:latest\"",
            "environments.dev.consumer: sources must name at least one source",
            "environments.dev.consumer: maxTasks (2) must not be below minTasks (9)",
            "environments.dev.consumer: cpu must be one of 256, 512, 1024, 2048, 4096, not 300",
            "environments.dev.alarms.email must be an e-mail address, not \"nobody\"",
            "environments.dev.alarms.backlog must be a whole number from 1 to 100000000, not 0");
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
                + " maxConcurrency, memoryMb, reservedConcurrency, snapStart, timeout");
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
  void networks_that_would_be_in_each_others_way_are_refused() {
    assertThat(
            problems(
                with(
                    "network",
                    Map.of("cidr", "10.1.0.0/16", "reserved", List.of("10.1.128.0/24")))))
        .containsExactly(
            "environments.dev.network: cidr 10.1.0.0/16 overlaps reserved 10.1.128.0/24");
    assertThat(problems(with("network", Map.of("cidr", "10.0.0.0/8"))))
        .containsExactly(
            "environments.dev.network: cidr must be a block from /16 to /24, not 10.0.0.0/8");
    assertThat(
            catchThrowableOfType(
                    ConfigurationException.class,
                    () ->
                        EnvironmentConfig.read(
                            "dev",
                            Map.of(
                                "dev",
                                with("network", Map.of("cidr", "10.1.0.0/16")),
                                "prod",
                                with("network", Map.of("cidr", "10.1.2.0/24")))))
                .problems())
        .containsExactly(
            "environments.dev.network.cidr 10.1.0.0/16 overlaps environments.prod.network.cidr"
                + " 10.1.2.0/24");
  }

  @Test
  void a_broker_that_is_there_must_be_reachable_and_its_secret_in_the_region() {
    Map<String, Object> elsewhere = new HashMap<>(EXISTING);
    elsewhere.put(
        "secretArn", "arn:aws:secretsmanager:us-east-1:222222222222:secret:rabbit-AbCdEf");
    elsewhere.put("cidr", "10.40.7.0/24");
    assertThat(problems(with("broker", Map.of("existing", elsewhere))))
        .containsExactly(
            "environments.dev: broker.existing.secretArn must be in eu-west-1",
            "environments.dev: network.cidr 10.40.0.0/16 overlaps broker.existing.cidr"
                + " 10.40.7.0/24: the consumer could not reach it");
    assertThat(problems(with("broker", Map.of("existing", EXISTING, "managed", Map.of()))))
        .containsExactly(
            "environments.dev.broker: a broker is either \"managed\" or \"existing\", not both");
  }

  @Test
  void what_the_example_names_is_refused_in_an_account_of_ones_own() {
    Map<String, Object> values = new HashMap<>(LEAST);
    values.put("consumer", Map.of("image", EXAMPLE_IMAGE, "sources", List.of("orders")));
    values.put(
        "snowflake",
        Map.of(
            "iamUserArn",
            "arn:aws:iam::111111111111:user/x",
            "externalId",
            "millrace-dev",
            "loadErrors",
            Map.of("iamUserArn", "arn:aws:iam::111111111111:user/y", "externalId", "given")));
    assertThat(problems(values))
        .containsExactly(
            "environments.dev: consumer.image is still the example's: write your own",
            "environments.dev: snowflake.iamUserArn is still the example's: write your own",
            "environments.dev: snowflake.loadErrors.iamUserArn is still the example's: write your"
                + " own");
    values.put("account", ExampleAccount.NUMBER);
    assertThat(EnvironmentConfig.read("dev", Map.of("dev", values)).consumer()).isPresent();
  }

  @Test
  void memory_must_be_what_Fargate_offers_for_the_processor() {
    assertThat(
            problems(
                with(
                    "consumer",
                    Map.of("image", IMAGE, "memoryMb", 8_192, "sources", List.of("orders")))))
        .containsExactly(
            "environments.dev.consumer: memoryMb for cpu 512 must be from 1024 to 4096 in steps of"
                + " 1024, not 8192");
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

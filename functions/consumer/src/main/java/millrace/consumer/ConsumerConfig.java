package millrace.consumer;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import millrace.core.batch.PackerLimits;
import millrace.core.names.EnvironmentKeys;
import millrace.core.names.Names;
import millrace.rabbitmq.BrokerAddress;
import millrace.rabbitmq.QueueSettings;
import millrace.rabbitmq.QueueSettings.Topology;

/**
 * What the consumer is told by its environment. Read once, at start; every problem is reported at
 * once, and no secret is part of any message.
 *
 * @param brokerSecret name of the secret with user and password; empty when the URL has them
 * @param haltAfterAccept marker file of the kill switch of tests; see {@link HaltAfterAccept}
 */
public record ConsumerConfig(
    String environment,
    String bucket,
    String queueUrl,
    BrokerAddress broker,
    Optional<String> brokerSecret,
    List<QueueSettings> queues,
    PackerLimits packer,
    Duration holdLimit,
    Duration patience,
    Duration stopTimeout,
    Path heartbeat,
    Duration metricsEvery,
    Optional<Path> haltAfterAccept) {
  static final String PREFIX = Names.CONSUMER_PREFIX;

  /** {@code declare} or {@code passive}. */
  static final String TOPOLOGY = PREFIX + "TOPOLOGY";

  /** Most unacknowledged messages of a queue; 2,000 is what RabbitMQ grants for quorum queues. */
  static final String PREFETCH = PREFIX + "PREFETCH";

  /** Most bytes of unacknowledged messages of a queue. */
  static final String PREFETCH_BYTES = PREFIX + "PREFETCH_BYTES";

  static final String DELIVERY_LIMIT = PREFIX + "DELIVERY_LIMIT";
  static final String BATCH_BYTES = PREFIX + "BATCH_BYTES";
  static final String BATCH_EVENTS = PREFIX + "BATCH_EVENTS";
  static final String BATCH_AGE = PREFIX + "BATCH_AGE";
  static final String HOLD_LIMIT = PREFIX + "HOLD_LIMIT";
  static final String PATIENCE = PREFIX + "PATIENCE";
  static final String STOP_TIMEOUT = PREFIX + "STOP_TIMEOUT";
  static final String HEARTBEAT_FILE = PREFIX + "HEARTBEAT_FILE";
  static final String METRICS_EVERY = PREFIX + "METRICS_EVERY";

  /** For tests and the demo only. */
  static final String HALT_AFTER_ACCEPT = "MILLRACE_HALT_AFTER_ACCEPT";

  static final List<String> KEYS =
      List.of(
          EnvironmentKeys.CONSUMER_QUEUES,
          TOPOLOGY,
          PREFETCH,
          PREFETCH_BYTES,
          DELIVERY_LIMIT,
          BATCH_BYTES,
          BATCH_EVENTS,
          BATCH_AGE,
          HOLD_LIMIT,
          PATIENCE,
          STOP_TIMEOUT,
          HEARTBEAT_FILE,
          METRICS_EVERY);

  /**
   * Leaves ten minutes to the 30 after which RabbitMQ closes a channel that does not acknowledge.
   */
  private static final Duration HOLD = Duration.ofMinutes(20);

  /**
   * Reads the configuration.
   *
   * @param environment variables by name, as {@link System#getenv()}
   * @throws millrace.core.failed.MillraceFailure.SetupFailure that lists every problem
   */
  public static ConsumerConfig of(Map<String, String> environment) {
    var in = new EnvironmentReader(environment);
    in.refuseUnknown(PREFIX, KEYS);
    int prefetch = in.integer(PREFETCH, 2_000, 1, 65_535);
    int prefetchBytes = in.integer(PREFETCH_BYTES, 32 << 20, 1 << 20, 1 << 30);
    Topology topology = in.choice(TOPOLOGY, Topology.class, Topology.DECLARE);
    int deliveryLimit = in.integer(DELIVERY_LIMIT, 100, 1, 1_000_000);
    var packer =
        new PackerLimits(
            in.integer(BATCH_BYTES, PackerLimits.DEFAULT_BYTES, 1, 16 << 20),
            in.integer(BATCH_EVENTS, 10_000, 1, 100_000),
            in.duration(BATCH_AGE, Duration.ofSeconds(5)),
            prefetchBytes / 2,
            // with half of the prefetch in hand the broker can go on while the other half travels
            Math.max(1, prefetch / 2));
    var config =
        new ConsumerConfig(
            in.text(EnvironmentKeys.ENVIRONMENT, Names::of),
            in.text(EnvironmentKeys.BUCKET),
            in.text(EnvironmentKeys.QUEUE_URL),
            in.secret(
                EnvironmentKeys.AMQP_URL,
                BrokerAddress::parse,
                new BrokerAddress(false, "", 0, "", "", "")),
            in.optional(EnvironmentKeys.AMQP_SECRET),
            queues(in, topology, prefetch, prefetchBytes, deliveryLimit),
            packer,
            in.duration(HOLD_LIMIT, HOLD),
            in.duration(PATIENCE, Duration.ofMinutes(10)),
            in.duration(STOP_TIMEOUT, Duration.ofSeconds(25)),
            Path.of(in.optional(HEARTBEAT_FILE).orElse("/tmp/millrace-consumer.heartbeat")),
            in.duration(METRICS_EVERY, Duration.ofSeconds(30)),
            in.optional(HALT_AFTER_ACCEPT).map(Path::of));
    in.throwProblems();
    return config;
  }

  /** Items {@code <queue>=<source>:<routing key>}, separated by commas. */
  private static List<QueueSettings> queues(
      EnvironmentReader in, Topology topology, int prefetch, int prefetchBytes, int deliveryLimit) {
    String key = EnvironmentKeys.CONSUMER_QUEUES;
    var queues = new ArrayList<QueueSettings>();
    for (String item : in.text(key).split(",")) {
      String[] parts = item.strip().split("[=:]", 3);
      if (parts.length < 3 || List.of(parts).contains("")) {
        in.problem(key + ": '" + item.strip() + "' is not <queue>=<source>:<routing key>");
      } else if (queues.stream().anyMatch(q -> q.queue().equals(parts[0]))) {
        in.problem(key + ": queue '" + parts[0] + "' twice");
      } else {
        queues.add(
            new QueueSettings(
                parts[0], parts[1], parts[2], topology, prefetch, prefetchBytes, deliveryLimit));
      }
    }
    return List.copyOf(queues);
  }
}

package millrace.core.names;

/**
 * Names that infrastructure, functions and the laptop run share. They exist here once; a test pins
 * them, because a renamed queue or function is a replaced queue or function.
 */
public final class Names {
  /** Topic exchange that producers publish to; the routing key is the event type. */
  public static final String EXCHANGE = "millrace.events";

  /** Exchange that takes what the consumer could not hand on. */
  public static final String DEAD_LETTER_EXCHANGE = "millrace.dead-letters";

  /** Metric namespace of everything that Millrace emits itself. */
  public static final String METRIC_NAMESPACE = "Millrace";

  /** Entry point of the writer function. */
  public static final String WRITER_HANDLER = "millrace.writer.WriterHandler::handleRequest";

  /** Entry point of the consumer's image. */
  public static final String CONSUMER_MAIN = "millrace.consumer.ConsumerMain";

  /** Environment variables that begin so are the consumer's own. */
  public static final String CONSUMER_PREFIX = "MILLRACE_CONSUMER_";

  /**
   * Behind it an environment's name: the context key of the CDK app under which stands what was
   * learnt of Snowflake, which is what the section {@code snowflake} of the environment holds.
   */
  public static final String SNOWFLAKE_CONTEXT = "millrace:snowflake:";

  private final String environment;

  private Names(String environment) {
    this.environment = environment;
  }

  /**
   * Names of one environment.
   *
   * @param environment lower case name such as {@code dev}
   * @throws IllegalArgumentException when the name cannot be part of a bucket name
   */
  public static Names of(String environment) {
    if (!environment.matches("[a-z][a-z0-9]{1,15}")) {
      throw new IllegalArgumentException(
          "environment '"
              + environment
              + "': use 2 to 16 lower case letters and digits, a letter first");
    }
    return new Names(environment);
  }

  public String environment() {
    return environment;
  }

  public String dataStack() {
    return "millrace-" + environment + "-data";
  }

  public String networkStack() {
    return "millrace-" + environment + "-network";
  }

  public String brokerStack() {
    return "millrace-" + environment + "-broker";
  }

  public String consumerStack() {
    return "millrace-" + environment + "-consumer";
  }

  public String warehouseStack() {
    return "millrace-" + environment + "-warehouse";
  }

  public String observabilityStack() {
    return "millrace-" + environment + "-observability";
  }

  public String broker() {
    return "millrace-" + environment;
  }

  /** User and password of the broker, as JSON. */
  public String brokerSecret() {
    return "millrace/" + environment + "/broker";
  }

  /** Service, and the cluster that has no other. */
  public String consumerService() {
    return "millrace-" + environment + "-consumer";
  }

  /** The role that Snowflake takes to read files; by name, because its integration comes first. */
  public String storageRole() {
    return "millrace-" + environment + "-snowflake";
  }

  /** Topic on which Snowflake tells of files that a pipe could not load. */
  public String loadErrorTopic() {
    return "millrace-" + environment + "-load-errors";
  }

  /**
   * The role that Snowflake takes to tell of them; by name, because its integration comes first.
   */
  public String loadErrorRole() {
    return loadErrorTopic();
  }

  public String alarmTopic() {
    return "millrace-" + environment + "-alarms";
  }

  /** An alarm by what it says; the page of that name in docs/runbooks says what to do. */
  public String alarm(String says) {
    return "millrace-" + environment + "-" + says;
  }

  /** Alias of the key of what is not data: broker, logs, audit trail, alarms. */
  public String operationsKeyAlias() {
    return "alias/millrace-" + environment + "-operations";
  }

  /** Queue of the broker that a source's events wait in. */
  public static String sourceQueue(String source) {
    return "millrace." + source;
  }

  public String writerFunction() {
    return "millrace-" + environment + "-writer";
  }

  public String batchQueue() {
    return "millrace-" + environment + "-batches";
  }

  public String batchDeadLetterQueue() {
    return batchQueue() + "-dead-letters";
  }

  /** Bucket names are global, so account and region are part of it. */
  public String bucket(String account, String region) {
    return "millrace-" + environment + "-" + account + "-" + region;
  }

  public String fileTopic() {
    return "millrace-" + environment + "-files";
  }

  public String keyAlias() {
    return "alias/millrace-" + environment;
  }

  public String payloadHashSecret() {
    return "millrace/" + environment + "/payload-hash-key";
  }

  public String personalHashSecret() {
    return "millrace/" + environment + "/personal-hash-key";
  }

  public String subjectKeyTable() {
    return "millrace-" + environment + "-subject-keys";
  }

  public String subjectKeyAlias() {
    return keyAlias() + "-subject-keys";
  }

  public String quarantineKeyAlias() {
    return keyAlias() + "-quarantine";
  }

  /** Role of whoever replays: the only one that reads quarantine. */
  public String replayRole() {
    return "millrace-" + environment + "-replay";
  }

  /** Warehouse database, as in {@code MILLRACE_DEV}. */
  public String database() {
    return "MILLRACE_" + environment.toUpperCase(java.util.Locale.ROOT);
  }
}

package millrace.infra.config;

import java.util.Optional;

/** Where the events come from: a broker of ours, or one that is there. */
public sealed interface BrokerConfig {
  /** The versions of RabbitMQ that Amazon MQ offers and the consumer was tested against. */
  String DEFAULT_ENGINE_VERSION = "4.2";

  /**
   * A broker of Amazon MQ, private, in the network's subnets.
   *
   * @param deployment one node, or three in several zones (default single)
   * @param instanceType host of each node (default mq.m7g.medium, mq.m7g.large for a cluster)
   * @param engineVersion RabbitMQ's version, major and minor; patches come by themselves (default
   *     4.2)
   * @param logInLog which of the broker's logs is read for refused log-ins (default connection)
   */
  record Managed(
      Deployment deployment, String instanceType, String engineVersion, LogInLog logInLog)
      implements BrokerConfig {}

  /**
   * A RabbitMQ that somebody else runs.
   *
   * @param url {@code amqps://host[:port][/virtual-host]}, without user and password
   * @param secretArn secret with {@code username} and {@code password} as JSON
   * @param secretKeyArn the customer key that the secret is under, if it is under one
   * @param cidr addresses of the broker's nodes: the only ones that the consumer may open
   *     connections to
   */
  record Existing(String url, String secretArn, Optional<String> secretKeyArn, Cidr cidr)
      implements BrokerConfig {
    /** Port of the URL, or that of AMQPS. */
    public int port() {
      int port = java.net.URI.create(url).getPort();
      return port > 0 ? port : 5671;
    }
  }

  /** The logs that Amazon MQ exports, as far as log-ins may stand there. */
  enum LogInLog {
    CONNECTION("connection"),
    GENERAL("general"),
    /** Nobody reads it: the way out where the log group is not there. */
    NONE("none");

    private final String word;

    LogInLog(String word) {
      this.word = word;
    }

    String word() {
      return word;
    }

    /** The last part of the log group's name. */
    public Optional<String> group() {
      return this == NONE ? Optional.empty() : Optional.of(word);
    }
  }

  /** How many nodes. */
  enum Deployment {
    SINGLE("single", "SINGLE_INSTANCE"),
    CLUSTER("cluster", "CLUSTER_MULTI_AZ");

    private final String word;
    private final String mode;

    Deployment(String word, String mode) {
      this.word = word;
      this.mode = mode;
    }

    String word() {
      return word;
    }

    /** Amazon MQ's word. */
    public String mode() {
      return mode;
    }
  }

  static BrokerConfig read(Section section) {
    Optional<Section> existing = section.optionalSection("existing");
    Optional<Section> managed = section.optionalSection("managed");
    section.require(
        existing.isEmpty() || managed.isEmpty(),
        "a broker is either \"managed\" or \"existing\", not both");
    section.refuseUnknownKeys();
    if (existing.isPresent()) {
      return existing(existing.get());
    }
    return managed(managed.orElseGet(() -> section.section("managed")));
  }

  private static Managed managed(Section section) {
    Deployment deployment = section.choice("deployment", Deployment.SINGLE, Deployment::word);
    String instanceType =
        section
            .optionalText(
                "instanceType",
                "mq\\.m7g\\.(medium|large|xlarge|2xlarge|4xlarge|8xlarge|12xlarge|16xlarge)",
                "an instance type that RabbitMQ 4 runs on, such as mq.m7g.large")
            .orElse(deployment == Deployment.CLUSTER ? "mq.m7g.large" : "mq.m7g.medium");
    String engineVersion =
        section
            .optionalText("engineVersion", "(3\\.13|4\\.[0-9]+)", "3.13, or 4.2 and later")
            .orElse(DEFAULT_ENGINE_VERSION);
    LogInLog logInLog = section.choice("logInLog", LogInLog.CONNECTION, LogInLog::word);
    section.refuseUnknownKeys();
    return new Managed(deployment, instanceType, engineVersion, logInLog);
  }

  private static Existing existing(Section section) {
    String url =
        section.text(
            "url",
            "amqps://[A-Za-z0-9.-]+(:[0-9]{1,5})?(/[^/@\\s]*)?",
            "amqps://host[:port][/virtual-host] without user and password");
    String secretArn = section.text("secretArn", Arns.SECRET, "the ARN of a secret");
    Optional<String> secretKeyArn =
        section.optionalText("secretKeyArn", Arns.KEY, "the ARN of a KMS key");
    Cidr cidr = section.requiredCidr("cidr");
    section.refuseUnknownKeys();
    return new Existing(url, secretArn, secretKeyArn, cidr);
  }
}

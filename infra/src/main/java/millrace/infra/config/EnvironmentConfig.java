package millrace.infra.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * One environment, whole and checked. Nothing but {@code account} and {@code region} has to be
 * written down.
 *
 * @param name the environment's name as the key in {@code cdk.json}: a part of every resource's
 *     name
 * @param account the AWS account, 12 digits; {@link ExampleAccount} for the laptop
 * @param region the AWS region
 * @param eventFormat what the stack's parameter EventFormat says when nobody says otherwise
 *     (default parquet)
 * @param ndjsonCodec compression of NDJSON files (default zstd)
 * @param retainData whether keys, bucket, queues, secrets, broker and logs outlive their stacks
 *     (default true)
 * @param writer the writer function
 * @param retention how long things are kept
 * @param network where broker and consumer live
 * @param broker a broker of ours, or one that is there
 * @param consumer the consumer service; without it there is no such stack, as long as no image was
 *     pushed
 * @param snowflake who reads the files; without it there is no such stack, as long as there is no
 *     storage integration
 * @param alarms when somebody is told, and who
 */
public record EnvironmentConfig(
    String name,
    String account,
    String region,
    EventFormat eventFormat,
    NdjsonCodec ndjsonCodec,
    boolean retainData,
    WriterConfig writer,
    RetentionConfig retention,
    NetworkConfig network,
    BrokerConfig broker,
    Optional<ConsumerConfig> consumer,
    Optional<SnowflakeConfig> snowflake,
    AlarmConfig alarms) {

  /**
   * Reads one environment out of all that {@code cdk.json} lists.
   *
   * @throws ConfigurationException with every problem found, not only the first
   */
  public static EnvironmentConfig read(String name, Map<String, ?> environments) {
    List<String> problems = new ArrayList<>();
    Section all = new Section("environments", environments, problems);
    if (!name.matches("[a-z][a-z0-9]{1,15}")) {
      problems.add(
          "env \"" + name + "\" must be 2 to 16 lower-case letters and digits, a letter first");
    } else if (!environments.containsKey(name)) {
      problems.add(
          "env \""
              + name
              + "\" is not in cdk.json"
              + Nearest.suggestion(name, environments.keySet()));
    }
    if (!problems.isEmpty()) {
      throw new ConfigurationException(problems);
    }
    EnvironmentConfig config = read(name, all.section(name));
    problems.addAll(overlaps(config, environments));
    if (!problems.isEmpty()) {
      throw new ConfigurationException(problems);
    }
    return config;
  }

  private static EnvironmentConfig read(String name, Section section) {
    String account = section.text("account", "[0-9]{12}", "12 digits");
    String region =
        section.text("region", "[a-z]{2}(-[a-z]+)+-[0-9]", "a region's name such as eu-west-1");
    EventFormat eventFormat = section.choice("eventFormat", EventFormat.PARQUET, EventFormat::word);
    NdjsonCodec ndjsonCodec = section.choice("ndjsonCodec", NdjsonCodec.ZSTD, NdjsonCodec::word);
    boolean retainData = section.flag("retainData", true);
    var config =
        new EnvironmentConfig(
            name,
            account,
            region,
            eventFormat,
            ndjsonCodec,
            retainData,
            WriterConfig.read(section.section("writer")),
            RetentionConfig.read(section.section("retention")),
            NetworkConfig.read(section.section("network")),
            BrokerConfig.read(section.section("broker")),
            section.optionalSection("consumer").map(ConsumerConfig::read),
            section.optionalSection("snowflake").map(SnowflakeConfig::read),
            AlarmConfig.read(section.section("alarms")));
    section.refuseUnknownKeys();
    config.requireOwnValues(section);
    config.requireReachableBroker(section);
    return config;
  }

  /** An account of one's own with values of the example would trust, or run, somebody else's. */
  private void requireOwnValues(Section section) {
    if (account.isEmpty() || account.equals(ExampleAccount.NUMBER)) {
      return;
    }
    Stream.of(
            consumer.map(ConsumerConfig::image).map(image -> Map.entry("consumer.image", image)),
            snowflake
                .map(SnowflakeConfig::iamUserArn)
                .map(arn -> Map.entry("snowflake.iamUserArn", arn)),
            snowflake
                .flatMap(SnowflakeConfig::loadErrors)
                .map(caller -> Map.entry("snowflake.loadErrors.iamUserArn", caller.iamUserArn())))
        .flatMap(Optional::stream)
        .forEach(
            entry ->
                section.require(
                    !entry.getValue().contains(ExampleAccount.NUMBER)
                        && !entry.getValue().contains(ConsumerConfig.EXAMPLE_DIGEST),
                    entry.getKey() + " is still the example's: write your own"));
  }

  private void requireReachableBroker(Section section) {
    if (broker instanceof BrokerConfig.Existing existing) {
      section.require(
          existing.secretArn().isEmpty() || existing.secretArn().contains(":" + region + ":"),
          "broker.existing.secretArn must be in " + region);
      section.require(
          !network.cidr().overlaps(existing.cidr()),
          "network.cidr "
              + network.cidr()
              + " overlaps broker.existing.cidr "
              + existing.cidr()
              + ": the consumer could not reach it");
    }
  }

  /** Networks of one firm are joined sooner or later, and then it is too late to renumber. */
  private static List<String> overlaps(EnvironmentConfig config, Map<String, ?> environments) {
    List<String> overlaps = new ArrayList<>();
    environments.forEach(
        (other, values) -> {
          if (!other.equals(config.name())
              && values instanceof Map<?, ?> sections
              && sections.get("network") instanceof Map<?, ?> network
              && network.get("cidr") instanceof String text) {
            Cidr.parse(text)
                .filter(cidr -> cidr.overlaps(config.network().cidr()))
                .ifPresent(
                    cidr ->
                        overlaps.add(
                            "environments.%s.network.cidr %s overlaps environments.%s.network.cidr %s"
                                .formatted(config.name(), config.network().cidr(), other, cidr)));
          }
        });
    return overlaps;
  }
}

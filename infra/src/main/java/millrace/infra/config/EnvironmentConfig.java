package millrace.infra.config;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

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
 * @param retainData whether key, bucket, queues, secret and logs outlive the stack (default true)
 * @param writer the writer function
 * @param retention how long things are kept
 * @param oldestBatchAlarm age of the oldest waiting batch that raises the alarm (default 15
 *     minutes)
 * @param snowflakePrincipals IAM ARNs that Snowflake names for its subscription to the topic
 *     (default none)
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
    Duration oldestBatchAlarm,
    List<String> snowflakePrincipals) {

  public EnvironmentConfig {
    snowflakePrincipals = List.copyOf(snowflakePrincipals);
  }

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
    WriterConfig writer = WriterConfig.read(section.section("writer"));
    RetentionConfig retention = RetentionConfig.read(section.section("retention"));
    Duration oldestBatchAlarm =
        section.duration(
            "oldestBatchAlarm", Duration.ofMinutes(15), Duration.ofMinutes(1), Duration.ofDays(14));
    List<String> principals =
        section.texts(
            "snowflakePrincipals",
            "arn:aws[a-z-]*:iam::[0-9]{12}:(root|(user|role)/[A-Za-z0-9+=,.@_/-]+)",
            "the ARN of an IAM user, role or account root");
    section.refuseUnknownKeys();
    return new EnvironmentConfig(
        name,
        account,
        region,
        eventFormat,
        ndjsonCodec,
        retainData,
        writer,
        retention,
        oldestBatchAlarm,
        principals);
  }
}

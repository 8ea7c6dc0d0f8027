package millrace.local.trust;

import java.util.List;
import java.util.Optional;

/** What the loop asks of Snowflake. Each call may be repeated. */
public interface SnowflakeSide {
  /** The integrations that are there, and what AWS must know of them. */
  Integrations integrations();

  /**
   * @param files reads the bucket
   * @param loadErrors tells of files that a pipe could not load
   * @param subscriberArn who subscribes pipes to the topic; known before anything is made
   */
  record Integrations(
      Optional<Integration> files, Optional<Integration> loadErrors, String subscriberArn) {
    /** Empty before both are made. */
    public Optional<Trust> trust() {
      return files.flatMap(
          reads ->
              loadErrors.map(tells -> new Trust(reads.caller(), tells.caller(), subscriberArn)));
    }
  }

  /**
   * @param roleArn the role it takes, which need not exist
   * @param topicArn what it tells; empty for one that reads
   */
  record Integration(String roleArn, String topicArn, Trust.Caller caller) {}

  /** Applies the migrations that make the integrations: nothing that listens to the topic. */
  void makeIntegrations();

  /** Names of the migrations that are not applied. */
  List<String> pendingMigrations();

  /** Applies them all. The pipes among them subscribe to the topic, so its policy must allow it. */
  void applyMigrations();

  /** Sentences on what is not as the code says; empty when all is well. */
  List<String> differences();
}

package millrace.local.trust;

import java.util.List;
import java.util.Optional;

/** What the loop asks of Snowflake. Each call may be repeated. */
public interface SnowflakeSide {
  /**
   * The role that the integration takes, and whom AWS must trust for it; empty before it is made.
   */
  Optional<Integration> integration();

  record Integration(String roleArn, Trust trust) {}

  /** Applies the migrations up to the storage integration: nothing that listens to the topic. */
  void makeIntegration();

  /** Names of the migrations that are not applied. */
  List<String> pendingMigrations();

  /** Applies them all. The pipes among them subscribe to the topic, so its policy must allow it. */
  void applyMigrations();

  /** Sentences on what is not as the code says; empty when all is well. */
  List<String> differences();
}

package millrace.local.trust;

import java.util.Optional;

/** What the loop asks of AWS. Each call may be repeated. */
public interface AwsSide {
  /**
   * What every synthesis of this checkout is told of Snowflake, with or without this command; empty
   * when it is told nothing.
   */
  Optional<Trust> writtenDown();

  /** Tells every later synthesis of this checkout. */
  void writeDown(Trust trust);

  /**
   * Writes the templates with what AWS has to know of Snowflake. Changes nothing in the account.
   */
  void synthesize(Trust trust);

  /** Whether the stacks are deployed as they were synthesized last. */
  boolean isDeployed();

  /** Deploys what was synthesized last: the roles' trust and the topic's policy among it. */
  void deploy();

  /** What the deployed stacks say; empty where one of them is not there. */
  Optional<Outputs> outputs();

  record Outputs(
      String bucket,
      String topicArn,
      String storageRoleArn,
      String loadErrorTopicArn,
      String loadErrorRoleArn) {}
}

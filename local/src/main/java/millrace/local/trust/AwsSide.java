package millrace.local.trust;

import java.util.Optional;

/** What the loop asks of AWS. Each call may be repeated. */
public interface AwsSide {
  /**
   * Writes the templates with what AWS has to know of Snowflake. Changes nothing in the account.
   */
  void synthesize(Trust trust);

  /** Whether the stacks are deployed as they were synthesized last. */
  boolean isDeployed();

  /** Deploys what was synthesized last: the role's trust and the topic's policy among it. */
  void deploy();

  /** What the deployed stacks say; empty where one of them is not there. */
  Optional<Outputs> outputs();

  record Outputs(String bucket, String topicArn, String storageRoleArn) {}
}

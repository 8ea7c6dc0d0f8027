package millrace.local.trust;

/**
 * What AWS has to know of Snowflake.
 *
 * @param files who takes the storage role; its external id is ours, set when the integration was
 *     made
 * @param loadErrors who takes the role that tells of failed loads; its external id is Snowflake's
 *     choice
 * @param subscriberArn Snowflake's user that subscribes the pipes to the topic
 */
public record Trust(Caller files, Caller loadErrors, String subscriberArn) {
  /**
   * A user of Snowflake's.
   *
   * @param externalId what it says when it takes a role of ours
   */
  public record Caller(String iamUserArn, String externalId) {}
}

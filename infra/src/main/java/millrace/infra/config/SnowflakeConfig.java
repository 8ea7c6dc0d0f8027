package millrace.infra.config;

import java.util.Optional;

/**
 * Who in Snowflake may read the files, hear of them, and tell of those it cannot load. It is known
 * after the integrations were made: {@code desc integration} prints the users.
 *
 * @param iamUserArn Snowflake's IAM user, which takes the role
 * @param externalId what the storage integration says when it takes the role, so that nobody else's
 *     integration can
 * @param subscriberArn who subscribes the pipes to the topic, as {@code
 *     system$get_aws_sns_iam_policy} prints it (default the same user)
 * @param loadErrors who tells of files that a pipe could not load; without it there is no topic for
 *     that, as long as there is no notification integration
 */
public record SnowflakeConfig(
    String iamUserArn, String externalId, String subscriberArn, Optional<Caller> loadErrors) {
  private static final String EXTERNAL_ID = "[A-Za-z0-9+=,.@:/_-]{%d,1224}";
  private static final String MEANING = "%d to 1224 letters, digits and +=,.@:/_-";
  private static final String PRINCIPAL = "the ARN of an IAM user, role or account root";

  /**
   * A user of Snowflake's and what it says when it takes a role of ours.
   *
   * @param externalId of the notification integration: Snowflake chooses it
   */
  public record Caller(String iamUserArn, String externalId) {
    /** What Snowflake chooses may be shorter than what AWS customers should choose. */
    private static Caller read(Section section) {
      var caller =
          new Caller(
              section.text("iamUserArn", Arns.PRINCIPAL, PRINCIPAL),
              section.text("externalId", EXTERNAL_ID.formatted(2), MEANING.formatted(2)));
      section.refuseUnknownKeys();
      return caller;
    }
  }

  static SnowflakeConfig read(Section section) {
    String iamUserArn = section.text("iamUserArn", Arns.PRINCIPAL, PRINCIPAL);
    String externalId = section.text("externalId", EXTERNAL_ID.formatted(8), MEANING.formatted(8));
    String subscriberArn =
        section.optionalText("subscriberArn", Arns.PRINCIPAL, PRINCIPAL).orElse(iamUserArn);
    Optional<Caller> loadErrors = section.optionalSection("loadErrors").map(Caller::read);
    section.refuseUnknownKeys();
    return new SnowflakeConfig(iamUserArn, externalId, subscriberArn, loadErrors);
  }
}

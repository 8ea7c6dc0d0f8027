package millrace.infra.config;

/**
 * Who in Snowflake may read the files and hear of them. Both are known after the storage
 * integration was made: {@code desc integration} prints the user.
 *
 * @param iamUserArn Snowflake's IAM user, which takes the role and subscribes to the topic
 * @param externalId what the storage integration says when it takes the role, so that nobody else's
 *     integration can
 */
public record SnowflakeConfig(String iamUserArn, String externalId) {
  static SnowflakeConfig read(Section section) {
    String iamUserArn =
        section.text("iamUserArn", Arns.PRINCIPAL, "the ARN of an IAM user, role or account root");
    String externalId =
        section.text(
            "externalId",
            "[A-Za-z0-9+=,.@:/_-]{8,1224}",
            "8 to 1224 letters, digits and +=,.@:/_-");
    section.refuseUnknownKeys();
    return new SnowflakeConfig(iamUserArn, externalId);
  }
}

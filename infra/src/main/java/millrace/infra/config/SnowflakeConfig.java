package millrace.infra.config;

/**
 * Who in Snowflake may read the files and hear of them. Both are known after the storage
 * integration was made: {@code desc integration} prints the user.
 *
 * @param iamUserArn Snowflake's IAM user, which takes the role
 * @param externalId what the storage integration says when it takes the role, so that nobody else's
 *     integration can
 * @param subscriberArn who subscribes the pipes to the topic, as {@code
 *     system$get_aws_sns_iam_policy} prints it (default the same user)
 */
public record SnowflakeConfig(String iamUserArn, String externalId, String subscriberArn) {
  static SnowflakeConfig read(Section section) {
    String iamUserArn =
        section.text("iamUserArn", Arns.PRINCIPAL, "the ARN of an IAM user, role or account root");
    String externalId =
        section.text(
            "externalId",
            "[A-Za-z0-9+=,.@:/_-]{8,1224}",
            "8 to 1224 letters, digits and +=,.@:/_-");
    String subscriberArn =
        section
            .optionalText(
                "subscriberArn", Arns.PRINCIPAL, "the ARN of an IAM user, role or account root")
            .orElse(iamUserArn);
    section.refuseUnknownKeys();
    return new SnowflakeConfig(iamUserArn, externalId, subscriberArn);
  }
}

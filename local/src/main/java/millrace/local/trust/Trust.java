package millrace.local.trust;

/**
 * What AWS has to know of Snowflake.
 *
 * @param iamUserArn Snowflake's user that takes the storage role
 * @param externalId what it says when it takes it: ours, set when the integration was made
 * @param subscriberArn Snowflake's user that subscribes the pipes to the topic
 */
public record Trust(String iamUserArn, String externalId, String subscriberArn) {}

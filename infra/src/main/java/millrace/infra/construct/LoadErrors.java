package millrace.infra.construct;

import java.util.List;
import java.util.Map;
import software.amazon.awscdk.services.iam.ArnPrincipal;
import software.amazon.awscdk.services.iam.PolicyDocument;
import software.amazon.awscdk.services.iam.PrincipalWithConditions;
import software.amazon.awscdk.services.kms.IKey;
import software.amazon.awscdk.services.sns.ITopic;
import software.amazon.awscdk.services.sns.Topic;
import software.amazon.awscdk.services.sns.TopicPolicy;
import software.constructs.Construct;

/**
 * Where Snowflake tells of files that a pipe could not load, and the role it takes to tell. A
 * notice quotes the value that did not fit, so the topic is under the key of the data; an alarm on
 * the number of notices tells people, without the values.
 */
public final class LoadErrors extends Construct {
  private final Topic topic;
  private final StepRole role;

  /**
   * @param topicName physical name of the topic; a standard one, since Snowflake drops notices to a
   *     FIFO topic without a word
   * @param roleName physical name of the role
   * @param iamUserArn Snowflake's user that takes the role
   * @param externalId what it says when it does: Snowflake's choice for each integration
   * @param key encrypts what waits in the topic
   */
  public record Props(
      String topicName, String roleName, String iamUserArn, String externalId, IKey key) {}

  public LoadErrors(Construct scope, String id, Props props) {
    super(scope, id);
    this.topic =
        Topic.Builder.create(this, "Topic")
            .topicName(props.topicName())
            .masterKey(props.key())
            .build();
    PolicyDocument document = new PolicyDocument();
    document.addStatements(TopicStatements.onlyOverTls(topic));
    TopicPolicy.Builder.create(this, "Policy")
        .topics(List.<ITopic>of(topic))
        .policyDocument(document)
        .build();
    this.role =
        new StepRole(
                this,
                "Teller",
                new PrincipalWithConditions(
                    new ArnPrincipal(props.iamUserArn()),
                    Map.of("StringEquals", Map.of("sts:ExternalId", props.externalId()))),
                "What the notification integration may do",
                props.roleName())
            .allow("TellOfFailedLoads", List.of("sns:Publish"), List.of(topic.getTopicArn()))
            .allow(
                "EncryptNotices",
                List.of("kms:Decrypt", "kms:GenerateDataKey"),
                List.of(props.key().getKeyArn()));
  }

  /** The topic itself. Never add to its resource policy: SNS keeps one. */
  public Topic topic() {
    return topic;
  }

  public String roleArn() {
    return role.arn();
  }
}

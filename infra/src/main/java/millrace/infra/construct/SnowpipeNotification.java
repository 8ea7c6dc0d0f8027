package millrace.infra.construct;

import java.util.List;
import java.util.Map;
import software.amazon.awscdk.Stack;
import software.amazon.awscdk.services.iam.ArnPrincipal;
import software.amazon.awscdk.services.iam.Effect;
import software.amazon.awscdk.services.iam.IPrincipal;
import software.amazon.awscdk.services.iam.PolicyDocument;
import software.amazon.awscdk.services.iam.PolicyStatement;
import software.amazon.awscdk.services.iam.ServicePrincipal;
import software.amazon.awscdk.services.kms.IKey;
import software.amazon.awscdk.services.sns.ITopic;
import software.amazon.awscdk.services.sns.Topic;
import software.amazon.awscdk.services.sns.TopicPolicy;
import software.constructs.Construct;

/**
 * The topic on which S3 announces files, with its one policy. SNS keeps a single policy per topic
 * and a second one silently replaces the first, so all statements are made here and nowhere else.
 */
public final class SnowpipeNotification extends Construct {
  private final Topic topic;
  private final TopicPolicy policy;

  /**
   * @param name physical name of the topic
   * @param bucketName the bucket that may publish; by name, because S3 checks the policy before the
   *     bucket exists
   * @param key encrypts what waits in the topic
   * @param snowflakePrincipals IAM ARNs that may subscribe, as Snowflake names them (default none)
   */
  public record Props(String name, String bucketName, IKey key, List<String> snowflakePrincipals) {
    public Props {
      snowflakePrincipals = List.copyOf(snowflakePrincipals);
    }
  }

  public SnowpipeNotification(Construct scope, String id, Props props) {
    super(scope, id);
    this.topic =
        Topic.Builder.create(this, "Topic").topicName(props.name()).masterKey(props.key()).build();
    PolicyDocument document = new PolicyDocument();
    document.addStatements(bucketPublishes(props.bucketName()), TopicStatements.onlyOverTls(topic));
    if (!props.snowflakePrincipals().isEmpty()) {
      document.addStatements(snowflakeSubscribes(props.snowflakePrincipals()));
    }
    this.policy =
        TopicPolicy.Builder.create(this, "Policy")
            .topics(List.<ITopic>of(topic))
            .policyDocument(document)
            .build();
  }

  /** The topic itself. Never add to its resource policy: see the class. */
  public Topic topic() {
    return topic;
  }

  /** The policy, for those who must wait for it. */
  public TopicPolicy policy() {
    return policy;
  }

  private PolicyStatement bucketPublishes(String bucketName) {
    return PolicyStatement.Builder.create()
        .sid("BucketPublishes")
        .effect(Effect.ALLOW)
        .principals(
            List.<IPrincipal>of(ServicePrincipal.Builder.create("s3.amazonaws.com").build()))
        .actions(List.of("sns:Publish"))
        .resources(List.of(topic.getTopicArn()))
        .conditions(
            Conditions.sorted(
                Map.of(
                    "ArnEquals", Map.of("aws:SourceArn", EventBucket.arnOf(this, bucketName)),
                    "StringEquals", Map.of("aws:SourceAccount", Stack.of(this).getAccount()))))
        .build();
  }

  private PolicyStatement snowflakeSubscribes(List<String> principals) {
    return PolicyStatement.Builder.create()
        .sid("SnowflakeSubscribes")
        .effect(Effect.ALLOW)
        .principals(principals.stream().<IPrincipal>map(ArnPrincipal::new).toList())
        .actions(List.of("sns:Subscribe"))
        .resources(List.of(topic.getTopicArn()))
        .build();
  }
}

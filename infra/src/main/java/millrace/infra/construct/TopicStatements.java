package millrace.infra.construct;

import java.util.List;
import java.util.Map;
import software.amazon.awscdk.services.iam.AnyPrincipal;
import software.amazon.awscdk.services.iam.Effect;
import software.amazon.awscdk.services.iam.IPrincipal;
import software.amazon.awscdk.services.iam.PolicyStatement;
import software.amazon.awscdk.services.sns.ITopic;

/** What the one policy of every topic says. */
public final class TopicStatements {
  private TopicStatements() {}

  /** Nobody publishes or subscribes over plain HTTP, whatever else allows it. */
  public static PolicyStatement onlyOverTls(ITopic topic) {
    return PolicyStatement.Builder.create()
        .sid("OnlyOverTls")
        .effect(Effect.DENY)
        .principals(List.<IPrincipal>of(new AnyPrincipal()))
        .actions(List.of("sns:Publish", "sns:Subscribe"))
        .resources(List.of(topic.getTopicArn()))
        .conditions(Map.of("Bool", Map.of("aws:SecureTransport", "false")))
        .build();
  }
}

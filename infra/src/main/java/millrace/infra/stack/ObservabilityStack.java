package millrace.infra.stack;

import java.util.List;
import java.util.Map;
import millrace.core.names.Names;
import millrace.infra.config.EnvironmentConfig;
import millrace.infra.construct.AuditTrail;
import software.amazon.awscdk.services.iam.AnyPrincipal;
import software.amazon.awscdk.services.iam.Effect;
import software.amazon.awscdk.services.iam.IPrincipal;
import software.amazon.awscdk.services.iam.PolicyDocument;
import software.amazon.awscdk.services.iam.PolicyStatement;
import software.amazon.awscdk.services.iam.ServicePrincipal;
import software.amazon.awscdk.services.kms.IKey;
import software.amazon.awscdk.services.sns.ITopic;
import software.amazon.awscdk.services.sns.Topic;
import software.amazon.awscdk.services.sns.TopicPolicy;
import software.amazon.awscdk.services.sns.subscriptions.EmailSubscription;
import software.constructs.Construct;

/** Who is told, of what, and what everybody did: alarms, dashboard and audit trail. */
public final class ObservabilityStack extends EnvironmentStack {
  public ObservabilityStack(Construct scope, EnvironmentConfig config, IKey key) {
    super(
        scope,
        Names.of(config.name()).observabilityStack(),
        config,
        "alarms, dashboard and audit trail");
    Topic topic =
        Topic.Builder.create(this, "Alarms").topicName(names().alarmTopic()).masterKey(key).build();
    policy(topic);
    config.alarms().email().ifPresent(email -> topic.addSubscription(new EmailSubscription(email)));
    AuditTrail trail =
        new AuditTrail(
            this,
            "Audit",
            new AuditTrail.Props(
                names().alarm("audit"),
                names().bucket(config.account(), config.region()) + "-audit",
                bucketArn(),
                key));
    new FlowAlarms(this, config, topic).make(trail.declinedCalls());
    FlowDashboard.make(this, config);
  }

  private void policy(Topic topic) {
    PolicyDocument document = new PolicyDocument();
    document.addStatements(
        PolicyStatement.Builder.create()
            .sid("AlarmsPublish")
            .effect(Effect.ALLOW)
            .principals(
                List.<IPrincipal>of(
                    ServicePrincipal.Builder.create("cloudwatch.amazonaws.com").build()))
            .actions(List.of("sns:Publish"))
            .resources(List.of(topic.getTopicArn()))
            .conditions(Map.of("StringEquals", Map.of("aws:SourceAccount", config().account())))
            .build(),
        PolicyStatement.Builder.create()
            .sid("OnlyOverTls")
            .effect(Effect.DENY)
            .principals(List.<IPrincipal>of(new AnyPrincipal()))
            .actions(List.of("sns:Publish", "sns:Subscribe"))
            .resources(List.of(topic.getTopicArn()))
            .conditions(Map.of("Bool", Map.of("aws:SecureTransport", "false")))
            .build());
    TopicPolicy.Builder.create(this, "AlarmsPolicy")
        .topics(List.<ITopic>of(topic))
        .policyDocument(document)
        .build();
  }
}

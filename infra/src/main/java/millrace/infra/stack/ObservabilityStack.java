package millrace.infra.stack;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import millrace.core.names.Metrics;
import millrace.core.names.Names;
import millrace.infra.config.BrokerConfig;
import millrace.infra.config.EnvironmentConfig;
import millrace.infra.construct.AuditTrail;
import millrace.infra.construct.RefusedLogIns;
import millrace.infra.construct.TopicStatements;
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
  /**
   * @param key encrypts topic, trail and logs
   * @param broker whose log-ins are watched, where it is ours
   */
  public ObservabilityStack(
      Construct scope, EnvironmentConfig config, IKey key, Optional<BrokerStack> broker) {
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
                Metrics.declinedCalls(config.name()),
                doors(),
                key));
    FlowAlarms alarms = new FlowAlarms(this, config, topic);
    alarms.make(trail.declinedCalls());
    broker
        .flatMap(ours -> watchedLog().map(log -> refusedLogIns(ours, log)))
        .ifPresent(refused -> alarms.logIns(refused.count()));
    FlowDashboard.make(this, config);
  }

  /** Calls that CloudTrail writes down only where it is told to, by the kind of what is called. */
  private Map<String, List<String>> doors() {
    return Map.of(
        "AWS::S3::Object", List.of(bucketArn() + "/"),
        // the dead letters' name begins with the queue's
        "AWS::SQS::Queue", List.of(arn("sqs", names().batchQueue())),
        "AWS::SNS::Topic",
            List.of(arn("sns", names().fileTopic()), arn("sns", names().loadErrorTopic())),
        "AWS::Lambda::Function", List.of(arn("lambda", "function:" + names().writerFunction())),
        "AWS::DynamoDB::Table", List.of(arn("dynamodb", "table/" + names().subjectKeyTable())));
  }

  /**
   * The broker's log of connections. It is there as soon as the consumer has connected, so it is
   * watched from the deployment on that brings the consumer.
   */
  private Optional<String> watchedLog() {
    return config().consumer().isPresent()
            && config().broker() instanceof BrokerConfig.Managed managed
        ? managed.logInLog().group()
        : Optional.empty();
  }

  private RefusedLogIns refusedLogIns(BrokerStack broker, String log) {
    return new RefusedLogIns(
        this, "LogIns", broker.brokerId(), log, Metrics.refusedLogIns(config().name()));
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
        TopicStatements.onlyOverTls(topic));
    TopicPolicy.Builder.create(this, "AlarmsPolicy")
        .topics(List.<ITopic>of(topic))
        .policyDocument(document)
        .build();
  }
}

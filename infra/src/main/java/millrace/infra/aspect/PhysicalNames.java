package millrace.infra.aspect;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import software.amazon.awscdk.Annotations;
import software.amazon.awscdk.Aspects;
import software.amazon.awscdk.IAspect;
import software.amazon.awscdk.Token;
import software.amazon.awscdk.services.amazonmq.CfnBroker;
import software.amazon.awscdk.services.cloudtrail.CfnTrail;
import software.amazon.awscdk.services.cloudwatch.CfnAlarm;
import software.amazon.awscdk.services.cloudwatch.CfnDashboard;
import software.amazon.awscdk.services.dynamodb.CfnTable;
import software.amazon.awscdk.services.ecs.CfnCluster;
import software.amazon.awscdk.services.ecs.CfnService;
import software.amazon.awscdk.services.iam.CfnRole;
import software.amazon.awscdk.services.kms.CfnAlias;
import software.amazon.awscdk.services.lambda.CfnFunction;
import software.amazon.awscdk.services.logs.CfnLogGroup;
import software.amazon.awscdk.services.s3.CfnBucket;
import software.amazon.awscdk.services.secretsmanager.CfnSecret;
import software.amazon.awscdk.services.sns.CfnTopic;
import software.amazon.awscdk.services.sqs.CfnQueue;
import software.constructs.IConstruct;

/**
 * A name in the account says which environment it belongs to, so that two environments fit into one
 * account and a policy, a bill or a person can tell them apart. Another name stops the synthesis.
 */
public final class PhysicalNames implements IAspect {
  private final String environment;

  private PhysicalNames(String environment) {
    this.environment = environment;
  }

  /** Demands it of everything below a scope. */
  public static void demand(IConstruct scope, String environment) {
    Aspects.of(scope).add(new PhysicalNames(environment));
  }

  @Override
  public void visit(IConstruct node) {
    name(node)
        .filter(name -> !Token.isUnresolved(name) && !belongs(name))
        .ifPresent(
            name ->
                Annotations.of(node)
                    .addError(
                        "the name \""
                            + name
                            + "\" does not say that it belongs to the environment "
                            + environment));
  }

  /** {@code millrace-dev...}, {@code /aws/lambda/millrace-dev...}, {@code millrace/dev/...}. */
  private boolean belongs(String name) {
    return name.matches("(.*/)?millrace[-/]" + environment + "([-/].*)?");
  }

  private static Optional<String> name(IConstruct node) {
    @Nullable String name =
        switch (node) {
          case CfnAlarm alarm -> alarm.getAlarmName();
          case CfnAlias alias -> alias.getAliasName();
          case CfnBroker broker -> broker.getBrokerName();
          case CfnBucket bucket -> bucket.getBucketName();
          case CfnCluster cluster -> cluster.getClusterName();
          case CfnDashboard dashboard -> dashboard.getDashboardName();
          case CfnFunction function -> function.getFunctionName();
          case CfnLogGroup group -> group.getLogGroupName();
          case CfnQueue queue -> queue.getQueueName();
          case CfnRole role -> role.getRoleName();
          case CfnSecret secret -> secret.getName();
          case CfnService service -> service.getServiceName();
          case CfnTable table -> table.getTableName();
          case CfnTopic topic -> topic.getTopicName();
          case CfnTrail trail -> trail.getTrailName();
          default -> null;
        };
    return Optional.ofNullable(name);
  }
}

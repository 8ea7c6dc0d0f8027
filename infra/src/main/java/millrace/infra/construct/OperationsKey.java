package millrace.infra.construct;

import java.util.List;
import java.util.Map;
import software.amazon.awscdk.Arn;
import software.amazon.awscdk.ArnComponents;
import software.amazon.awscdk.ArnFormat;
import software.amazon.awscdk.RemovalPolicy;
import software.amazon.awscdk.Stack;
import software.amazon.awscdk.services.iam.Effect;
import software.amazon.awscdk.services.iam.PolicyStatement;
import software.amazon.awscdk.services.iam.ServicePrincipal;
import software.amazon.awscdk.services.kms.Key;
import software.constructs.Construct;

/**
 * The key of what is not data: broker, logs, audit trail, alarms. Who may read a log need not be
 * able to read an event, so it is another key than the data's. It rotates yearly; services use it
 * for this account's log groups, alarms and trail, and for nothing else.
 */
public final class OperationsKey extends Construct {
  private final Key key;

  public OperationsKey(Construct scope, String id, String alias) {
    super(scope, id);
    this.key =
        Key.Builder.create(this, "Key")
            .alias(alias)
            .description("Millrace: broker, logs, audit trail and alarms of this environment")
            .enableKeyRotation(true)
            .removalPolicy(RemovalPolicy.RETAIN)
            .build();
    Stack stack = Stack.of(this);
    letLogs(key);
    let(
        "AlarmsMayPublish",
        "cloudwatch.amazonaws.com",
        Map.of("StringEquals", Map.of("aws:SourceAccount", stack.getAccount())));
    let(
        "TrailMayEncrypt",
        "cloudtrail.amazonaws.com",
        Map.of(
            "StringLike",
            Map.of(
                "aws:SourceArn",
                Arn.format(
                    ArnComponents.builder()
                        .service("cloudtrail")
                        .resource("trail")
                        .resourceName("*")
                        .build(),
                    stack))));
  }

  /** The key itself. */
  public Key key() {
    return key;
  }

  /** Lets CloudWatch Logs keep this account's log groups under a key. */
  public static void letLogs(Key key) {
    Stack stack = Stack.of(key);
    key.addToResourcePolicy(
        statement(
            "LogsMayEncrypt",
            "logs." + stack.getRegion() + ".amazonaws.com",
            Map.of(
                "ArnLike",
                Map.of(
                    "kms:EncryptionContext:aws:logs:arn",
                    Arn.format(
                        ArnComponents.builder()
                            .service("logs")
                            .resource("log-group")
                            .resourceName("*")
                            .arnFormat(ArnFormat.COLON_RESOURCE_NAME)
                            .build(),
                        stack)))));
  }

  private void let(String sid, String service, Map<String, Map<String, String>> conditions) {
    key.addToResourcePolicy(statement(sid, service, conditions));
  }

  private static PolicyStatement statement(
      String sid, String service, Map<String, Map<String, String>> conditions) {
    return PolicyStatement.Builder.create()
        .sid(sid)
        .effect(Effect.ALLOW)
        .principals(List.of(ServicePrincipal.Builder.create(service).build()))
        .actions(
            List.of(
                "kms:Decrypt",
                "kms:DescribeKey",
                "kms:Encrypt",
                "kms:GenerateDataKey*",
                "kms:ReEncrypt*"))
        .resources(List.of("*"))
        .conditions(conditions)
        .build();
  }
}

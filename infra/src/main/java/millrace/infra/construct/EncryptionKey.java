package millrace.infra.construct;

import java.util.List;
import java.util.Map;
import software.amazon.awscdk.RemovalPolicy;
import software.amazon.awscdk.Stack;
import software.amazon.awscdk.services.iam.Effect;
import software.amazon.awscdk.services.iam.PolicyStatement;
import software.amazon.awscdk.services.iam.ServicePrincipal;
import software.amazon.awscdk.services.kms.Key;
import software.constructs.Construct;

/**
 * The key of one environment: bucket, topic, queues and secret are under it. It rotates yearly. Its
 * policy leaves use to IAM, as CDK does by default, and adds what IAM cannot say: that services of
 * this account may use it on our behalf.
 */
public final class EncryptionKey extends Construct {
  private final Key key;

  /**
   * @param alias the key's alias, {@code alias/...}
   */
  public EncryptionKey(Construct scope, String id, String alias) {
    super(scope, id);
    this.key =
        Key.Builder.create(this, "Key")
            .alias(alias)
            .description("Millrace: objects, notifications, queues and secrets of this environment")
            .enableKeyRotation(true)
            .removalPolicy(RemovalPolicy.RETAIN)
            .build();
    // S3 publishes to a topic under this key; SNS delivers to a queue under it. Without these, the
    // bucket cannot even be
    // created: S3 sends a test message first.
    letUse("S3MayPublish", "s3.amazonaws.com");
    letUse("SnsMayDeliver", "sns.amazonaws.com");
  }

  /** The key itself. */
  public Key key() {
    return key;
  }

  private void letUse(String sid, String service) {
    key.addToResourcePolicy(
        PolicyStatement.Builder.create()
            .sid(sid)
            .effect(Effect.ALLOW)
            .principals(List.of(ServicePrincipal.Builder.create(service).build()))
            .actions(List.of("kms:Decrypt", "kms:GenerateDataKey"))
            .resources(List.of("*"))
            .conditions(
                Map.of("StringEquals", Map.of("aws:SourceAccount", Stack.of(this).getAccount())))
            .build());
  }
}

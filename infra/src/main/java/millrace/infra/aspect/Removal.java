package millrace.infra.aspect;

import java.util.Set;
import software.amazon.awscdk.AspectOptions;
import software.amazon.awscdk.AspectPriority;
import software.amazon.awscdk.Aspects;
import software.amazon.awscdk.CfnResource;
import software.amazon.awscdk.IAspect;
import software.amazon.awscdk.RemovalPolicy;
import software.amazon.awscdk.services.dynamodb.CfnTable;
import software.constructs.IConstruct;

/**
 * What becomes of data with its stack. The constructs keep it; an environment that does not retain
 * data changes that here, in one place. The policies of what is kept are kept with it: a bucket
 * that outlives its stack must not become one that anybody of the account may overwrite over plain
 * HTTP.
 */
public final class Removal implements IAspect {
  /** What holds data, and what says who may reach it. */
  static final Set<String> KEPT =
      Set.of(
          "AWS::AmazonMQ::Broker",
          "AWS::DynamoDB::Table",
          "AWS::KMS::Key",
          "AWS::Logs::LogGroup",
          "AWS::S3::Bucket",
          "AWS::S3::BucketPolicy",
          "AWS::SQS::Queue",
          "AWS::SQS::QueuePolicy",
          "AWS::SecretsManager::Secret");

  private final RemovalPolicy policy;

  private Removal(RemovalPolicy policy) {
    this.policy = policy;
  }

  /**
   * Decides for everything below a scope.
   *
   * @param retain whether data outlives its stack
   */
  public static void decide(IConstruct scope, boolean retain) {
    Aspects.of(scope)
        .add(
            new Removal(retain ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY),
            AspectOptions.builder().priority(AspectPriority.MUTATING).build());
  }

  @Override
  public void visit(IConstruct node) {
    if (node instanceof CfnResource resource && KEPT.contains(resource.getCfnResourceType())) {
      resource.applyRemovalPolicy(policy);
    }
    if (node instanceof CfnTable table) {
      table.setDeletionProtectionEnabled(policy == RemovalPolicy.RETAIN);
    }
  }
}

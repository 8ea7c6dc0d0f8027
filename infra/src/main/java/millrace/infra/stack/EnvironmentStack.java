package millrace.infra.stack;

import millrace.core.names.Names;
import millrace.infra.aspect.LogRetention;
import millrace.infra.aspect.PhysicalNames;
import millrace.infra.aspect.Removal;
import millrace.infra.config.EnvironmentConfig;
import software.amazon.awscdk.Arn;
import software.amazon.awscdk.ArnComponents;
import software.amazon.awscdk.Environment;
import software.amazon.awscdk.Stack;
import software.amazon.awscdk.StackProps;
import software.amazon.awscdk.Tags;
import software.amazon.awscdk.services.sns.ITopic;
import software.amazon.awscdk.services.sns.Topic;
import software.constructs.Construct;

/**
 * What the stacks of an environment share: place, protection, how they name each other, and what
 * holds for everything in them.
 */
abstract class EnvironmentStack extends Stack {
  /** Where one part's permissions name another's resource before that exists. */
  private final Names names;

  private final EnvironmentConfig config;

  EnvironmentStack(Construct scope, String id, EnvironmentConfig config, String holds) {
    super(
        scope,
        id,
        StackProps.builder()
            .env(Environment.builder().account(config.account()).region(config.region()).build())
            .description("Millrace " + config.name() + ": " + holds)
            .terminationProtection(config.retainData())
            .build());
    this.config = config;
    this.names = Names.of(config.name());
    Tags.of(this).add("millrace-environment", config.name());
    // what a part of the flow costs, in the account's cost explorer
    Tags.of(this).add("millrace-stack", id);
    PhysicalNames.demand(this, config.name());
    LogRetention.decide(this, config.retention().logs());
    Removal.decide(this, config.retainData());
  }

  final EnvironmentConfig config() {
    return config;
  }

  final Names names() {
    return names;
  }

  /** ARN of a resource of this account and region. */
  final String arn(String service, String resource) {
    return Arn.format(ArnComponents.builder().service(service).resource(resource).build(), this);
  }

  /** ARN of the bucket of all objects. */
  final String bucketArn() {
    return s3Arn(names.bucket(config.account(), config.region()));
  }

  final String s3Arn(String bucket) {
    return Arn.format(
        ArnComponents.builder().service("s3").region("").account("").resource(bucket).build(),
        this);
  }

  /** The topic of alarms, by name: a stack need not wait for the one that tells of its faults. */
  final ITopic alarmTopic() {
    return Topic.fromTopicArn(this, "AlarmTopic", arn("sns", names.alarmTopic()));
  }
}

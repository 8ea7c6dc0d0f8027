package millrace.infra.construct;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import millrace.core.names.Names;
import software.amazon.awscdk.Duration;
import software.amazon.awscdk.RemovalPolicy;
import software.amazon.awscdk.Stack;
import software.amazon.awscdk.services.cloudtrail.CfnTrail;
import software.amazon.awscdk.services.cloudwatch.Metric;
import software.amazon.awscdk.services.iam.Effect;
import software.amazon.awscdk.services.iam.IPrincipal;
import software.amazon.awscdk.services.iam.PolicyStatement;
import software.amazon.awscdk.services.iam.ServicePrincipal;
import software.amazon.awscdk.services.kms.IKey;
import software.amazon.awscdk.services.logs.FilterPattern;
import software.amazon.awscdk.services.logs.LogGroup;
import software.amazon.awscdk.services.logs.MetricFilter;
import software.amazon.awscdk.services.logs.RetentionDays;
import software.amazon.awscdk.services.s3.BlockPublicAccess;
import software.amazon.awscdk.services.s3.Bucket;
import software.amazon.awscdk.services.s3.BucketEncryption;
import software.amazon.awscdk.services.s3.LifecycleRule;
import software.amazon.awscdk.services.s3.ObjectOwnership;
import software.constructs.Construct;

/**
 * Who did what: every call of the account, those of KMS included, and every call to the doors of
 * the flow that CloudTrail would else not write down (objects, messages, notices, invocations,
 * items), with validation of its files, for 400 days. Calls that were declined and log-ins that
 * failed are counted.
 */
public final class AuditTrail extends Construct {
  /** What a declined call looks like: services have each their word for it. */
  public static final String DECLINED =
      "{ ($.errorCode = \"*UnauthorizedOperation\") || ($.errorCode = \"AccessDenied*\") ||"
          + " ($.errorCode = \"AuthorizationError*\") || ($.errorCode = \"*Forbidden*\") ||"
          + " ($.eventName = \"ConsoleLogin\" && $.responseElements.ConsoleLogin = \"Failure\") }";

  private static final int KEPT_DAYS = 400;

  /**
   * @param name physical name of the trail
   * @param bucketName physical name of the trail's own bucket
   * @param metric name of the metric of declined calls and failed log-ins; a metric of a log has no
   *     dimension, so it is another one for each environment
   * @param watched what ARNs begin with whose data events are written down, by CloudTrail's name of
   *     the kind of resource
   * @param key encrypts files and log group
   */
  public record Props(
      String name, String bucketName, String metric, Map<String, List<String>> watched, IKey key) {
    public Props {
      watched = Collections.unmodifiableMap(Conditions.sorted(watched));
    }
  }

  private final String metric;

  public AuditTrail(Construct scope, String id, Props props) {
    super(scope, id);
    this.metric = props.metric();
    Stack stack = Stack.of(this);
    String trailArn =
        stack.formatArn(
            software.amazon.awscdk.ArnComponents.builder()
                .service("cloudtrail")
                .resource("trail")
                .resourceName(props.name())
                .build());
    Bucket bucket = bucket(props, trailArn);
    LogGroup logs =
        LogGroup.Builder.create(this, "Logs")
            .logGroupName("/millrace/" + props.name())
            .encryptionKey(props.key())
            .retention(RetentionDays.ONE_MONTH)
            .removalPolicy(RemovalPolicy.RETAIN)
            .build();
    StepRole role =
        new StepRole(
                this,
                "Delivery",
                ServicePrincipal.Builder.create("cloudtrail.amazonaws.com").build(),
                "What the audit trail may do")
            .allow(
                "WriteLogs",
                List.of("logs:CreateLogStream", "logs:PutLogEvents"),
                List.of(logs.getLogGroupArn()));
    CfnTrail trail =
        CfnTrail.Builder.create(this, "Trail")
            .trailName(props.name())
            .s3BucketName(bucket.getBucketName())
            .kmsKeyId(props.key().getKeyArn())
            .isLogging(true)
            .isMultiRegionTrail(true)
            .includeGlobalServiceEvents(true)
            .enableLogFileValidation(true)
            .cloudWatchLogsLogGroupArn(logs.getLogGroupArn())
            .cloudWatchLogsRoleArn(role.arn())
            .advancedEventSelectors(selectors(props.watched()))
            .build();
    trail.getNode().addDependency(bucket);
    trail.getNode().addDependency(role);
    MetricFilter.Builder.create(this, "Declined")
        .logGroup(logs)
        .filterPattern(FilterPattern.literal(DECLINED))
        .metricNamespace(Names.METRIC_NAMESPACE)
        .metricName(metric)
        .metricValue("1")
        .build();
  }

  /** Declined calls and failed log-ins in five minutes. */
  public Metric declinedCalls() {
    return Metric.Builder.create()
        .namespace(Names.METRIC_NAMESPACE)
        .metricName(metric)
        .statistic("Sum")
        .period(Duration.minutes(5))
        .build();
  }

  /** Nothing is left out of management events: KMS declines what a policy of S3 would let pass. */
  private static List<CfnTrail.AdvancedEventSelectorProperty> selectors(
      Map<String, List<String>> watched) {
    List<CfnTrail.AdvancedEventSelectorProperty> selectors = new ArrayList<>();
    selectors.add(
        CfnTrail.AdvancedEventSelectorProperty.builder()
            .name("calls")
            .fieldSelectors(List.of(field("eventCategory").equalTo(List.of("Management")).build()))
            .build());
    watched.forEach(
        (type, arns) ->
            selectors.add(
                CfnTrail.AdvancedEventSelectorProperty.builder()
                    .name(type)
                    .fieldSelectors(
                        List.of(
                            field("eventCategory").equalTo(List.of("Data")).build(),
                            field("resources.type").equalTo(List.of(type)).build(),
                            field("resources.ARN").startsWith(arns).build()))
                    .build()));
    return selectors;
  }

  private static CfnTrail.AdvancedFieldSelectorProperty.Builder field(String name) {
    return CfnTrail.AdvancedFieldSelectorProperty.builder().field(name);
  }

  private Bucket bucket(Props props, String trailArn) {
    Bucket bucket =
        Bucket.Builder.create(this, "Bucket")
            .bucketName(props.bucketName())
            .blockPublicAccess(BlockPublicAccess.BLOCK_ALL)
            .objectOwnership(ObjectOwnership.BUCKET_OWNER_ENFORCED)
            .enforceSsl(true)
            .encryption(BucketEncryption.KMS)
            .encryptionKey(props.key())
            .bucketKeyEnabled(true)
            .versioned(true)
            .lifecycleRules(
                List.of(
                    LifecycleRule.builder()
                        .id("audit-ends")
                        .expiration(Duration.days(KEPT_DAYS))
                        .noncurrentVersionExpiration(Duration.days(7))
                        .abortIncompleteMultipartUploadAfter(Duration.days(7))
                        .build()))
            .removalPolicy(RemovalPolicy.RETAIN)
            .build();
    bucket.addToResourcePolicy(
        trail("TrailLooks", "s3:GetBucketAcl", bucket.getBucketArn(), trailArn));
    bucket.addToResourcePolicy(
        trail(
            "TrailWrites",
            "s3:PutObject",
            bucket.arnForObjects("AWSLogs/" + Stack.of(this).getAccount() + "/*"),
            trailArn));
    return bucket;
  }

  private static PolicyStatement trail(
      String sid, String action, String resource, String trailArn) {
    return PolicyStatement.Builder.create()
        .sid(sid)
        .effect(Effect.ALLOW)
        .principals(
            List.<IPrincipal>of(
                ServicePrincipal.Builder.create("cloudtrail.amazonaws.com").build()))
        .actions(List.of(action))
        .resources(List.of(resource))
        .conditions(Map.of("StringEquals", Map.of("aws:SourceArn", trailArn)))
        .build();
  }
}

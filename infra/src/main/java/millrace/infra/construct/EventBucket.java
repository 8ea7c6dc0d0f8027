package millrace.infra.construct;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import millrace.core.names.ObjectPrefixes;
import software.amazon.awscdk.Arn;
import software.amazon.awscdk.ArnComponents;
import software.amazon.awscdk.RemovalPolicy;
import software.amazon.awscdk.Stack;
import software.amazon.awscdk.services.iam.AnyPrincipal;
import software.amazon.awscdk.services.iam.Effect;
import software.amazon.awscdk.services.iam.IPrincipal;
import software.amazon.awscdk.services.iam.PolicyStatement;
import software.amazon.awscdk.services.kms.IKey;
import software.amazon.awscdk.services.s3.BlockPublicAccess;
import software.amazon.awscdk.services.s3.Bucket;
import software.amazon.awscdk.services.s3.BucketEncryption;
import software.amazon.awscdk.services.s3.CfnBucket;
import software.amazon.awscdk.services.s3.LifecycleRule;
import software.amazon.awscdk.services.s3.ObjectOwnership;
import software.amazon.awscdk.services.s3.StorageClass;
import software.amazon.awscdk.services.s3.Transition;
import software.constructs.Construct;

/**
 * The bucket of all objects: no public access, TLS only, encrypted under the key with a bucket key,
 * files created once and never overwritten, short lives for what may be personal, and S3's own
 * notification of every file to the topic.
 *
 * <p>It keeps no versions: nothing that matters is ever overwritten, and an object that expires
 * must be gone, because {@code batches/} and {@code quarantine/} hold bytes before any treatment.
 */
public final class EventBucket extends Construct {
  /** The folders whose new objects pipes load. */
  static final List<String> ANNOUNCED = List.of(ObjectPrefixes.EVENTS, ObjectPrefixes.FAILED);

  /** The folders whose objects are written once; {@code contracts/} holds a pointer that moves. */
  static final List<String> CREATE_ONLY =
      List.of(
          ObjectPrefixes.EVENTS,
          ObjectPrefixes.ARCHIVE,
          ObjectPrefixes.FAILED,
          ObjectPrefixes.QUARANTINE,
          ObjectPrefixes.BATCHES);

  private final Bucket bucket;

  /**
   * @param name physical name of the bucket
   * @param key default encryption of every object
   * @param quarantineKey encryption of {@code quarantine/}, which the policy demands there
   * @param announcesTo the topic that S3 tells of new objects in {@code events/} and {@code
   *     failed/}
   * @param batches life of objects in {@code batches/}
   * @param quarantine life of objects in {@code quarantine/}
   * @param archiveCoolsAfter when objects in {@code archive/} move to Glacier Instant Retrieval
   */
  public record Props(
      String name,
      IKey key,
      IKey quarantineKey,
      SnowpipeNotification announcesTo,
      Duration batches,
      Duration quarantine,
      Duration archiveCoolsAfter) {}

  public EventBucket(Construct scope, String id, Props props) {
    super(scope, id);
    this.bucket =
        Bucket.Builder.create(this, "Bucket")
            .bucketName(props.name())
            .blockPublicAccess(BlockPublicAccess.BLOCK_ALL)
            .objectOwnership(ObjectOwnership.BUCKET_OWNER_ENFORCED)
            .enforceSsl(true)
            .encryption(BucketEncryption.KMS)
            .encryptionKey(props.key())
            .bucketKeyEnabled(true)
            .lifecycleRules(
                List.of(
                    expire("batches", ObjectPrefixes.BATCHES, props.batches()),
                    expire("quarantine", ObjectPrefixes.QUARANTINE, props.quarantine()),
                    cool(props.archiveCoolsAfter()),
                    LifecycleRule.builder()
                        .id("abandoned-uploads")
                        .abortIncompleteMultipartUploadAfter(
                            software.amazon.awscdk.Duration.days(7))
                        .build()))
            .removalPolicy(RemovalPolicy.RETAIN)
            .build();
    createOnly();
    quarantineUnder(props.quarantineKey());
    // Snowflake reads with a role of this account, which it takes.
    bucket.addToResourcePolicy(
        Conditions.onlyOwnAccount(
            this, "s3:*", List.of(bucket.getBucketArn(), bucket.arnForObjects("*"))));
    announce(props.announcesTo());
  }

  /** The bucket itself. */
  public Bucket bucket() {
    return bucket;
  }

  /** ARN of everything below one folder. */
  public String objects(String prefix) {
    return bucket.arnForObjects(prefix + "*");
  }

  /** ARN of a bucket that may not exist yet. */
  static String arnOf(Construct scope, String name) {
    return Arn.format(
        ArnComponents.builder().service("s3").region("").account("").resource(name).build(),
        Stack.of(scope));
  }

  /**
   * A key names its content (the file id is a hash of it), so an overwrite is a bug or an attack.
   * The parts of a multipart upload carry no condition of their own, only its completion does;
   * {@code s3:ObjectCreationOperation} tells them apart.
   */
  private void createOnly() {
    bucket.addToResourcePolicy(
        PolicyStatement.Builder.create()
            .sid("CreateOnly")
            .effect(Effect.DENY)
            .principals(List.<IPrincipal>of(new AnyPrincipal()))
            .actions(List.of("s3:PutObject"))
            .resources(CREATE_ONLY.stream().map(this::objects).toList())
            .conditions(
                Conditions.sorted(
                    Map.of(
                        "Null", Map.of("s3:if-none-match", "true"),
                        "Bool", Map.of("s3:ObjectCreationOperation", "true"))))
            .build());
  }

  /** A writer that forgets the key would put clear bytes where the bucket's readers can read. */
  private void quarantineUnder(IKey key) {
    bucket.addToResourcePolicy(
        PolicyStatement.Builder.create()
            .sid("QuarantineUnderItsOwnKey")
            .effect(Effect.DENY)
            .principals(List.<IPrincipal>of(new AnyPrincipal()))
            .actions(List.of("s3:PutObject"))
            .resources(List.of(objects(ObjectPrefixes.QUARANTINE)))
            .conditions(
                Conditions.sorted(
                    Map.of(
                        "StringNotEquals",
                        Map.of("s3:x-amz-server-side-encryption-aws-kms-key-id", key.getKeyArn()),
                        "Bool",
                        Map.of("s3:ObjectCreationOperation", "true"))))
            .build());
  }

  /**
   * Native notifications: CDK's own helper would bring a function and the right to change every
   * bucket's notifications.
   */
  private void announce(SnowpipeNotification topic) {
    CfnBucket resource = (CfnBucket) bucket.getNode().getDefaultChild();
    resource.setNotificationConfiguration(
        CfnBucket.NotificationConfigurationProperty.builder()
            .topicConfigurations(ANNOUNCED.stream().map(prefix -> created(prefix, topic)).toList())
            .build());
    // S3 tries the topic while it creates the bucket; both its policy and the key's must stand by
    // then.
    bucket.getNode().addDependency(topic.policy());
  }

  private static CfnBucket.TopicConfigurationProperty created(
      String prefix, SnowpipeNotification topic) {
    return CfnBucket.TopicConfigurationProperty.builder()
        .event("s3:ObjectCreated:*")
        .topic(topic.topic().getTopicArn())
        .filter(
            CfnBucket.NotificationFilterProperty.builder()
                .s3Key(
                    CfnBucket.S3KeyFilterProperty.builder()
                        .rules(
                            List.of(
                                CfnBucket.FilterRuleProperty.builder()
                                    .name("prefix")
                                    .value(prefix)
                                    .build()))
                        .build())
                .build())
        .build();
  }

  private static LifecycleRule expire(String id, String prefix, Duration after) {
    return LifecycleRule.builder().id(id).prefix(prefix).expiration(days(after)).build();
  }

  private static LifecycleRule cool(Duration after) {
    return LifecycleRule.builder()
        .id("archive-cools")
        .prefix(ObjectPrefixes.ARCHIVE)
        .transitions(
            List.of(
                Transition.builder()
                    .storageClass(StorageClass.GLACIER_INSTANT_RETRIEVAL)
                    .transitionAfter(days(after))
                    .build()))
        .build();
  }

  private static software.amazon.awscdk.Duration days(Duration duration) {
    return software.amazon.awscdk.Duration.days(duration.toDays());
  }
}

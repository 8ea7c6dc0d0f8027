package millrace.infra.construct;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import millrace.core.names.Names;
import millrace.core.names.ObjectPrefixes;
import software.amazon.awscdk.Arn;
import software.amazon.awscdk.ArnComponents;
import software.amazon.awscdk.RemovalPolicy;
import software.amazon.awscdk.Stack;
import software.amazon.awscdk.services.iam.AccountRootPrincipal;
import software.amazon.awscdk.services.iam.AnyPrincipal;
import software.amazon.awscdk.services.iam.Effect;
import software.amazon.awscdk.services.iam.IPrincipal;
import software.amazon.awscdk.services.iam.PolicyStatement;
import software.amazon.awscdk.services.kms.IKey;
import software.amazon.awscdk.services.kms.Key;
import software.constructs.Construct;

/**
 * The key of {@code quarantine/}, whose bytes were not treated, and the only role that reads them:
 * that of whoever replays. The writer encrypts with the key and cannot read back; an administrator
 * who may read every object of the bucket cannot either, because the key's policy denies it.
 */
public final class Quarantine extends Construct {
  private final Key key;
  private final StepRole replay;

  /**
   * @param names names of the environment
   */
  public Quarantine(Construct scope, String id, Names names) {
    super(scope, id);
    this.key =
        Key.Builder.create(this, "Key")
            .alias(names.quarantineKeyAlias())
            .description("Millrace: bytes that could not be treated")
            .enableKeyRotation(true)
            .removalPolicy(RemovalPolicy.RETAIN)
            .build();
    this.replay =
        new StepRole(
            this,
            "Replay",
            new AccountRootPrincipal(),
            "Reads archive, quarantine and contracts and sends batches to the writer",
            names.replayRole());
    key.addToResourcePolicy(
        PolicyStatement.Builder.create()
            .sid("OnlyReplayReads")
            .effect(Effect.DENY)
            .principals(List.<IPrincipal>of(new AnyPrincipal()))
            .actions(List.of("kms:Decrypt", "kms:ReEncryptFrom"))
            .resources(List.of("*"))
            // By name: role and key would wait for each other.
            .conditions(
                Map.of("ArnNotEquals", Map.of("aws:PrincipalArn", arnOf(names.replayRole()))))
            .build());
  }

  /** The key, for the bucket's policy. */
  public IKey key() {
    return key;
  }

  /** Lets a function put into quarantine, and not read it. */
  public void grantEncrypt(PipelineFunction function) {
    function.allow("Quarantine", List.of("kms:GenerateDataKey"), List.of(key.getKeyArn()));
  }

  /**
   * Lets the role of replay do what a replay does.
   *
   * @param encryption key of bucket and queue
   */
  public void grantReplay(EventBucket bucket, GuardedQueue batches, IKey encryption) {
    replay.allow(
        "ReadWhatWasStored",
        List.of("s3:GetObject"),
        Stream.of(ObjectPrefixes.ARCHIVE, ObjectPrefixes.QUARANTINE).map(bucket::objects).toList());
    // a backfill reads rows by the contracts that the writer knows
    replay.allow(
        "ReadContracts",
        List.of("s3:GetObject"),
        List.of(bucket.objects(ObjectPrefixes.CONTRACTS)));
    replay.allow(
        "ListWhatWasStored", List.of("s3:ListBucket"), List.of(bucket.bucket().getBucketArn()));
    replay.allow("SendAgain", List.of("sqs:SendMessage"), List.of(batches.queue().getQueueArn()));
    // a batch too large for the queue
    replay.allow(
        "SendLargeAgain", List.of("s3:PutObject"), List.of(bucket.objects(ObjectPrefixes.BATCHES)));
    replay.allow("ReadQuarantine", List.of("kms:Decrypt"), List.of(key.getKeyArn()));
    replay.allow(
        "UseKey", List.of("kms:Decrypt", "kms:GenerateDataKey"), List.of(encryption.getKeyArn()));
  }

  private String arnOf(String role) {
    return Arn.format(
        ArnComponents.builder()
            .service("iam")
            .region("")
            .resource("role")
            .resourceName(role)
            .build(),
        Stack.of(this));
  }
}

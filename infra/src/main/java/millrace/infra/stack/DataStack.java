package millrace.infra.stack;

import static java.util.Map.entry;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import millrace.core.names.EnvironmentKeys;
import millrace.core.names.Names;
import millrace.core.names.ObjectPrefixes;
import millrace.infra.config.EnvironmentConfig;
import millrace.infra.config.EventFormat;
import millrace.infra.config.SnowflakeConfig;
import millrace.infra.construct.EncryptionKey;
import millrace.infra.construct.EventBucket;
import millrace.infra.construct.GuardedQueue;
import millrace.infra.construct.OperationsKey;
import millrace.infra.construct.PersonalData;
import millrace.infra.construct.PipelineFunction;
import millrace.infra.construct.Quarantine;
import millrace.infra.construct.SnowpipeNotification;
import software.amazon.awscdk.CfnCondition;
import software.amazon.awscdk.CfnOutput;
import software.amazon.awscdk.CfnParameter;
import software.amazon.awscdk.Fn;
import software.amazon.awscdk.RemovalPolicy;
import software.amazon.awscdk.services.kms.IKey;
import software.amazon.awscdk.services.kms.Key;
import software.amazon.awscdk.services.secretsmanager.Secret;
import software.amazon.awscdk.services.secretsmanager.SecretStringGenerator;
import software.constructs.Construct;

/**
 * Where batches become files: the queue, the writer on it, the bucket, and the topic that tells of
 * new files. The same template runs in an account and, unmodified, on the laptop's emulator.
 */
public final class DataStack extends EnvironmentStack {
  /**
   * Template parameter that chooses the format of row files, so that one template serves both. The
   * format that is configured is no value of it: whoever updates a stack keeps the values of its
   * parameters, and a format that changed in {@code cdk.json} would change nothing.
   */
  public static final String EVENT_FORMAT = "EventFormat";

  private static final String AS_CONFIGURED = "configured";

  private final IKey key;

  /**
   * @param config the environment, checked
   * @param writerCode path of the writer's zip
   */
  public DataStack(Construct scope, EnvironmentConfig config, String writerCode) {
    super(scope, Names.of(config.name()).dataStack(), config, "queue, writer, bucket and topic");
    Names names = names();
    Key made = new EncryptionKey(this, "Encryption", names.keyAlias()).key();
    OperationsKey.letLogs(made);
    this.key = made;

    Quarantine quarantine = new Quarantine(this, "Quarantine", names);
    String bucketName = names.bucket(config.account(), config.region());
    SnowpipeNotification files =
        new SnowpipeNotification(
            this,
            "Files",
            new SnowpipeNotification.Props(
                names.fileTopic(),
                bucketName,
                key,
                config.snowflake().map(SnowflakeConfig::subscriberArn).stream().toList()));
    EventBucket bucket =
        new EventBucket(
            this,
            "Objects",
            new EventBucket.Props(
                bucketName,
                key,
                quarantine.key(),
                files,
                config.retention().batches(),
                config.retention().quarantine(),
                config.retention().archiveCoolsAfter()));
    GuardedQueue batches =
        new GuardedQueue(
            this,
            "Batches",
            new GuardedQueue.Props(
                names.batchQueue(),
                names.batchDeadLetterQueue(),
                key,
                // AWS advises six time-outs, so that a retry by the mapping never meets its own
                // first try; the window
                // counts too, because a message waits hidden while the mapping fills an invocation.
                config.writer().timeout().multipliedBy(6).plus(config.writer().batchWindow()),
                config.retention().queue(),
                config.retention().deadLetters(),
                config.alarms().oldestBatch(),
                alarmTopic()));
    Secret payloadHashKey =
        Secret.Builder.create(this, "PayloadHashKey")
            .secretName(names.payloadHashSecret())
            .description(
                "Key of the payload hash: equal payloads hash alike, and nobody without it can"
                    + " guess one")
            .encryptionKey(key)
            .generateSecretString(
                SecretStringGenerator.builder().passwordLength(64).excludePunctuation(true).build())
            .removalPolicy(RemovalPolicy.RETAIN)
            .build();
    PersonalData personalData =
        new PersonalData(this, "PersonalData", new PersonalData.Props(names, key));
    PipelineFunction writer =
        writer(config, names, writerCode, bucket, payloadHashKey, key, personalData, quarantine);
    writer.consume(batches, config.writer());
    quarantine.grantReplay(bucket, batches, key);

    output("BucketName", "Bucket of all objects", bucket.bucket().getBucketName());
    output("QueueUrl", "Queue of batches", batches.queue().getQueueUrl());
    output(
        "DeadLetterQueueUrl", "Batches the writer gave up on", batches.deadLetters().getQueueUrl());
    output("TopicArn", "Topic of new files; pipes subscribe here", files.topic().getTopicArn());
    output("WriterName", "Function on the queue", writer.function().getFunctionName());
  }

  /** The key of everything in this stack. */
  public IKey key() {
    return key;
  }

  private PipelineFunction writer(
      EnvironmentConfig config,
      Names names,
      String code,
      EventBucket bucket,
      Secret payloadHashKey,
      IKey key,
      PersonalData personalData,
      Quarantine quarantine) {
    CfnParameter format =
        CfnParameter.Builder.create(this, EVENT_FORMAT)
            .type("String")
            .description("Format of row files, where it is not what is configured")
            .allowedValues(
                Stream.concat(
                        Stream.of(AS_CONFIGURED),
                        Stream.of(EventFormat.values()).map(EventFormat::word))
                    .toList())
            .defaultValue(AS_CONFIGURED)
            .build();
    CfnCondition asConfigured =
        CfnCondition.Builder.create(this, EVENT_FORMAT + "AsConfigured")
            .expression(Fn.conditionEquals(format.getValueAsString(), AS_CONFIGURED))
            .build();
    PipelineFunction writer =
        new PipelineFunction(
            this,
            "Writer",
            new PipelineFunction.Props(
                names.writerFunction(),
                Names.WRITER_HANDLER,
                code,
                config.writer().memoryMb(),
                config.writer().timeout(),
                config.writer().reservedConcurrency(),
                config.writer().snapStart(),
                Map.ofEntries(
                    entry(EnvironmentKeys.ENVIRONMENT, config.name()),
                    entry(EnvironmentKeys.BUCKET, bucket.bucket().getBucketName()),
                    entry(
                        EnvironmentKeys.FORMAT,
                        Fn.conditionIf(
                                asConfigured.getLogicalId(),
                                config.eventFormat().word(),
                                format.getValueAsString())
                            .toString()),
                    entry(EnvironmentKeys.NDJSON_CODEC, config.ndjsonCodec().word()),
                    entry(EnvironmentKeys.PAYLOAD_HASH_SECRET, payloadHashKey.getSecretArn()),
                    entry(EnvironmentKeys.PERSONAL_HASH_SECRET, personalData.hashKeyArn()),
                    entry(EnvironmentKeys.SUBJECT_KEY_TABLE, personalData.tableName()),
                    entry(EnvironmentKeys.SUBJECT_KEY_WRAPPING_KEY, personalData.wrappingKeyArn()),
                    entry(EnvironmentKeys.QUARANTINE_KEY, quarantine.key().getKeyArn())),
                key));
    writer.allow(
        "WriteFiles",
        List.of("s3:AbortMultipartUpload", "s3:PutObject"),
        Stream.of(
                ObjectPrefixes.EVENTS,
                ObjectPrefixes.ARCHIVE,
                ObjectPrefixes.FAILED,
                ObjectPrefixes.QUARANTINE)
            .map(bucket::objects)
            .toList());
    writer.allow(
        "ReadBatchesAndContracts",
        List.of("s3:GetObject"),
        Stream.of(ObjectPrefixes.BATCHES, ObjectPrefixes.CONTRACTS).map(bucket::objects).toList());
    // Without it S3 answers "forbidden" for an object that is only missing, and the writer could
    // not
    // tell a first start without released contracts from a broken policy.
    writer.allow(
        "TellMissingFromForbidden",
        List.of("s3:ListBucket"),
        List.of(bucket.bucket().getBucketArn()));
    writer.allow(
        "ReadPayloadHashKey",
        List.of("secretsmanager:GetSecretValue"),
        List.of(payloadHashKey.getSecretArn()));
    personalData.grantTreatment(writer);
    quarantine.grantEncrypt(writer);
    writer.allow("UseKey", List.of("kms:Decrypt", "kms:GenerateDataKey"), List.of(key.getKeyArn()));
    return writer;
  }

  private void output(String name, String description, String value) {
    CfnOutput.Builder.create(this, name).description(description).value(value).build();
  }
}

package millrace.writer;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.events.SQSBatchResponse;
import com.amazonaws.services.lambda.runtime.events.SQSBatchResponse.BatchItemFailure;
import com.amazonaws.services.lambda.runtime.events.SQSEvent;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import millrace.aws.AwsClients;
import millrace.aws.DynamoDbSubjectKeyStore;
import millrace.aws.KmsKeyService;
import millrace.aws.S3ObjectStore;
import millrace.aws.SecretsManagerSecrets;
import millrace.aws.log.LibraryLogs;
import millrace.core.config.CachedSecrets;
import millrace.core.contract.ContractSet;
import millrace.core.contract.ReleasedContracts;
import millrace.core.file.FileFormat;
import millrace.core.file.NdjsonEncoder;
import millrace.core.file.ObjectStore;
import millrace.core.log.Log;
import millrace.core.names.Metrics;
import millrace.core.treat.SubjectKeys;
import millrace.parquet.ParquetEncoder;
import org.crac.Core;
import org.jspecify.annotations.Nullable;

/** Entry point of the function on the queue. */
public final class WriterHandler implements RequestHandler<SQSEvent, SQSBatchResponse> {
  /** How long a release of contracts may take to reach a running function. */
  private static final Duration CONTRACTS_FRESH_FOR = Duration.ofSeconds(30);

  private static final Duration SECRETS_FRESH_FOR = Duration.ofMinutes(15);

  /** How long after an erasure a running function may still use the erased key. */
  private static final Duration SUBJECT_KEYS_FRESH_FOR = Duration.ofMinutes(5);

  /** About 300 bytes each. */
  private static final int SUBJECT_KEYS_IN_MEMORY = 50_000;

  /** Says {@code snap-start} where the process that is made now will be a snapshot. */
  private static final String INITIALIZATION = "AWS_LAMBDA_INITIALIZATION_TYPE";

  private final WriteBatches writeBatches;

  /** Kept, because CRaC forgets a resource that nobody else knows. */
  private final @Nullable Priming priming;

  /** As Lambda makes it, from the environment. */
  public WriterHandler() {
    this(writeBatches(System.getenv()), priming(System.getenv()));
    if (priming != null) {
      Core.getGlobalContext().register(priming);
    }
  }

  public WriterHandler(WriteBatches writeBatches) {
    this(writeBatches, null);
  }

  private WriterHandler(WriteBatches writeBatches, @Nullable Priming priming) {
    this.writeBatches = writeBatches;
    this.priming = priming;
  }

  static @Nullable Priming priming(Map<String, String> variables) {
    if (!"snap-start".equals(variables.get(INITIALIZATION))) {
      return null;
    }
    return new Priming(
        formats(WriterSettings.of(variables)),
        InstantSource.system(),
        RandomGenerator.getDefault(),
        key -> {});
  }

  @Override
  public SQSBatchResponse handleRequest(SQSEvent event, Context context) {
    List<QueueMessage> messages = event.getRecords().stream().map(WriterHandler::message).toList();
    List<String> retried =
        writeBatches.write(messages, () -> Duration.ofMillis(context.getRemainingTimeInMillis()));
    return SQSBatchResponse.builder()
        .withBatchItemFailures(retried.stream().map(BatchItemFailure::new).toList())
        .build();
  }

  /** The adapters that the environment asks for. */
  static WriteBatches writeBatches(Map<String, String> variables) {
    InstantSource clock = InstantSource.system();
    var log = new Log(Metrics.WRITE, System.out::println, clock);
    LibraryLogs.into(() -> log);
    WriterSettings settings = WriterSettings.of(variables);
    AwsClients aws = AwsClients.of(variables);
    ObjectStore store = new S3ObjectStore(aws.s3(), settings.bucket(), settings.quarantineKey());
    return new WriteBatches(
        store,
        new ReleasedContracts(store, ContractSet.builtIn(), clock, CONTRACTS_FRESH_FOR),
        keys(settings, aws, clock),
        formats(settings),
        new WriterMetrics(settings.environment(), clock, System.out::println),
        log);
  }

  private static RowFormats formats(WriterSettings settings) {
    return new RowFormats(
        settings.format(),
        settings.ndjson(),
        Map.of(
            FileFormat.PARQUET, new ParquetEncoder(),
            FileFormat.NDJSON_ZSTD, NdjsonEncoder.zstd(),
            FileFormat.NDJSON_GZIP, NdjsonEncoder.gzip()));
  }

  private static WriterKeys keys(WriterSettings settings, AwsClients aws, InstantSource clock) {
    return new WriterKeys(
        new CachedSecrets(
            new SecretsManagerSecrets(aws.secretsManager()), clock, SECRETS_FRESH_FOR),
        settings.payloadHashSecret(),
        settings.personalHashSecret(),
        new SubjectKeys(
            new DynamoDbSubjectKeyStore(aws.dynamoDb(), settings.subjectKeyTable()),
            new KmsKeyService(aws.kms(), settings.subjectKeyWrappingKey()),
            clock,
            new SecureRandom(),
            SUBJECT_KEYS_FRESH_FOR,
            SUBJECT_KEYS_IN_MEMORY));
  }

  private static QueueMessage message(SQSEvent.SQSMessage message) {
    Map<String, String> attributes =
        message.getMessageAttributes() == null
            ? Map.of()
            : message.getMessageAttributes().entrySet().stream()
                .filter(attribute -> attribute.getValue().getStringValue() != null)
                .collect(
                    Collectors.toMap(
                        Map.Entry::getKey, attribute -> attribute.getValue().getStringValue()));
    String sent =
        message.getAttributes() == null ? null : message.getAttributes().get("SentTimestamp");
    return new QueueMessage(
        message.getMessageId(),
        message.getBody() == null ? "" : message.getBody(),
        attributes,
        sent == null ? Instant.EPOCH : Instant.ofEpochMilli(Long.parseLong(sent)));
  }
}

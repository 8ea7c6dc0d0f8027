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
import java.util.stream.Collectors;
import millrace.aws.AwsClients;
import millrace.aws.DynamoDbSubjectKeyStore;
import millrace.aws.KmsKeyService;
import millrace.aws.S3ObjectStore;
import millrace.aws.SecretsManagerSecrets;
import millrace.core.config.CachedSecrets;
import millrace.core.contract.ContractSet;
import millrace.core.contract.ReleasedContracts;
import millrace.core.file.FileFormat;
import millrace.core.file.NdjsonEncoder;
import millrace.core.file.ObjectStore;
import millrace.core.treat.SubjectKeys;
import millrace.parquet.ParquetEncoder;

/** Entry point of the function on the queue. */
public final class WriterHandler implements RequestHandler<SQSEvent, SQSBatchResponse> {
  /** How long a release of contracts may take to reach a running function. */
  private static final Duration CONTRACTS_FRESH_FOR = Duration.ofSeconds(30);

  private static final Duration SECRETS_FRESH_FOR = Duration.ofMinutes(15);

  /** How long after an erasure a running function may still use the erased key. */
  private static final Duration SUBJECT_KEYS_FRESH_FOR = Duration.ofMinutes(5);

  /** About 300 bytes each. */
  private static final int SUBJECT_KEYS_IN_MEMORY = 50_000;

  private final WriteBatches writeBatches;

  /** As Lambda makes it, from the environment. */
  public WriterHandler() {
    this(writeBatches(System.getenv()));
  }

  public WriterHandler(WriteBatches writeBatches) {
    this.writeBatches = writeBatches;
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
    WriterSettings settings = WriterSettings.of(variables);
    AwsClients aws = AwsClients.of(variables);
    InstantSource clock = InstantSource.system();
    ObjectStore store = new S3ObjectStore(aws.s3(), settings.bucket(), settings.quarantineKey());
    return new WriteBatches(
        store,
        new ReleasedContracts(store, ContractSet.builtIn(), clock, CONTRACTS_FRESH_FOR),
        keys(settings, aws, clock),
        new RowFormats(
            settings.format(),
            settings.ndjson(),
            Map.of(
                FileFormat.PARQUET, new ParquetEncoder(),
                FileFormat.NDJSON_ZSTD, NdjsonEncoder.zstd(),
                FileFormat.NDJSON_GZIP, NdjsonEncoder.gzip())),
        new WriterMetrics(settings.environment(), clock, System.out::println),
        System.out::println);
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

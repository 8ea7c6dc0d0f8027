package millrace.core.names;

/** Environment variables that infrastructure sets and functions read. */
public final class EnvironmentKeys {
  /** Name of the environment, such as {@code dev}. */
  public static final String ENVIRONMENT = "MILLRACE_ENV";

  /** Bucket of all objects. */
  public static final String BUCKET = "MILLRACE_BUCKET";

  /** Default format of event files: {@code parquet} or {@code ndjson}. */
  public static final String FORMAT = "MILLRACE_FORMAT";

  /** Codec of NDJSON files: {@code zstd} or {@code gzip}. */
  public static final String NDJSON_CODEC = "MILLRACE_NDJSON_CODEC";

  /** ARN or name of the secret that holds the key of the payload hash. */
  public static final String PAYLOAD_HASH_SECRET = "MILLRACE_PAYLOAD_HASH_SECRET";

  /** ARN or name of the secret that holds the key of hashed personal data. */
  public static final String PERSONAL_HASH_SECRET = "MILLRACE_PERSONAL_HASH_SECRET";

  /** Table of the data keys of persons. */
  public static final String SUBJECT_KEY_TABLE = "MILLRACE_SUBJECT_KEY_TABLE";

  /** ARN of the KMS key that wraps what the table holds. */
  public static final String SUBJECT_KEY_WRAPPING_KEY = "MILLRACE_SUBJECT_KEY_WRAPPING_KEY";

  /** ARN of the KMS key of quarantine/. */
  public static final String QUARANTINE_KEY = "MILLRACE_QUARANTINE_KEY";

  /** URL of the SQS queue that carries batches. */
  public static final String QUEUE_URL = "MILLRACE_QUEUE_URL";

  /** AMQP or AMQPS URL of the broker, without credentials where {@link #AMQP_SECRET} is set. */
  public static final String AMQP_URL = "MILLRACE_AMQP_URL";

  /** ARN or name of the secret that holds the broker's user name and password. */
  public static final String AMQP_SECRET = "MILLRACE_AMQP_SECRET";

  /** Queues to consume: {@code <queue>=<source>:<routing key>} items, separated by commas. */
  public static final String CONSUMER_QUEUES = "MILLRACE_CONSUMER_QUEUES";

  /** Region of the AWS services. */
  public static final String REGION = "AWS_REGION";

  /** Endpoint of all AWS services; set where an emulator stands in. */
  public static final String ENDPOINT = "AWS_ENDPOINT_URL";

  private EnvironmentKeys() {}
}

package millrace.aws;

import java.net.URI;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import millrace.core.names.EnvironmentKeys;
import millrace.core.names.SubjectKeyTable;
import org.jspecify.annotations.Nullable;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.localstack.LocalStackContainer;
import org.testcontainers.utility.DockerImageName;
import software.amazon.awssdk.services.dynamodb.model.BillingMode;
import software.amazon.awssdk.services.dynamodb.model.KeyType;
import software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType;

/**
 * The AWS emulator of the port contract tests, one for all tests of a JVM: the one that
 * AWS_ENDPOINT_URL names, else LocalStack where a Docker engine answers, else MiniStack of the
 * checkout's Python environment. The tests do not care which.
 */
public final class Emulator {
  /** Last image of the line that needs no account. */
  public static final DockerImageName LOCALSTACK =
      DockerImageName.parse("localstack/localstack:4.14.0");

  private static final String REGION = "eu-west-1";

  private static @Nullable Emulator running;

  private final String name;
  private final URI endpoint;

  private Emulator(String name, URI endpoint) {
    this.name = name;
    this.endpoint = endpoint;
  }

  /** The emulator; started at the first call and stopped with the JVM. */
  public static synchronized Emulator get() {
    if (running == null) {
      running = resolve(System.getenv());
      System.out.println(
          "AWS emulator of the port contract tests: " + running.name + " at " + running.endpoint);
    }
    return running;
  }

  private static Emulator resolve(Map<String, String> environment) {
    // No emulator checks them, but the SDK does not sign without.
    System.setProperty("aws.accessKeyId", environment.getOrDefault("AWS_ACCESS_KEY_ID", "test"));
    System.setProperty(
        "aws.secretAccessKey", environment.getOrDefault("AWS_SECRET_ACCESS_KEY", "test"));
    String given = environment.getOrDefault(EnvironmentKeys.ENDPOINT, "");
    if (!given.isBlank()) {
      return new Emulator(EnvironmentKeys.ENDPOINT, URI.create(given));
    }
    if (dockerEngineAnswers()) {
      @SuppressWarnings("resource") // Testcontainers stops it with the JVM
      var container =
          new LocalStackContainer(LOCALSTACK)
              .withServices("s3", "sqs", "sns", "secretsmanager", "dynamodb", "kms");
      container.start();
      return new Emulator("LocalStack in Docker", container.getEndpoint());
    }
    return new Emulator("MiniStack", MiniStackProcess.start(environment, REGION));
  }

  /** A docker command alone is no engine. */
  public static boolean dockerEngineAnswers() {
    try {
      return DockerClientFactory.instance().isDockerAvailable();
    } catch (RuntimeException noEngine) {
      return false;
    }
  }

  public URI endpoint() {
    return endpoint;
  }

  /** Variables that lead {@link AwsClients#of} and any other SDK to it. */
  public Map<String, String> environment() {
    var variables = new HashMap<String, String>();
    variables.put(EnvironmentKeys.ENDPOINT, endpoint.toString());
    variables.put(EnvironmentKeys.REGION, REGION);
    variables.put("AWS_ACCESS_KEY_ID", System.getProperty("aws.accessKeyId"));
    variables.put("AWS_SECRET_ACCESS_KEY", System.getProperty("aws.secretAccessKey"));
    return variables;
  }

  public AwsClients clients() {
    return AwsClients.of(environment());
  }

  /** A name that nothing else has, for a bucket or queue of one test class. */
  public static String uniqueName(String purpose) {
    return "millrace-test-" + purpose + "-" + UUID.randomUUID().toString().substring(0, 8);
  }

  /** A new bucket. */
  public String bucket(String purpose) {
    String bucket = uniqueName(purpose);
    clients().s3().createBucket(create -> create.bucket(bucket));
    return bucket;
  }

  /** A new table of data keys. */
  public String subjectKeyTable() {
    String table = uniqueName("subject-keys");
    clients()
        .dynamoDb()
        .createTable(
            create ->
                create
                    .tableName(table)
                    .billingMode(BillingMode.PAY_PER_REQUEST)
                    .attributeDefinitions(
                        attribute ->
                            attribute
                                .attributeName(SubjectKeyTable.NAME)
                                .attributeType(ScalarAttributeType.S))
                    .keySchema(
                        key -> key.attributeName(SubjectKeyTable.NAME).keyType(KeyType.HASH)));
    return table;
  }

  /** ARN of a new key of KMS. */
  public String kmsKey() {
    return clients().kms().createKey(create -> {}).keyMetadata().arn();
  }

  /** A new secret of 32 characters. */
  public String secret(String purpose) {
    String secret = uniqueName(purpose);
    clients()
        .secretsManager()
        .createSecret(
            create -> create.name(secret).secretString("0123456789abcdef0123456789abcdef"));
    return secret;
  }
}

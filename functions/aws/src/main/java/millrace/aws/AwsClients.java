package millrace.aws;

import java.net.URI;
import java.time.Duration;
import java.util.Map;
import millrace.core.failed.MillraceFailure.SetupFailure;
import millrace.core.names.EnvironmentKeys;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.awscore.client.builder.AwsSyncClientBuilder;
import software.amazon.awssdk.core.retry.RetryMode;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.kms.KmsClient;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;
import software.amazon.awssdk.services.sqs.SqsClient;

/**
 * Clients of AWS services as all functions make them: the JVM's own HTTP client, which starts
 * faster than the others, and the standard retries, whose token bucket keeps an outage from being
 * answered with a storm.
 */
public final class AwsClients {
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(3);

  /**
   * Longest silence within an answer. An attempt of a large object takes longer, but is not silent.
   */
  private static final Duration READ_TIMEOUT = Duration.ofSeconds(20);

  private final Region region;
  private final @Nullable URI endpoint;

  private AwsClients(Region region, @Nullable URI endpoint) {
    this.region = region;
    this.endpoint = endpoint;
  }

  /**
   * Clients for the region, and the endpoint if any, that the environment names. Credentials come
   * from the SDK's default chain.
   *
   * @param environment variables by name, as {@link System#getenv()}
   */
  public static AwsClients of(Map<String, String> environment) {
    String region = environment.get(EnvironmentKeys.REGION);
    if (region == null || region.isBlank()) {
      throw new SetupFailure(
          "set " + EnvironmentKeys.REGION + " to the region of the bucket, such as eu-west-1");
    }
    String endpoint = environment.get(EnvironmentKeys.ENDPOINT);
    return new AwsClients(
        Region.of(region), endpoint == null || endpoint.isBlank() ? null : URI.create(endpoint));
  }

  public S3Client s3() {
    // An emulator has no DNS name per bucket.
    return configured(S3Client.builder().forcePathStyle(endpoint != null)).build();
  }

  public SqsClient sqs() {
    return configured(SqsClient.builder()).build();
  }

  public SecretsManagerClient secretsManager() {
    return configured(SecretsManagerClient.builder()).build();
  }

  public DynamoDbClient dynamoDb() {
    return configured(DynamoDbClient.builder()).build();
  }

  public KmsClient kms() {
    return configured(KmsClient.builder()).build();
  }

  private <B extends AwsSyncClientBuilder<B, C> & AwsClientBuilder<B, C>, C> B configured(
      B builder) {
    builder
        .region(region)
        .httpClient(httpClient())
        .overrideConfiguration(override -> override.retryStrategy(RetryMode.STANDARD));
    return endpoint == null ? builder : builder.endpointOverride(endpoint);
  }

  private static SdkHttpClient httpClient() {
    return UrlConnectionHttpClient.builder()
        .connectionTimeout(CONNECT_TIMEOUT)
        .socketTimeout(READ_TIMEOUT)
        .build();
  }
}

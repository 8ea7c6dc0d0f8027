package millrace.local.aws;

import java.net.URI;
import millrace.local.state.Endpoints;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.awscore.client.builder.AwsSyncClientBuilder;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.lambda.LambdaClient;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;
import software.amazon.awssdk.services.sns.SnsClient;
import software.amazon.awssdk.services.sqs.SqsClient;

/** Clients of the emulator of a run, with credentials that work nowhere else. */
public final class EmulatorClients implements DataPlace.Clients {
  private final URI endpoint;
  private final String region;
  private final String account;

  /**
   * @param account goes out as the access key, which is where the emulator takes it from
   */
  public EmulatorClients(URI endpoint, String region, String account) {
    this.endpoint = endpoint;
    this.region = region;
    this.account = account;
  }

  /** Clients of a run that is reached at these endpoints. */
  public static EmulatorClients of(Endpoints run) {
    return new EmulatorClients(URI.create(run.awsEndpoint()), run.region(), run.account());
  }

  @Override
  public S3Client s3() {
    // an emulator has no DNS name per bucket
    return configured(S3Client.builder().forcePathStyle(true)).build();
  }

  @Override
  public SqsClient sqs() {
    return configured(SqsClient.builder()).build();
  }

  public LambdaClient lambda() {
    return configured(LambdaClient.builder()).build();
  }

  @Override
  public SnsClient sns() {
    return configured(SnsClient.builder()).build();
  }

  public DynamoDbClient dynamoDb() {
    return configured(DynamoDbClient.builder()).build();
  }

  public SecretsManagerClient secretsManager() {
    return configured(SecretsManagerClient.builder()).build();
  }

  /** A client of any other service. */
  public <B extends AwsSyncClientBuilder<B, C> & AwsClientBuilder<B, C>, C> C of(B builder) {
    return configured(builder).build();
  }

  private <B extends AwsSyncClientBuilder<B, C> & AwsClientBuilder<B, C>, C> B configured(
      B builder) {
    return builder
        .region(Region.of(region))
        .endpointOverride(endpoint)
        .credentialsProvider(
            StaticCredentialsProvider.create(AwsBasicCredentials.create(account, "emulator")))
        .httpClient(UrlConnectionHttpClient.create());
  }
}

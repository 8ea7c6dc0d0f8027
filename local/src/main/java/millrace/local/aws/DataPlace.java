package millrace.local.aws;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import millrace.aws.AwsClients;
import millrace.core.failed.MillraceFailure.SetupFailure;
import millrace.core.names.EnvironmentKeys;
import millrace.core.names.Names;
import millrace.local.state.Endpoints;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.sns.SnsClient;
import software.amazon.awssdk.services.sns.SnsClientBuilder;
import software.amazon.awssdk.services.sqs.SqsClient;

/**
 * Where the objects, batches and notices of an environment are, and clients that reach them: a run
 * on this machine, or an account.
 *
 * @param environment its name
 * @param account the AWS account
 * @param region of all of it
 * @param bucket of all objects
 * @param queueUrl queue of batches
 * @param topicArn topic of new files
 * @param clients with the credentials that serve there
 */
public record DataPlace(
    String environment,
    String account,
    String region,
    String bucket,
    String queueUrl,
    String topicArn,
    Clients clients) {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Each client is the caller's to close. */
  public interface Clients {
    S3Client s3();

    SqsClient sqs();

    SnsClient sns();
  }

  /** The run that is reached at these endpoints. */
  public static DataPlace of(Endpoints run) {
    return new DataPlace(
        run.environment(),
        run.account(),
        run.region(),
        run.bucket(),
        run.queueUrl(),
        run.topicArn(),
        EmulatorClients.of(run));
  }

  /**
   * An environment of {@code cdk.json} in its account. Everything has the name that the templates
   * gave it; credentials are those that any AWS tool would find.
   *
   * @param cdkJson the configuration
   * @param variables of the process, {@code AWS_ENDPOINT_URL} among them for an emulator
   * @throws SetupFailure when there is no such environment, or it names no account and region
   */
  public static DataPlace ofAccount(
      Path cdkJson, String environment, Map<String, String> variables) {
    JsonNode environments = environments(cdkJson);
    if (!environments.has(environment)) {
      var known = new java.util.TreeSet<String>();
      environments.fieldNames().forEachRemaining(known::add);
      throw new SetupFailure(
          "there is no environment " + environment + " in cdk.json; known: " + known);
    }
    String account = text(environments.path(environment), environment, "account");
    String regionName = text(environments.path(environment), environment, "region");
    Region region = Region.of(regionName);
    Names names = Names.of(environment);
    @Nullable String endpoint = variables.get(EnvironmentKeys.ENDPOINT);
    boolean emulated = endpoint != null && !endpoint.isBlank();
    String sqs =
        emulated
            ? String.valueOf(endpoint)
            : "https://sqs." + regionName + "." + region.metadata().partition().dnsSuffix();
    return new DataPlace(
        environment,
        account,
        regionName,
        names.bucket(account, regionName),
        sqs + "/" + account + "/" + names.batchQueue(),
        "arn:%s:sns:%s:%s:%s"
            .formatted(region.metadata().partition().id(), regionName, account, names.fileTopic()),
        new AccountClients(region, emulated ? URI.create(String.valueOf(endpoint)) : null));
  }

  private static JsonNode environments(Path cdkJson) {
    try {
      return JSON.readTree(cdkJson.toFile()).at("/context/environments");
    } catch (IOException e) {
      throw new SetupFailure(cdkJson + " cannot be read: " + e.getMessage(), e);
    }
  }

  private static String text(JsonNode values, String environment, String key) {
    if (!values.path(key).isTextual()) {
      throw new SetupFailure("environments." + environment + "." + key + " is missing in cdk.json");
    }
    return values.path(key).asText();
  }

  /** With the credentials of the SDK's default chain. */
  private record AccountClients(Region region, @Nullable URI endpoint) implements Clients {
    private AwsClients functions() {
      Map<String, String> settings = new HashMap<>(Map.of(EnvironmentKeys.REGION, region.id()));
      if (endpoint != null) {
        settings.put(EnvironmentKeys.ENDPOINT, endpoint.toString());
      }
      return AwsClients.of(settings);
    }

    @Override
    public S3Client s3() {
      return functions().s3();
    }

    @Override
    public SqsClient sqs() {
      return functions().sqs();
    }

    @Override
    public SnsClient sns() {
      SnsClientBuilder builder =
          SnsClient.builder().region(region).httpClient(UrlConnectionHttpClient.create());
      return endpoint == null ? builder.build() : builder.endpointOverride(endpoint).build();
    }
  }
}

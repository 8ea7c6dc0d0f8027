package millrace.local.deploy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import millrace.local.deploy.CloudAssembly.Asset;
import millrace.local.deploy.CloudAssembly.StackArtifact;
import software.amazon.awssdk.auth.credentials.AnonymousCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.cloudformation.CloudFormationClient;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.BucketAlreadyOwnedByYouException;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.ssm.SsmClient;
import software.amazon.awssdk.services.ssm.model.ParameterType;

/**
 * Deploys a stack of a synthesized assembly onto an emulator: what {@code cdk bootstrap} and {@code
 * cdk deploy} do, without Node and in a fraction of their time. It may run again at any time: it
 * updates, or finds that nothing changed.
 */
public final class AssemblyDeployer {
  // What a bootstrapped account says; templates of CDK 2 ask for 6 or more.
  private static final String BOOTSTRAP_VERSION = "30";

  private final URI endpoint;
  private final Duration patience;
  private final Consumer<String> progress;

  /**
   * @param endpoint where the emulator answers
   * @param patience how long a stack may take
   * @param progress is told one sentence per step
   * @throws DeployException.RefusedEndpoint when the endpoint is not on this machine
   */
  public AssemblyDeployer(URI endpoint, Duration patience, Consumer<String> progress) {
    if (!isLoopback(endpoint)) {
      throw new DeployException.RefusedEndpoint(endpoint);
    }
    this.endpoint = endpoint;
    this.patience = patience;
    this.progress = progress;
  }

  /**
   * Uploads what is not there yet, then creates or updates the stack and waits for it.
   *
   * @param parameters template parameters that differ from their defaults
   */
  public StackOutputs deploy(Path assembly, String stackName, Map<String, String> parameters) {
    StackArtifact stack = CloudAssembly.read(assembly).stack(stackName);
    Region region = Region.of(stack.region());
    // The emulator takes the account from the access key; no real key is ever looked for.
    StaticCredentialsProvider credentials =
        StaticCredentialsProvider.create(AwsBasicCredentials.create(stack.account(), "emulator"));
    try (SdkHttpClient http = UrlConnectionHttpClient.builder().build();
        S3Client s3 =
            S3Client.builder()
                .endpointOverride(endpoint)
                .region(region)
                // unsigned: the emulator checks no signature, and signing hashes tens of megabytes
                .credentialsProvider(AnonymousCredentialsProvider.create())
                .httpClient(http)
                .forcePathStyle(true)
                .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
                .build();
        SsmClient ssm =
            SsmClient.builder()
                .endpointOverride(endpoint)
                .region(region)
                .credentialsProvider(credentials)
                .httpClient(http)
                .build();
        CloudFormationClient cloudFormation =
            CloudFormationClient.builder()
                .endpointOverride(endpoint)
                .region(region)
                .credentialsProvider(credentials)
                .httpClient(http)
                .build()) {
      for (Asset asset : stack.assets()) {
        upload(s3, asset);
      }
      ssm.putParameter(
          request ->
              request
                  .name(stack.bootstrapParameter())
                  .type(ParameterType.STRING)
                  .value(BOOTSTRAP_VERSION)
                  .overwrite(true));
      return new StackDeployment(cloudFormation, stack, patience, progress)
          .run(new HashMap<>(parameters));
    }
  }

  private void upload(S3Client s3, Asset asset) {
    try {
      s3.headObject(request -> request.bucket(asset.bucket()).key(asset.key()));
      progress.accept("asset " + asset.key() + " is there");
      return;
    } catch (NoSuchKeyException missing) {
      createBucket(s3, asset.bucket());
    } catch (S3Exception e) {
      if (e.statusCode() != 404) {
        throw e;
      }
      createBucket(s3, asset.bucket());
    }
    try {
      Path file = asset.zipped() ? Files.createTempFile("asset", ".zip") : asset.source();
      if (asset.zipped()) {
        AssetZip.write(asset.source(), file);
      }
      s3.putObject(
          request -> request.bucket(asset.bucket()).key(asset.key()), RequestBody.fromFile(file));
      progress.accept(
          "asset " + asset.key() + " uploaded, " + Files.size(file) / 1_000_000 + " MB");
      if (asset.zipped()) {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("asset " + asset.source() + " could not be uploaded", e);
    }
  }

  private static void createBucket(S3Client s3, String bucket) {
    try {
      s3.createBucket(request -> request.bucket(bucket));
    } catch (BucketAlreadyOwnedByYouException there) {
      // An earlier run made it.
    }
  }

  /**
   * Decided by the text alone: a name that resolves to loopback today may resolve elsewhere
   * tomorrow.
   */
  static boolean isLoopback(URI endpoint) {
    String host = endpoint.getHost();
    return host != null
        && (host.equals("localhost")
            || host.equals("[::1]")
            || host.matches("127(\\.\\d{1,3}){3}"));
  }
}

package millrace.local.run;

import java.net.URI;
import java.util.Map;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.lambda.LambdaClient;

/** What the stack made of a function. */
final class DeployedFunction {
  private DeployedFunction() {}

  /** Environment as the template sets it, with every reference resolved. */
  static Map<String, String> environment(
      URI endpoint, String region, String account, String functionName) {
    try (LambdaClient lambda =
        LambdaClient.builder()
            .endpointOverride(endpoint)
            .region(Region.of(region))
            .credentialsProvider(
                StaticCredentialsProvider.create(AwsBasicCredentials.create(account, "emulator")))
            .httpClientBuilder(UrlConnectionHttpClient.builder())
            .build()) {
      return lambda
          .getFunctionConfiguration(request -> request.functionName(functionName))
          .environment()
          .variables();
    }
  }
}

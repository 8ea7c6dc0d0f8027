package millrace.aws;

import java.nio.charset.StandardCharsets;
import millrace.core.config.SecretSource;
import millrace.core.failed.MillraceFailure.SetupFailure;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;
import software.amazon.awssdk.services.secretsmanager.model.GetSecretValueResponse;
import software.amazon.awssdk.services.secretsmanager.model.ResourceNotFoundException;

/** Secrets Manager. A text secret is taken as its UTF-8 bytes. */
public final class SecretsManagerSecrets implements SecretSource {
  private final SecretsManagerClient client;

  public SecretsManagerSecrets(SecretsManagerClient client) {
    this.client = client;
  }

  @Override
  public byte[] secret(String name) {
    try {
      GetSecretValueResponse secret = client.getSecretValue(get -> get.secretId(name));
      return secret.secretString() != null
          ? secret.secretString().getBytes(StandardCharsets.UTF_8)
          : secret.secretBinary().asByteArray();
    } catch (ResourceNotFoundException missing) {
      throw new SetupFailure(
          "Secrets Manager has no secret " + name + ": deploy the data stack first", missing);
    } catch (SdkException failure) {
      throw AwsFailures.environment("Secrets Manager", "GetSecretValue " + name, failure);
    }
  }
}

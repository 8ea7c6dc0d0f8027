package millrace.aws;

import java.nio.charset.StandardCharsets;
import millrace.core.config.SecretSource;
import millrace.core.config.SecretSourceContract;
import software.amazon.awssdk.services.secretsmanager.SecretsManagerClient;

class SecretsManagerSecretsIT implements SecretSourceContract {
  private static final SecretsManagerClient CLIENT = Emulator.get().clients().secretsManager();

  @Override
  public SecretSource sourceWith(String name, byte[] value) {
    CLIENT.createSecret(
        create -> create.name(name).secretString(new String(value, StandardCharsets.UTF_8)));
    return new SecretsManagerSecrets(CLIENT);
  }
}

package millrace.core.config;

class InMemorySecretsTest implements SecretSourceContract {
  @Override
  public SecretSource sourceWith(String name, byte[] value) {
    return new InMemorySecrets().with(name, value);
  }
}

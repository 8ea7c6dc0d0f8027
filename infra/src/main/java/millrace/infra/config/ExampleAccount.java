package millrace.infra.config;

import java.net.URI;
import java.util.Map;
import java.util.Optional;

/**
 * The account number of the example environment. It belongs to nobody here: a stack for it may be
 * synthesized anywhere, and deployed to an emulator on this machine only.
 */
public final class ExampleAccount {
  /** The account that the repository's own configuration names. */
  public static final String NUMBER = "111111111111";

  private ExampleAccount() {}

  /**
   * Why this environment must not be synthesized for a deployment, if it must not. The CDK command
   * line resolves the caller's credentials before it starts the app and hands over their account;
   * when that is a real one and the endpoint is not on this machine, what follows would be an
   * attempt on an account that is not the caller's.
   *
   * @param environmentVariables of the process: {@code CDK_DEFAULT_ACCOUNT}, {@code
   *     CDK_CLI_VERSION}, {@code AWS_ENDPOINT_URL}
   */
  public static Optional<String> refusal(
      EnvironmentConfig config, Map<String, String> environmentVariables) {
    if (!config.account().equals(NUMBER) || !environmentVariables.containsKey("CDK_CLI_VERSION")) {
      return Optional.empty();
    }
    String caller = environmentVariables.getOrDefault("CDK_DEFAULT_ACCOUNT", "");
    if (caller.isEmpty() || isLoopback(environmentVariables.getOrDefault("AWS_ENDPOINT_URL", ""))) {
      return Optional.empty();
    }
    return Optional.of(
        "environment \"%s\" still names the example account %s: set environments.%s.account in cdk.json to your own (your credentials are of account %s)"
            .formatted(config.name(), NUMBER, config.name(), caller));
  }

  private static boolean isLoopback(String endpoint) {
    try {
      String host = URI.create(endpoint).getHost();
      return host != null
          && (host.equals("localhost")
              || host.equals("[::1]")
              || host.matches("127(\\.\\d{1,3}){3}"));
    } catch (IllegalArgumentException notAnAddress) {
      return false;
    }
  }
}

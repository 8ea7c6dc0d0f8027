package millrace.infra.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ExampleAccountTest {
  @Test
  void the_example_account_is_synthesized_where_nobody_is_about_to_deploy_it() {
    assertThat(ExampleAccount.refusal(config("111111111111"), Map.of())).isEmpty();
    assertThat(
            ExampleAccount.refusal(
                config("111111111111"), Map.of("CDK_DEFAULT_ACCOUNT", "222222222222")))
        .isEmpty();
    assertThat(ExampleAccount.refusal(config("111111111111"), cli(""))).isEmpty();
  }

  @Test
  void
      the_example_account_stops_the_command_line_of_somebody_with_an_account_and_says_what_to_set() {
    assertThat(ExampleAccount.refusal(config("111111111111"), cli("222222222222")).orElseThrow())
        .contains("set environments.dev.account in cdk.json")
        .contains("222222222222");
    assertThat(ExampleAccount.refusal(config("111111111111"), cli("111111111111"))).isPresent();
  }

  @Test
  void the_example_account_passes_when_the_endpoint_is_on_this_machine_only() {
    assertThat(ExampleAccount.refusal(config("111111111111"), at("http://127.0.0.1:4566")))
        .isEmpty();
    assertThat(ExampleAccount.refusal(config("111111111111"), at("http://localhost:4566")))
        .isEmpty();
    assertThat(ExampleAccount.refusal(config("111111111111"), at("http://[::1]:4566"))).isEmpty();
    assertThat(ExampleAccount.refusal(config("111111111111"), at("http://127.0.0.1.example.com")))
        .isPresent();
    assertThat(ExampleAccount.refusal(config("111111111111"), at("http://localhost.example.com")))
        .isPresent();
    assertThat(
            ExampleAccount.refusal(
                config("111111111111"), at("https://sqs.eu-west-1.amazonaws.com")))
        .isPresent();
    assertThat(ExampleAccount.refusal(config("111111111111"), at("not an address"))).isPresent();
  }

  @Test
  void any_other_account_passes() {
    assertThat(ExampleAccount.refusal(config("222222222222"), cli("222222222222"))).isEmpty();
  }

  private static Map<String, String> cli(String caller) {
    return Map.of("CDK_CLI_VERSION", "2.1148.1", "CDK_DEFAULT_ACCOUNT", caller);
  }

  private static Map<String, String> at(String endpoint) {
    Map<String, String> variables = new HashMap<>(cli("222222222222"));
    variables.put("AWS_ENDPOINT_URL", endpoint);
    return variables;
  }

  private static EnvironmentConfig config(String account) {
    return EnvironmentConfig.read(
        "dev", Map.of("dev", Map.of("account", account, "region", "eu-west-1")));
  }
}

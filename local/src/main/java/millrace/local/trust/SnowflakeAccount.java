package millrace.local.trust;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import millrace.core.failed.MillraceFailure.SetupFailure;
import millrace.local.snowflake.SnowflakeProgram;

/** Snowflake through the program that plans, applies and checks. */
public final class SnowflakeAccount implements SnowflakeSide {
  /** The migration that makes the storage integration. */
  private static final String INTEGRATION = "1.0.3";

  private final SnowflakeProgram program;

  public SnowflakeAccount(SnowflakeProgram program) {
    this.program = program;
  }

  @Override
  public Optional<Integration> integration() {
    JsonNode said = program.ask("trust", List.of()).json();
    JsonNode integration = said.path("integration");
    return integration.isObject()
        ? Optional.of(
            new Integration(
                integration.path("role_arn").asText(),
                new Trust(
                    integration.path("iam_user_arn").asText(),
                    integration.path("external_id").asText(),
                    said.path("subscriber_arn").asText())))
        : Optional.empty();
  }

  @Override
  public void makeIntegration() {
    apply(List.of("--until", INTEGRATION));
  }

  @Override
  public List<String> pendingMigrations() {
    JsonNode plan = program.ask("plan", List.of("--json")).json();
    var names = new ArrayList<String>();
    plan.path("pending").forEach(each -> names.add(each.path("script").asText()));
    return names;
  }

  @Override
  public void applyMigrations() {
    apply(List.of());
  }

  private void apply(List<String> options) {
    int code = program.onTerminal("apply", options);
    if (code != 0) {
      throw new SetupFailure("the migrations were not applied, see above");
    }
  }

  @Override
  public List<String> differences() {
    JsonNode check = program.ask("check", List.of("--json")).json();
    var sentences = new ArrayList<String>();
    check.path("differences").forEach(each -> sentences.add(each.path("difference").asText()));
    return sentences;
  }
}

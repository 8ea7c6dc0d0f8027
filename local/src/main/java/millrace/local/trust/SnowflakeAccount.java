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
  private static final String FILES = "1.0.3";

  /** The migration that makes the notification integration. */
  private static final String LOAD_ERRORS = "R__error_integration.sql";

  private final SnowflakeProgram program;

  public SnowflakeAccount(SnowflakeProgram program) {
    this.program = program;
  }

  @Override
  public Integrations integrations() {
    JsonNode said = program.ask("trust", List.of()).json();
    return new Integrations(
        integration(said.path("files")),
        integration(said.path("load_errors")),
        said.path("subscriber_arn").asText());
  }

  private static Optional<Integration> integration(JsonNode said) {
    return said.isObject()
        ? Optional.of(
            new Integration(
                said.path("role_arn").asText(),
                said.path("topic_arn").asText(),
                new Trust.Caller(
                    said.path("iam_user_arn").asText(), said.path("external_id").asText())))
        : Optional.empty();
  }

  @Override
  public void makeIntegrations() {
    apply(List.of("--until", FILES, "--also", LOAD_ERRORS));
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

package millrace.local.trust;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import millrace.core.failed.MillraceFailure.SetupFailure;
import millrace.local.aws.LocalTools;
import millrace.local.release.MigrationVariables;
import millrace.local.snowflake.SnowflakeProgram;
import millrace.local.state.Checkout;
import millrace.local.trust.SnowflakeSide.Integration;
import millrace.local.trust.SnowflakeSide.Integrations;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With a script in place of the program that speaks to Snowflake. */
class SnowflakeAccountTest {
  private static final String FILES =
      """
      {"iam_user_arn": "arn:aws:iam::333333333333:user/takes", "external_id": "millrace-prod",
       "role_arn": "arn:aws:iam::222222222222:role/reads"}
      """;
  private static final String LOAD_ERRORS =
      """
      {"iam_user_arn": "arn:aws:iam::333333333333:user/tells", "external_id": "AB1_SFCRole=2_x",
       "role_arn": "arn:aws:iam::222222222222:role/tells",
       "topic_arn": "arn:aws:sns:eu-west-1:222222222222:load-errors"}
      """;
  private static final String SUBSCRIBER = "arn:aws:iam::333333333333:root";
  private static final Integration READS =
      new Integration(
          "arn:aws:iam::222222222222:role/reads",
          "",
          new Trust.Caller("arn:aws:iam::333333333333:user/takes", "millrace-prod"));
  private static final Integration TELLS =
      new Integration(
          "arn:aws:iam::222222222222:role/tells",
          "arn:aws:sns:eu-west-1:222222222222:load-errors",
          new Trust.Caller("arn:aws:iam::333333333333:user/tells", "AB1_SFCRole=2_x"));

  @TempDir Path home;

  /** Answers a command with the file of its name, and keeps what it was asked. */
  @BeforeEach
  void program() throws IOException {
    Path python = home.resolve("python");
    Files.writeString(
        python,
        """
        #!/bin/bash
        echo "$3 ${*:9}" >> asked
        if [ -e "$3.json" ]; then cat "$3.json"; fi
        exit "$(cat code)"
        """);
    assertThat(python.toFile().setExecutable(true)).isTrue();
    endsWith(0);
  }

  private void endsWith(int code) throws IOException {
    Files.writeString(home.resolve("code"), Integer.toString(code));
  }

  private void answers(String command, String json) throws IOException {
    Files.writeString(home.resolve(command + ".json"), json);
  }

  private void trustIs(String files, String loadErrors) throws IOException {
    answers(
        "trust",
        "{\"files\": %s, \"load_errors\": %s, \"subscriber_arn\": \"%s\"}"
            .formatted(files, loadErrors, SUBSCRIBER));
  }

  private SnowflakeAccount account() {
    return new SnowflakeAccount(
        new SnowflakeProgram(
            new Checkout(home, home.resolve("python"), Path.of("java"), home),
            List.of("--account"),
            MigrationVariables.of(
                "prod",
                "222222222222",
                "bucket",
                "arn:aws:sns:eu-west-1:222222222222:files",
                "parquet"),
            Map.of()));
  }

  @Test
  void each_integration_says_its_own_role_topic_user_and_external_id() throws IOException {
    trustIs(FILES, LOAD_ERRORS);
    Integrations there = account().integrations();
    assertThat(there)
        .isEqualTo(new Integrations(Optional.of(READS), Optional.of(TELLS), SUBSCRIBER));
    assertThat(there.trust()).contains(new Trust(READS.caller(), TELLS.caller(), SUBSCRIBER));
  }

  @Test
  void one_integration_without_the_other_is_nobody_to_trust_yet() throws IOException {
    trustIs(FILES, "null");
    assertThat(account().integrations())
        .isEqualTo(new Integrations(Optional.of(READS), Optional.empty(), SUBSCRIBER));
    assertThat(account().integrations().trust()).isEmpty();
    trustIs("null", LOAD_ERRORS);
    assertThat(account().integrations())
        .isEqualTo(new Integrations(Optional.empty(), Optional.of(TELLS), SUBSCRIBER));
    assertThat(account().integrations().trust()).isEmpty();
  }

  @Test
  void an_account_that_does_not_answer_is_not_taken_for_an_empty_one() throws IOException {
    endsWith(2);
    assertThatThrownBy(() -> account().integrations())
        .isInstanceOf(SetupFailure.class)
        .hasMessageContaining("'trust' ended with code 2");
    assertThatThrownBy(() -> account().pendingMigrations())
        .isInstanceOf(SetupFailure.class)
        .hasMessageContaining("'plan' ended with code 2");
    assertThatThrownBy(() -> account().differences())
        .isInstanceOf(SetupFailure.class)
        .hasMessageContaining("'check' ended with code 2");
  }

  /** Pipes come later: the topic lets nobody subscribe yet. */
  @Test
  void integrations_are_made_by_the_migrations_of_that_name_and_none_behind_them()
      throws IOException {
    account().makeIntegrations();
    assertThat(home.resolve("asked"))
        .hasContent("apply --until 1.0.3 --also R__error_integration.sql");
    try (Stream<Path> migrations = Files.list(LocalTools.root().resolve("snowflake/migrations"))) {
      assertThat(migrations.map(each -> String.valueOf(each.getFileName())))
          .contains("V1.0.3__storage_integration_and_stages.sql", "R__error_integration.sql");
    }
  }

  @Test
  void all_migrations_are_applied_and_one_that_fails_stops() throws IOException {
    account().applyMigrations();
    assertThat(home.resolve("asked")).hasContent("apply ");
    endsWith(1);
    assertThatThrownBy(() -> account().applyMigrations())
        .isInstanceOf(SetupFailure.class)
        .hasMessage("the migrations were not applied, see above");
    assertThatThrownBy(() -> account().makeIntegrations()).isInstanceOf(SetupFailure.class);
  }

  @Test
  void what_is_pending_and_what_differs_is_told_in_its_order() throws IOException {
    answers(
        "plan",
        "{\"pending\": [{\"script\": \"V2.sql\", \"statements\": []}, {\"script\": \"R.sql\"}]}");
    endsWith(1);
    answers(
        "check",
        "{\"differences\": [{\"difference\": \"One is missing.\"}, {\"difference\": \"So is one.\"}]}");
    assertThat(account().pendingMigrations()).containsExactly("V2.sql", "R.sql");
    assertThat(account().differences()).containsExactly("One is missing.", "So is one.");
    answers("plan", "{\"pending\": []}");
    answers("check", "{\"differences\": []}");
    assertThat(account().pendingMigrations()).isEmpty();
    assertThat(account().differences()).isEmpty();
  }
}

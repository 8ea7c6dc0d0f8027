package millrace.local.trust;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import millrace.core.failed.MillraceFailure.SetupFailure;
import millrace.local.release.MigrationVariables;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TrustLoopTest {
  private static final MigrationVariables VARIABLES =
      MigrationVariables.of(
          "prod",
          "222222222222",
          "millrace-prod-222222222222-eu-west-1",
          "arn:aws:sns:eu-west-1:222222222222:millrace-prod-files",
          "parquet");
  private static final Trust TRUST =
      new Trust(
          new Trust.Caller("arn:aws:iam::333333333333:user/takes", "millrace-prod"),
          new Trust.Caller("arn:aws:iam::333333333333:user/tells", "AB1_SFCRole=2_x"),
          "arn:aws:iam::333333333333:root");
  private static final String USERS =
      "arn:aws:iam::333333333333:user/takes reads files with external id millrace-prod,"
          + " arn:aws:iam::333333333333:user/tells tells of failed loads with external id"
          + " AB1_SFCRole=2_x, arn:aws:iam::333333333333:root subscribes";
  private static final List<String> EFFECTS =
      List.of("files", "load errors", "written", "stacks", "pipes");

  private final World world = new World();
  private final List<String> said = new ArrayList<>();

  private boolean run(boolean dryRun) {
    return new TrustLoop(world, world, VARIABLES, said::add).run(dryRun);
  }

  /** The process ends here. */
  private static final class Cut extends RuntimeException {}

  /**
   * Both sides in memory. Ends the process after so many effects; refuses what the clouds refuse.
   */
  private static final class World implements SnowflakeSide, AwsSide {
    final List<String> effects = new ArrayList<>();
    int cutAfter = Integer.MAX_VALUE;
    boolean files;
    boolean loadErrors;
    @Nullable Trust context;
    @Nullable Trust written;
    @Nullable Trust deployed;
    boolean pipes;
    int looks;
    int syntheses;
    boolean stacksSayNothing;
    String roleInIntegration = VARIABLES.value(MigrationVariables.STORAGE_ROLE);
    String errorRoleInIntegration = VARIABLES.value(MigrationVariables.LOAD_ERROR_ROLE);
    String errorTopicInIntegration = VARIABLES.value(MigrationVariables.LOAD_ERROR_TOPIC);

    /** What the stacks made under another name than Snowflake is told, by its variable. */
    final Map<String, String> madeElsewhere = new HashMap<>();

    List<String> differences = List.of();

    private void effect(String name) {
      effects.add(name);
      if (effects.size() == cutAfter) {
        throw new Cut();
      }
    }

    @Override
    public Integrations integrations() {
      looks++;
      return new Integrations(
          files
              ? Optional.of(new Integration(roleInIntegration, "", TRUST.files()))
              : Optional.empty(),
          loadErrors
              ? Optional.of(
                  new Integration(
                      errorRoleInIntegration, errorTopicInIntegration, TRUST.loadErrors()))
              : Optional.empty(),
          TRUST.subscriberArn());
    }

    /** One migration after the other: it may be cut off between them. */
    @Override
    public void makeIntegrations() {
      if (!files) {
        files = true;
        effect("files");
      }
      if (!loadErrors) {
        loadErrors = true;
        effect("load errors");
      }
    }

    @Override
    public Optional<Trust> writtenDown() {
      return Optional.ofNullable(context);
    }

    @Override
    public void writeDown(Trust trust) {
      context = trust;
      effect("written");
    }

    @Override
    public List<String> pendingMigrations() {
      return pipes ? List.of() : List.of("V1.0.4__failed_events.sql");
    }

    @Override
    public void applyMigrations() {
      assertThat(deployed).as("the topic's policy, when pipes subscribe").isEqualTo(TRUST);
      pipes = true;
      effect("pipes");
    }

    @Override
    public List<String> differences() {
      return differences;
    }

    @Override
    public void synthesize(Trust trust) {
      written = trust;
      syntheses++;
    }

    @Override
    public boolean isDeployed() {
      return deployed != null && deployed.equals(written);
    }

    @Override
    public void deploy() {
      deployed = written;
      effect("stacks");
    }

    @Override
    public Optional<Outputs> outputs() {
      return deployed == null || stacksSayNothing
          ? Optional.empty()
          : Optional.of(
              new Outputs(
                  made(MigrationVariables.BUCKET),
                  made(MigrationVariables.TOPIC),
                  made(MigrationVariables.STORAGE_ROLE),
                  made(MigrationVariables.LOAD_ERROR_TOPIC),
                  made(MigrationVariables.LOAD_ERROR_ROLE)));
    }

    private String made(String variable) {
      return madeElsewhere.getOrDefault(variable, VARIABLES.value(variable));
    }
  }

  @Test
  void an_empty_pair_of_accounts_is_brought_up_in_one_pass() {
    assertThat(run(false)).isTrue();
    assertThat(world.effects).isEqualTo(EFFECTS);
    assertThat(world.context).as("what a plain cdk deploy is told").isEqualTo(TRUST);
    assertThat(world.deployed).isEqualTo(TRUST);
    assertThat(world.syntheses).as("each takes seconds").isEqualTo(1);
    assertThat(world.looks).as("log-ins to Snowflake, before and behind its step").isEqualTo(2);
  }

  @Test
  void a_run_that_finds_everything_done_does_nothing() {
    run(false);
    world.effects.clear();
    assertThat(run(false)).isTrue();
    assertThat(world.effects).isEmpty();
    assertThat(said.subList(said.size() - 5, said.size()))
        .allSatisfy(sentence -> assertThat(sentence).contains(": done: "));
  }

  @Test
  void cut_off_after_any_effect_and_run_again_it_ends_the_same_and_does_nothing_twice() {
    for (int cut = 1; cut <= EFFECTS.size(); cut++) {
      var other = new World();
      other.cutAfter = cut;
      var loop = new TrustLoop(other, other, VARIABLES, sentence -> {});
      assertThatThrownBy(() -> loop.run(false)).isInstanceOf(Cut.class);
      other.cutAfter = Integer.MAX_VALUE;
      assertThat(loop.run(false)).isTrue();
      assertThat(other.effects).isEqualTo(EFFECTS);
      assertThat(other.deployed).isEqualTo(TRUST);
      assertThat(other.pipes).isTrue();
    }
  }

  @Test
  void a_dry_run_says_what_it_would_do_and_does_nothing() {
    assertThat(run(true)).isTrue();
    assertThat(world.effects).isEmpty();
    assertThat(world.files).isFalse();
    String later = ": later: Snowflake's users are known when the integrations are made";
    assertThat(said)
        .containsExactly(
            "integrations: to do: there is no storage integration, which will take the role"
                + " arn:aws:iam::222222222222:role/millrace-prod-snowflake, and no notification"
                + " integration, which will take the role"
                + " arn:aws:iam::222222222222:role/millrace-prod-load-errors",
            "cdk.context.json" + later,
            "role trust and topic policy" + later,
            "tables and pipes" + later,
            "check" + later);
  }

  @Test
  void a_dry_run_behind_the_integrations_names_the_users_that_will_be_trusted() {
    world.files = true;
    world.loadErrors = true;
    assertThat(run(true)).isTrue();
    assertThat(world.effects).isEmpty();
    assertThat(world.context).isNull();
    assertThat(said)
        .containsExactly(
            "integrations: done: their users are known: " + USERS,
            "cdk.context.json: to do: it will say "
                + USERS
                + "; commit it, so that a deployment without this command says the same",
            "role trust and topic policy: to do: roles and topic will trust whom cdk.context.json"
                + " names",
            "tables and pipes: later: 1 migrations, when the topic lets pipes subscribe",
            "check: later: it is compared when everything is there");
  }

  @Test
  void an_account_from_before_the_notification_integration_gets_it_and_the_rest_stays() {
    world.files = true;
    assertThat(run(false)).isTrue();
    assertThat(said.getFirst())
        .isEqualTo(
            "integrations: to do: there is no notification integration, which will take the role"
                + " arn:aws:iam::222222222222:role/millrace-prod-load-errors");
    assertThat(world.effects).containsExactly("load errors", "written", "stacks", "pipes");
  }

  @Test
  void a_trust_that_was_written_down_before_anything_of_it_changed_is_written_anew() {
    Trust.Caller files = TRUST.files();
    Trust.Caller loadErrors = TRUST.loadErrors();
    String other = "arn:aws:iam::444444444444:user/other";
    for (Trust old :
        List.of(
            new Trust(
                new Trust.Caller(other, files.externalId()), loadErrors, TRUST.subscriberArn()),
            new Trust(
                new Trust.Caller(files.iamUserArn(), "of the one before"),
                loadErrors,
                TRUST.subscriberArn()),
            new Trust(
                files, new Trust.Caller(other, loadErrors.externalId()), TRUST.subscriberArn()),
            new Trust(
                files,
                new Trust.Caller(loadErrors.iamUserArn(), "of the one before"),
                TRUST.subscriberArn()),
            new Trust(files, loadErrors, other))) {
      var deployed = new World();
      deployed.context = old;
      deployed.written = old;
      deployed.deployed = old;
      assertThat(new TrustLoop(deployed, deployed, VARIABLES, said::add).run(false)).isTrue();
      assertThat(deployed.context).isEqualTo(TRUST);
      assertThat(deployed.deployed).isEqualTo(TRUST);
    }
  }

  @Test
  void an_integration_of_another_role_or_topic_stops_everything_and_is_never_made_again() {
    world.files = true;
    world.loadErrors = true;
    world.roleInIntegration = "arn:aws:iam::222222222222:role/other";
    world.errorRoleInIntegration = "arn:aws:iam::222222222222:role/another";
    world.errorTopicInIntegration = "arn:aws:sns:eu-west-1:222222222222:other";
    assertThat(run(false)).isFalse();
    assertThat(world.effects).isEmpty();
    assertThat(said)
        .containsExactly(
            "integrations: wrong: the storage integration has the role"
                + " arn:aws:iam::222222222222:role/other, not"
                + " arn:aws:iam::222222222222:role/millrace-prod-snowflake: alter storage"
                + " integration ... set storage_aws_role_arn, never make it again; the notification"
                + " integration has the role arn:aws:iam::222222222222:role/another, not"
                + " arn:aws:iam::222222222222:role/millrace-prod-load-errors: alter notification"
                + " integration ... set aws_sns_role_arn, never make it again; the notification"
                + " integration has the topic arn:aws:sns:eu-west-1:222222222222:other, not"
                + " arn:aws:sns:eu-west-1:222222222222:millrace-prod-load-errors: alter"
                + " notification integration ... set aws_sns_topic_arn, never make it again");
  }

  @ParameterizedTest
  @CsvSource({
    "bucket, bucket",
    "topic_arn, topic",
    "storage_role_arn, role",
    "error_topic_arn, topic of load errors",
    "error_role_arn, role of load errors"
  })
  void stacks_that_made_anything_else_than_Snowflake_is_told_stop_before_a_pipe_is_made(
      String variable, String what) {
    world.madeElsewhere.put(variable, "renamed");
    assertThatThrownBy(() -> run(false))
        .isInstanceOf(SetupFailure.class)
        .hasMessageContaining(
            "the " + what + " is renamed, and Snowflake is told " + VARIABLES.value(variable));
    assertThat(world.pipes).isFalse();
  }

  @Test
  void stacks_that_do_not_say_what_they_made_stop_before_a_pipe_is_made() {
    world.stacksSayNothing = true;
    assertThatThrownBy(() -> run(false))
        .isInstanceOf(SetupFailure.class)
        .hasMessageContaining("do not say where bucket, topics and roles are");
    assertThat(world.pipes).isFalse();
  }

  @Test
  void a_difference_at_the_end_is_a_bad_result() {
    world.differences = List.of("The role MILLRACE_PROD_LOADER is missing.");
    assertThat(run(false)).isFalse();
    assertThat(said.getLast()).endsWith("wrong: The role MILLRACE_PROD_LOADER is missing.");
  }
}

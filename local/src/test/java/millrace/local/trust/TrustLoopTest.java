package millrace.local.trust;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import millrace.core.failed.MillraceFailure.SetupFailure;
import millrace.local.release.MigrationVariables;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

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
    String roleInIntegration = VARIABLES.value(MigrationVariables.STORAGE_ROLE);
    String errorTopicInIntegration = VARIABLES.value(MigrationVariables.LOAD_ERROR_TOPIC);
    String topicOfStack = VARIABLES.value(MigrationVariables.TOPIC);
    String errorTopicOfStack = VARIABLES.value(MigrationVariables.LOAD_ERROR_TOPIC);
    List<String> differences = List.of();

    private void effect(String name) {
      effects.add(name);
      if (effects.size() == cutAfter) {
        throw new Cut();
      }
    }

    @Override
    public Integrations integrations() {
      return new Integrations(
          files
              ? Optional.of(new Integration(roleInIntegration, "", TRUST.files()))
              : Optional.empty(),
          loadErrors
              ? Optional.of(
                  new Integration(
                      VARIABLES.value(MigrationVariables.LOAD_ERROR_ROLE),
                      errorTopicInIntegration,
                      TRUST.loadErrors()))
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
      return deployed == null
          ? Optional.empty()
          : Optional.of(
              new Outputs(
                  VARIABLES.value(MigrationVariables.BUCKET),
                  topicOfStack,
                  VARIABLES.value(MigrationVariables.STORAGE_ROLE),
                  errorTopicOfStack,
                  VARIABLES.value(MigrationVariables.LOAD_ERROR_ROLE)));
    }
  }

  @Test
  void an_empty_pair_of_accounts_is_brought_up_in_one_pass() {
    assertThat(run(false)).isTrue();
    assertThat(world.effects).isEqualTo(EFFECTS);
    assertThat(world.context).as("what a plain cdk deploy is told").isEqualTo(TRUST);
    assertThat(world.deployed).isEqualTo(TRUST);
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
        .startsWith(
            "integrations: done: their users are known: " + USERS,
            "cdk.context.json: to do: it will say "
                + USERS
                + "; commit it, so that a deployment without this command says the same",
            "role trust and topic policy: to do: roles and topic will trust whom cdk.context.json"
                + " names",
            "tables and pipes: later: 1 migrations, when the topic lets pipes subscribe");
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
  void a_trust_that_was_written_down_before_the_integrations_were_made_again_is_written_anew() {
    world.context =
        new Trust(
            TRUST.files(),
            new Trust.Caller(TRUST.loadErrors().iamUserArn(), "of the one before"),
            TRUST.subscriberArn());
    world.written = world.context;
    world.deployed = world.context;
    assertThat(run(false)).isTrue();
    assertThat(world.context).isEqualTo(TRUST);
    assertThat(world.deployed).isEqualTo(TRUST);
  }

  @Test
  void an_integration_of_another_role_or_topic_stops_everything_and_is_never_made_again() {
    world.files = true;
    world.loadErrors = true;
    world.roleInIntegration = "arn:aws:iam::222222222222:role/other";
    world.errorTopicInIntegration = "arn:aws:sns:eu-west-1:222222222222:other";
    assertThat(run(false)).isFalse();
    assertThat(world.effects).isEmpty();
    assertThat(said)
        .containsExactly(
            "integrations: wrong: the storage integration has the role"
                + " arn:aws:iam::222222222222:role/other, not"
                + " arn:aws:iam::222222222222:role/millrace-prod-snowflake: alter storage"
                + " integration ... set storage_aws_role_arn, never make it again; the notification"
                + " integration has the topic arn:aws:sns:eu-west-1:222222222222:other, not"
                + " arn:aws:sns:eu-west-1:222222222222:millrace-prod-load-errors: alter"
                + " notification integration ... set aws_sns_topic_arn, never make it again");
  }

  @Test
  void stacks_that_made_another_topic_than_Snowflake_is_told_stop_before_a_pipe_is_made() {
    world.topicOfStack = "arn:aws:sns:eu-west-1:222222222222:renamed";
    assertThatThrownBy(() -> run(false))
        .isInstanceOf(SetupFailure.class)
        .hasMessageContaining("the topic is arn:aws:sns:eu-west-1:222222222222:renamed");
    assertThat(world.pipes).isFalse();
  }

  @Test
  void a_topic_of_load_errors_that_pipes_would_not_tell_stops_before_a_pipe_is_made() {
    world.errorTopicOfStack = "arn:aws:sns:eu-west-1:222222222222:renamed";
    assertThatThrownBy(() -> run(false))
        .isInstanceOf(SetupFailure.class)
        .hasMessageContaining(
            "the topic of load errors is arn:aws:sns:eu-west-1:222222222222:renamed");
    assertThat(world.pipes).isFalse();
  }

  @Test
  void a_difference_at_the_end_is_a_bad_result() {
    world.differences = List.of("The role MILLRACE_PROD_LOADER is missing.");
    assertThat(run(false)).isFalse();
    assertThat(said.getLast()).endsWith("wrong: The role MILLRACE_PROD_LOADER is missing.");
  }
}

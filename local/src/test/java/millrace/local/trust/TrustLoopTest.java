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
          "arn:aws:iam::333333333333:user/takes",
          "millrace-prod",
          "arn:aws:iam::333333333333:root");

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
    boolean integration;
    @Nullable Trust written;
    @Nullable Trust deployed;
    boolean pipes;
    String roleInIntegration = VARIABLES.value(MigrationVariables.STORAGE_ROLE);
    String topicOfStack = VARIABLES.value(MigrationVariables.TOPIC);
    List<String> differences = List.of();

    private void effect(String name) {
      effects.add(name);
      if (effects.size() == cutAfter) {
        throw new Cut();
      }
    }

    @Override
    public Optional<Integration> integration() {
      return integration
          ? Optional.of(new Integration(roleInIntegration, TRUST))
          : Optional.empty();
    }

    @Override
    public void makeIntegration() {
      integration = true;
      effect("integration");
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
                  VARIABLES.value(MigrationVariables.STORAGE_ROLE)));
    }
  }

  @Test
  void an_empty_pair_of_accounts_is_brought_up_in_one_pass() {
    assertThat(run(false)).isTrue();
    assertThat(world.effects).containsExactly("integration", "stacks", "pipes");
    assertThat(world.deployed).isEqualTo(TRUST);
  }

  @Test
  void a_run_that_finds_everything_done_does_nothing() {
    run(false);
    world.effects.clear();
    assertThat(run(false)).isTrue();
    assertThat(world.effects).isEmpty();
    assertThat(said.subList(said.size() - 4, said.size()))
        .allSatisfy(sentence -> assertThat(sentence).contains(": done: "));
  }

  @Test
  void cut_off_after_any_effect_and_run_again_it_ends_the_same_and_does_nothing_twice() {
    for (int cut = 1; cut <= 3; cut++) {
      var other = new World();
      other.cutAfter = cut;
      var loop = new TrustLoop(other, other, VARIABLES, sentence -> {});
      assertThatThrownBy(() -> loop.run(false)).isInstanceOf(Cut.class);
      other.cutAfter = Integer.MAX_VALUE;
      assertThat(loop.run(false)).isTrue();
      assertThat(other.effects).containsExactly("integration", "stacks", "pipes");
      assertThat(other.deployed).isEqualTo(TRUST);
      assertThat(other.pipes).isTrue();
    }
  }

  @Test
  void a_dry_run_says_what_it_would_do_and_does_nothing() {
    assertThat(run(true)).isTrue();
    assertThat(world.effects).isEmpty();
    assertThat(world.integration).isFalse();
    assertThat(said)
        .containsExactly(
            "storage integration: to do: there is none; it will take the role"
                + " arn:aws:iam::222222222222:role/millrace-prod-snowflake",
            "role trust and topic policy: later: Snowflake's users are known when the integration"
                + " is made",
            "tables and pipes: later: Snowflake's users are known when the integration is made",
            "check: later: Snowflake's users are known when the integration is made");
  }

  @Test
  void a_dry_run_behind_the_integration_names_the_users_that_will_be_trusted() {
    world.integration = true;
    assertThat(run(true)).isTrue();
    assertThat(world.effects).isEmpty();
    assertThat(said.get(1))
        .isEqualTo(
            "role trust and topic policy: to do: the role will trust"
                + " arn:aws:iam::333333333333:user/takes with external id millrace-prod, the topic"
                + " lets arn:aws:iam::333333333333:root subscribe");
    assertThat(said.get(2)).contains("later: 1 migrations, when the topic lets pipes subscribe");
  }

  @Test
  void an_integration_of_another_role_stops_everything_and_is_never_made_again() {
    world.integration = true;
    world.roleInIntegration = "arn:aws:iam::222222222222:role/other";
    assertThat(run(false)).isFalse();
    assertThat(world.effects).isEmpty();
    assertThat(said).singleElement().asString().contains("never make it again");
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
  void a_difference_at_the_end_is_a_bad_result() {
    world.differences = List.of("The role MILLRACE_PROD_LOADER is missing.");
    assertThat(run(false)).isFalse();
    assertThat(said.getLast()).endsWith("wrong: The role MILLRACE_PROD_LOADER is missing.");
  }
}

package millrace.local.trust;

import java.util.List;
import java.util.Optional;
import millrace.core.failed.MillraceFailure.SetupFailure;
import millrace.local.Progress;
import millrace.local.release.MigrationVariables;
import millrace.local.trust.SnowflakeSide.Integration;
import millrace.local.trust.Step.CheckWarehouse;
import millrace.local.trust.Step.DeployStacks;
import millrace.local.trust.Step.Found;
import millrace.local.trust.Step.Found.Done;
import millrace.local.trust.Step.Found.ToDo;
import millrace.local.trust.Step.Found.Unknown;
import millrace.local.trust.Step.Found.Wrong;
import millrace.local.trust.Step.MakeIntegration;
import millrace.local.trust.Step.SubscribePipes;

/**
 * Brings an environment into its accounts. Snowflake's integration names a role of AWS, whose trust
 * names a user that only the integration shows; the pipes subscribe to a topic, whose policy must
 * name Snowflake before. Names are ours and known beforehand, so one pass is enough.
 *
 * <p>Nothing is remembered: every step looks first whether it is done, so a run that was cut off
 * anywhere is simply run again.
 */
public final class TrustLoop {
  private static final List<Step> STEPS =
      List.of(
          new MakeIntegration(), new DeployStacks(), new SubscribePipes(), new CheckWarehouse());

  private final SnowflakeSide snowflake;
  private final AwsSide aws;
  private final MigrationVariables variables;
  private final Progress progress;

  /**
   * A look takes the CDK command line some seconds, so what was found deployed is not asked again.
   */
  private boolean deployed;

  /**
   * @param variables what the migrations are told of AWS: the stacks must make exactly that
   */
  public TrustLoop(
      SnowflakeSide snowflake, AwsSide aws, MigrationVariables variables, Progress progress) {
    this.snowflake = snowflake;
    this.aws = aws;
    this.variables = variables;
    this.progress = progress;
  }

  /**
   * Does what is not done, or says what it would do.
   *
   * @return whether everything is as it should be, or in a dry run can become so
   * @throws SetupFailure when a step was done and still is not
   */
  public boolean run(boolean dryRun) {
    for (Step step : STEPS) {
      Found found = look(step);
      switch (found) {
        case Done _ -> say(step, found);
        case Wrong _ -> {
          say(step, found);
          return false;
        }
        case Unknown _ -> say(step, found);
        case ToDo _ when dryRun -> say(step, found);
        case ToDo _ -> {
          say(step, found);
          act(step);
          Found after = look(step);
          if (!(after instanceof Done)) {
            throw new SetupFailure(step.title() + ": it was done, and still " + after.sentence());
          }
          say(step, after);
        }
      }
    }
    return true;
  }

  private void say(Step step, Found found) {
    String word =
        switch (found) {
          case Done _ -> "done";
          case ToDo _ -> "to do";
          case Unknown _ -> "later";
          case Wrong _ -> "wrong";
        };
    progress.say(step.title() + ": " + word + ": " + found.sentence());
  }

  private Found look(Step step) {
    Optional<Integration> integration = snowflake.integration();
    if (integration.isEmpty()) {
      return step instanceof MakeIntegration
          ? new ToDo("there is none; it will take the role " + role())
          : new Unknown("Snowflake's users are known when the integration is made");
    }
    return switch (step) {
      case MakeIntegration _ -> integration(integration.get());
      case DeployStacks _ -> stacks(integration.get().trust());
      case SubscribePipes _ -> pipes();
      case CheckWarehouse _ -> warehouse();
    };
  }

  private Found integration(Integration there) {
    return there.roleArn().equals(role())
        ? new Done("its user is " + there.trust().iamUserArn())
        : new Wrong(
            "it takes the role "
                + there.roleArn()
                + ", not "
                + role()
                + ": alter storage integration ... set storage_aws_role_arn, never make it again");
  }

  private Found stacks(Trust trust) {
    aws.synthesize(trust);
    if (!aws.isDeployed()) {
      return new ToDo(
          "the role will trust "
              + trust.iamUserArn()
              + " with external id "
              + trust.externalId()
              + ", the topic lets "
              + trust.subscriberArn()
              + " subscribe");
    }
    Optional<AwsSide.Outputs> outputs = aws.outputs();
    if (outputs.isEmpty()) {
      return new Wrong("the stacks are deployed and do not say where bucket, topic and role are");
    }
    AwsSide.Outputs made = outputs.get();
    return same("bucket", made.bucket(), MigrationVariables.BUCKET)
        .or(() -> same("topic", made.topicArn(), MigrationVariables.TOPIC))
        .or(() -> same("role", made.storageRoleArn(), MigrationVariables.STORAGE_ROLE))
        .<Found>map(Wrong::new)
        .orElseGet(
            () -> {
              deployed = true;
              return new Done("the stacks are deployed as they are written");
            });
  }

  private Optional<String> same(String what, String made, String variable) {
    String told = variables.value(variable);
    return made.equals(told)
        ? Optional.empty()
        : Optional.of("the " + what + " is " + made + ", and Snowflake is told " + told);
  }

  private Found pipes() {
    List<String> pending = snowflake.pendingMigrations();
    if (pending.isEmpty()) {
      return new Done("every migration is applied");
    }
    // A dry run comes here with stacks that are not there yet.
    return deployed
        ? new ToDo(pending.size() + " migrations, " + pending.getFirst() + " the first")
        : new Unknown(pending.size() + " migrations, when the topic lets pipes subscribe");
  }

  private Found warehouse() {
    if (!(pipes() instanceof Done)) {
      return new Unknown("it is compared when everything is there");
    }
    List<String> differences = snowflake.differences();
    return differences.isEmpty()
        ? new Done("Snowflake is as the code says")
        : new Wrong(String.join(" ", differences));
  }

  private void act(Step step) {
    switch (step) {
      case MakeIntegration _ -> snowflake.makeIntegration();
      case DeployStacks _ -> aws.deploy();
      case SubscribePipes _ -> snowflake.applyMigrations();
      case CheckWarehouse _ -> throw new IllegalStateException("a check changes nothing");
    }
  }

  private String role() {
    return variables.value(MigrationVariables.STORAGE_ROLE);
  }
}

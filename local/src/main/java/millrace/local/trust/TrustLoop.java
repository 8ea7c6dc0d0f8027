package millrace.local.trust;

import static millrace.local.release.MigrationVariables.LOAD_ERROR_ROLE;
import static millrace.local.release.MigrationVariables.LOAD_ERROR_TOPIC;
import static millrace.local.release.MigrationVariables.STORAGE_ROLE;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import millrace.core.failed.MillraceFailure.SetupFailure;
import millrace.local.Progress;
import millrace.local.release.MigrationVariables;
import millrace.local.trust.SnowflakeSide.Integrations;
import millrace.local.trust.Step.CheckWarehouse;
import millrace.local.trust.Step.DeployStacks;
import millrace.local.trust.Step.Found;
import millrace.local.trust.Step.Found.Done;
import millrace.local.trust.Step.Found.ToDo;
import millrace.local.trust.Step.Found.Unknown;
import millrace.local.trust.Step.Found.Wrong;
import millrace.local.trust.Step.MakeIntegrations;
import millrace.local.trust.Step.SubscribePipes;
import millrace.local.trust.Step.WriteDownTrust;
import org.jspecify.annotations.Nullable;

/**
 * Brings an environment into its accounts. Snowflake's integrations name roles of AWS, whose trust
 * names users that only the integrations show; the pipes subscribe to a topic, whose policy must
 * name Snowflake before. Names are ours and known beforehand, so one pass is enough.
 *
 * <p>Of what is done nothing is remembered: every step looks first whether it is done, so a run
 * that was cut off anywhere is simply run again.
 */
public final class TrustLoop {
  private static final List<Step> STEPS =
      List.of(
          new MakeIntegrations(),
          new WriteDownTrust(),
          new DeployStacks(),
          new SubscribePipes(),
          new CheckWarehouse());

  private static final Found LATER =
      new Unknown("Snowflake's users are known when the integrations are made");

  private final SnowflakeSide snowflake;
  private final AwsSide aws;
  private final MigrationVariables variables;
  private final Progress progress;

  /**
   * A look takes the CDK command line some seconds, so what was found deployed is not asked again.
   */
  private boolean deployed;

  private @Nullable Integrations integrations;

  /** Of whom the templates know, which take seconds too. */
  private @Nullable Trust synthesized;

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
    // Only the first step makes integrations, and each question logs in to Snowflake again.
    if (step instanceof MakeIntegrations) {
      integrations = snowflake.integrations();
    }
    Optional<Trust> trust = Objects.requireNonNull(integrations).trust();
    return switch (step) {
      case MakeIntegrations _ -> integrations(Objects.requireNonNull(integrations));
      case WriteDownTrust _ -> trust.map(this::written).orElse(LATER);
      case DeployStacks _ -> trust.map(this::stacks).orElse(LATER);
      case SubscribePipes _ -> trust.map(_ -> pipes()).orElse(LATER);
      case CheckWarehouse _ -> trust.map(_ -> warehouse()).orElse(LATER);
    };
  }

  private Found integrations(Integrations there) {
    List<String> wrong = new ArrayList<>();
    there
        .files()
        .flatMap(made -> another("storage", "role", made.roleArn(), STORAGE_ROLE))
        .ifPresent(wrong::add);
    there
        .loadErrors()
        .flatMap(made -> another("notification", "role", made.roleArn(), LOAD_ERROR_ROLE))
        .ifPresent(wrong::add);
    there
        .loadErrors()
        .flatMap(made -> another("notification", "topic", made.topicArn(), LOAD_ERROR_TOPIC))
        .ifPresent(wrong::add);
    if (!wrong.isEmpty()) {
      return new Wrong(String.join("; ", wrong));
    }
    List<String> missing = new ArrayList<>();
    if (there.files().isEmpty()) {
      missing.add("storage integration, which will take the role " + value(STORAGE_ROLE));
    }
    if (there.loadErrors().isEmpty()) {
      missing.add("notification integration, which will take the role " + value(LOAD_ERROR_ROLE));
    }
    return there
        .trust()
        .<Found>map(trust -> new Done("their users are known: " + named(trust)))
        .orElseGet(() -> new ToDo("there is no " + String.join(", and no ", missing)));
  }

  private Optional<String> another(String kind, String what, String made, String variable) {
    return made.equals(value(variable))
        ? Optional.empty()
        : Optional.of(
            "the %s integration has the %s %s, not %s: alter %s integration ... set %s, never make it again"
                .formatted(
                    kind,
                    what,
                    made,
                    value(variable),
                    kind,
                    kind.equals("storage") ? "storage_aws_role_arn" : "aws_sns_" + what + "_arn"));
  }

  private Found written(Trust trust) {
    return aws.writtenDown().filter(trust::equals).isPresent()
        ? new Done("it says so, and so does a deployment without this command")
        : new ToDo(
            "it will say "
                + named(trust)
                + "; commit it, so that a deployment without this command says the same");
  }

  private static String named(Trust trust) {
    return trust.files().iamUserArn()
        + " reads files with external id "
        + trust.files().externalId()
        + ", "
        + trust.loadErrors().iamUserArn()
        + " tells of failed loads with external id "
        + trust.loadErrors().externalId()
        + ", "
        + trust.subscriberArn()
        + " subscribes";
  }

  private Found stacks(Trust trust) {
    if (!trust.equals(synthesized)) {
      aws.synthesize(trust);
      synthesized = trust;
    }
    if (!aws.isDeployed()) {
      return new ToDo("roles and topic will trust whom " + LearntContext.FILE + " names");
    }
    Optional<AwsSide.Outputs> outputs = aws.outputs();
    if (outputs.isEmpty()) {
      return new Wrong("the stacks are deployed and do not say where bucket, topics and roles are");
    }
    AwsSide.Outputs made = outputs.get();
    return same("bucket", made.bucket(), MigrationVariables.BUCKET)
        .or(() -> same("topic", made.topicArn(), MigrationVariables.TOPIC))
        .or(() -> same("role", made.storageRoleArn(), STORAGE_ROLE))
        .or(() -> same("topic of load errors", made.loadErrorTopicArn(), LOAD_ERROR_TOPIC))
        .or(() -> same("role of load errors", made.loadErrorRoleArn(), LOAD_ERROR_ROLE))
        .<Found>map(Wrong::new)
        .orElseGet(
            () -> {
              deployed = true;
              return new Done("the stacks are deployed as they are written");
            });
  }

  private Optional<String> same(String what, String made, String variable) {
    String told = value(variable);
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
      case MakeIntegrations _ -> snowflake.makeIntegrations();
      case WriteDownTrust _ ->
          aws.writeDown(Objects.requireNonNull(integrations).trust().orElseThrow());
      case DeployStacks _ -> aws.deploy();
      case SubscribePipes _ -> snowflake.applyMigrations();
      case CheckWarehouse _ -> throw new IllegalStateException("a check changes nothing");
    }
  }

  private String value(String variable) {
    return variables.value(variable);
  }
}

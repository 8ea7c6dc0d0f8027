package millrace.cli;

import java.nio.file.Path;
import java.util.Optional;
import millrace.core.failed.MillraceFailure.SetupFailure;
import millrace.local.Progress;
import millrace.local.aws.DataPlace;
import millrace.local.run.RunningPipeline;
import millrace.local.state.Checkout;
import millrace.local.state.Endpoints;
import millrace.local.state.StateName;
import millrace.local.warehouse.WarehouseAccess;

/** What the commands of the laptop share. */
final class LocalRun {
  static final String LOCAL = "local";

  private final Checkout checkout;
  private final Progress progress;

  private LocalRun(Checkout checkout, Progress progress) {
    this.checkout = checkout;
    this.progress = progress;
  }

  /**
   * The laptop run, where it is what the user asked for.
   *
   * @param instead what does the same in an account
   * @throws SetupFailure with that advice when another environment is named
   */
  static LocalRun of(Main main, String command, String instead) {
    if (!main.environment.equals(LOCAL)) {
      throw new SetupFailure(
          "'"
              + command
              + "' serves the environment local only, not '"
              + main.environment
              + "': "
              + instead);
    }
    return new LocalRun(
        Checkout.find(System.getenv(), Path.of("").toAbsolutePath()),
        Progress.elapsed(System.err, System::nanoTime));
  }

  Checkout checkout() {
    return checkout;
  }

  Progress progress() {
    return progress;
  }

  /** The run that is running, the kept one first. */
  Optional<RunningPipeline> running() {
    return RunningPipeline.in(checkout.state(StateName.UP))
        .or(() -> RunningPipeline.in(checkout.state(StateName.DEMO)));
  }

  /**
   * Where the kept run can be reached.
   *
   * @throws SetupFailure when it does not run
   */
  Endpoints kept() {
    return RunningPipeline.in(checkout.state(StateName.UP))
        .map(RunningPipeline::endpoints)
        .orElseThrow(() -> new SetupFailure("nothing runs: start it with ./millrace up"));
  }

  /**
   * Where the data of the environment is that the user named: the kept run, or an account.
   *
   * @throws SetupFailure when the run does not run, or cdk.json has no such environment
   */
  static DataPlace data(Main main, Progress progress) {
    Checkout checkout = Checkout.find(System.getenv(), Path.of("").toAbsolutePath());
    if (main.environment.equals(LOCAL)) {
      return DataPlace.of(new LocalRun(checkout, progress).kept());
    }
    DataPlace account =
        DataPlace.ofAccount(checkout.home().resolve("cdk.json"), main.environment, System.getenv());
    progress.say("account " + account.account() + ", " + account.bucket());
    return account;
  }

  WarehouseAccess warehouse(Optional<StateName> state) {
    return WarehouseAccess.open(checkout, state, progress);
  }
}

package millrace.cli;

import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import millrace.core.contract.ContractSet;
import millrace.core.contract.ReleasedContracts;
import millrace.local.run.RunningPipeline;
import millrace.local.state.Checkout;
import millrace.local.state.StateName;
import millrace.local.trace.ObjectFolder;
import millrace.local.warehouse.WarehouseAccess;

/**
 * The contracts that are active in a run: those released into its bucket, else the ones of this
 * program.
 */
final class LocalContracts {
  private LocalContracts() {}

  /** Of the pipeline that is kept running, if it is. */
  static ContractSet active(Main main) {
    Checkout checkout = LocalRun.of(main, "sample", "its registry is in S3").checkout();
    return RunningPipeline.in(checkout.state(StateName.UP))
        .map(running -> of(new ObjectFolder(running.endpoints().objects())))
        .orElseGet(ContractSet::builtIn);
  }

  static ContractSet of(ObjectFolder bucket) {
    return new ReleasedContracts(
            bucket, ContractSet.builtIn(), InstantSource.system(), Duration.ZERO)
        .active();
  }

  /** The bucket of a run, running or not. */
  static ObjectFolder bucket(Checkout checkout, Optional<StateName> wanted) {
    StateName name = wanted.orElseGet(() -> WarehouseAccess.choose(checkout));
    Path state = checkout.state(name);
    return RunningPipeline.in(state)
        .map(running -> new ObjectFolder(running.endpoints().objects()))
        .orElseGet(() -> ObjectFolder.of(state));
  }
}

package millrace.local.release;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import millrace.core.contract.Contract;
import millrace.core.contract.ContractSet;
import millrace.core.contract.ReleasedContracts;
import millrace.core.failed.MillraceFailure.EnvironmentFailure;
import millrace.core.failed.MillraceFailure.SetupFailure;
import millrace.core.file.ObjectKeys;
import millrace.core.file.ObjectStore;
import millrace.core.file.ObjectStore.ReplaceOutcome;
import millrace.derive.artifact.RawTable;
import millrace.derive.artifact.RawTable.RawColumn;
import millrace.derive.artifact.TableSql;
import millrace.derive.change.Change;
import millrace.derive.change.Evolution;
import millrace.derive.change.Verdict;
import millrace.local.Progress;
import org.jspecify.annotations.Nullable;

/**
 * Makes a set of contracts active: migrations, a check, the set, and last the pointer. Until the
 * pointer has moved, nothing is written that no table would hold or no pipe would load. Any step
 * may fail or be killed; doing all of it again goes on where it ended.
 */
public final class ContractRelease {
  private final ObjectStore store;
  private final ReleaseWarehouse warehouse;
  private final Progress progress;

  public ContractRelease(ObjectStore store, ReleaseWarehouse warehouse, Progress progress) {
    this.store = store;
    this.warehouse = warehouse;
    this.progress = progress;
  }

  /**
   * @param added types that were not active before
   * @param changed types that were active with other columns, options or texts
   * @param digest of the set, which is active now
   */
  public record Released(List<String> added, List<String> changed, String digest) {}

  /**
   * @throws SetupFailure when the set breaks what is active, or the warehouse lacks what it needs
   *     after all migrations; the pointer has not moved then
   * @throws EnvironmentFailure when somebody else has released in the meantime
   */
  public Released release(ContractSet contracts) {
    Optional<ObjectStore.Found> pointer = store.get(ObjectKeys.ACTIVE_CONTRACTS);
    ContractSet active =
        new ReleasedContracts(
                store, ContractSet.builtIn(), InstantSource.system(), Duration.ofMinutes(1))
            .active();
    List<Change> changes = Evolution.compare(active, contracts);
    refuseBreaking(changes);
    warehouse.migrate();
    progress.say("warehouse: migrations applied");
    check(contracts);
    progress.say("warehouse: has every table, column and pipe");
    var stored =
        store.putIfAbsent(
            ObjectKeys.contractSet(contracts.digest()),
            contracts.descriptorSet(),
            Map.of("types", Integer.toString(contracts.contracts().size())));
    progress.say(
        "contracts/"
            + contracts.digest()
            + ".binpb: "
            + (stored == ObjectStore.PutOutcome.CREATED ? "stored" : "there already"));
    movePointer(contracts.digest(), pointer.map(ObjectStore.Found::tag).orElse(null));
    return released(active, changes, contracts.digest());
  }

  private void movePointer(String digest, @Nullable String tag) {
    byte[] bytes = digest.getBytes(StandardCharsets.US_ASCII);
    if (store.replace(ObjectKeys.ACTIVE_CONTRACTS, bytes, tag)
        == ReplaceOutcome.CHANGED_MEANWHILE) {
      throw new EnvironmentFailure(
          "somebody else has released contracts meanwhile: look at what is active, then release"
              + " again",
          null);
    }
  }

  private static Released released(ContractSet active, List<Change> changes, String digest) {
    Set<String> before =
        active.contracts().stream()
            .map(Contract::type)
            .collect(java.util.stream.Collectors.toSet());
    List<String> types = changes.stream().map(Change::type).distinct().toList();
    return new Released(
        types.stream().filter(type -> !before.contains(type)).toList(),
        types.stream().filter(before::contains).toList(),
        digest);
  }

  private static void refuseBreaking(List<Change> changes) {
    List<String> breaking =
        changes.stream()
            .filter(change -> change.verdict() == Verdict.BREAKING)
            .map(
                change ->
                    change.place()
                        + ": "
                        + change.type()
                        + (change.field().isEmpty() ? "" : "." + change.field())
                        + ": "
                        + change.what())
            .toList();
    if (!breaking.isEmpty()) {
      throw new SetupFailure("not released: " + String.join("; ", breaking));
    }
  }

  /** Columns that a load cannot fill are lost without a word, so they are looked for before. */
  private void check(ContractSet contracts) {
    var problems = new ArrayList<String>();
    Set<String> pipes = warehouse.pipes();
    for (Contract contract : contracts.contracts()) {
      RawTable table = RawTable.of(contract);
      Map<String, String> columns = warehouse.columns(table.name());
      if (columns.isEmpty()) {
        problems.add("the table raw." + table.name() + " is missing");
        continue;
      }
      for (RawColumn column : table.columns()) {
        String type = columns.get(column.name().toLowerCase(Locale.ROOT));
        if (!column.type().equals(type)) {
          problems.add(
              "raw."
                  + table.name()
                  + "."
                  + column.name()
                  + " is "
                  + (type == null ? "missing" : type)
                  + ", not "
                  + column.type());
        }
      }
      for (String pipe : TableSql.pipes(contract).keySet()) {
        if (!pipes.contains(pipe)) {
          problems.add("the pipe raw." + pipe + " is missing");
        }
      }
    }
    if (!problems.isEmpty()) {
      throw new SetupFailure(
          "not released: "
              + String.join("; ", problems)
              + ": run ./millrace contract migrate, then release again");
    }
  }
}

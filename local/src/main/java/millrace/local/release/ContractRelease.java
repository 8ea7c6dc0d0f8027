package millrace.local.release;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
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
import millrace.derive.artifact.TableSql.Deployment;
import millrace.local.Progress;
import millrace.local.warehouse.EventTables;
import millrace.local.warehouse.QueryResult;
import millrace.local.warehouse.WarehouseClient;
import org.jspecify.annotations.Nullable;

/**
 * Makes a set of contracts active: tables, pipes, a check, the set, and last the pointer. Until the
 * pointer has moved, nothing is written that no pipe would load. Any step may fail; doing all of it
 * again goes on where it ended.
 */
public final class ContractRelease {
  private static final Pattern PREFIX = Pattern.compile("/format=([a-z]+)/");
  private static final Pattern FILE_FORMAT = Pattern.compile("format_name\\s*=\\s*'([^']+)'");

  private final ObjectStore store;
  private final WarehouseClient warehouse;
  private final String database;
  private final String topicArn;
  private final Progress progress;

  public ContractRelease(
      ObjectStore store,
      WarehouseClient warehouse,
      String database,
      String topicArn,
      Progress progress) {
    this.store = store;
    this.warehouse = warehouse;
    this.database = database;
    this.topicArn = topicArn;
    this.progress = progress;
  }

  /**
   * @param added types that were not active before
   * @param digest of the set, which is active now
   */
  public record Released(List<String> added, String digest) {}

  /**
   * @throws SetupFailure when the set lacks or changes a type that is active
   * @throws EnvironmentFailure when somebody else has released in the meantime
   */
  public Released release(ContractSet contracts) {
    Optional<ObjectStore.Found> pointer = store.get(ObjectKeys.ACTIVE_CONTRACTS);
    ContractSet active =
        new ReleasedContracts(
                store, ContractSet.builtIn(), InstantSource.system(), Duration.ofMinutes(1))
            .active();
    requireAllOf(active, contracts);
    List<Contract> added =
        contracts.contracts().stream()
            .filter(contract -> find(active, contract.type()).isEmpty())
            .toList();
    Deployment deployment = deployment();
    for (Contract contract : added) {
      warehouse.query(TableSql.createTable(RawTable.of(contract), deployment));
      TableSql.createPipes(contract, deployment).forEach(warehouse::query);
      progress.say(contract.type() + ": table and pipe are there");
    }
    check(contracts);
    byte[] set = contracts.descriptorSet();
    var stored =
        store.putIfAbsent(
            ObjectKeys.contractSet(contracts.digest()),
            set,
            Map.of("types", Integer.toString(contracts.contracts().size())));
    progress.say(
        "contracts/"
            + contracts.digest()
            + ".binpb: "
            + (stored == ObjectStore.PutOutcome.CREATED ? "stored" : "there already"));
    byte[] digest = contracts.digest().getBytes(StandardCharsets.US_ASCII);
    @Nullable String tag = pointer.map(ObjectStore.Found::tag).orElse(null);
    if (store.replace(ObjectKeys.ACTIVE_CONTRACTS, digest, tag)
        == ReplaceOutcome.CHANGED_MEANWHILE) {
      throw new EnvironmentFailure(
          "somebody else has released contracts meanwhile: release again", null);
    }
    return new Released(added.stream().map(Contract::type).toList(), contracts.digest());
  }

  private static void requireAllOf(ContractSet active, ContractSet contracts) {
    var problems = new ArrayList<String>();
    for (Contract before : active.contracts()) {
      Optional<Contract> now = find(contracts, before.type());
      if (now.isEmpty()) {
        problems.add(before.type() + " is active and missing in the set");
      } else if (!columns(before).equals(columns(now.get()))) {
        problems.add(before.type() + " is active and has other columns in the set");
      }
    }
    if (!problems.isEmpty()) {
      throw new SetupFailure("not released: " + String.join("; ", problems));
    }
  }

  private static List<String> columns(Contract contract) {
    return RawTable.of(contract).columns().stream()
        .map((RawColumn column) -> column.name() + " " + column.type())
        .toList();
  }

  private static Optional<Contract> find(ContractSet contracts, String type) {
    return contracts.contracts().stream().filter(each -> each.type().equals(type)).findFirst();
  }

  /** The pipes that are there say how files are written in this deployment. */
  private Deployment deployment() {
    for (String definition : pipes("definition")) {
      Matcher prefix = PREFIX.matcher(definition);
      Matcher fileFormat = FILE_FORMAT.matcher(definition);
      if (prefix.find() && fileFormat.find()) {
        String name = fileFormat.group(1);
        return new Deployment(
            database,
            topicArn,
            prefix.group(1),
            name.substring(name.lastIndexOf('.') + 1),
            "NDJSON_ZSTD");
      }
    }
    throw new SetupFailure("the warehouse has no pipe yet: apply the migrations first");
  }

  private void check(ContractSet contracts) {
    List<String> pipes = pipes("name");
    for (Contract contract : contracts.contracts()) {
      EventTables tables = EventTables.of(database, contract);
      warehouse.query("select count(*) from " + tables.raw());
      for (String pipe : TableSql.pipes(contract).keySet()) {
        if (pipes.stream().noneMatch(pipe::equalsIgnoreCase)) {
          throw new SetupFailure("the pipe " + pipe + " is missing: apply the migrations");
        }
      }
    }
  }

  private List<String> pipes(String column) {
    QueryResult pipes = warehouse.query("show pipes in account");
    var values = new ArrayList<String>();
    for (int row = 0; row < pipes.rows().size(); row++) {
      values.add(String.valueOf(pipes.value(row, column)));
    }
    return values;
  }
}

package millrace.local.release;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.DescriptorProtos.FieldDescriptorProto.Type;
import com.google.protobuf.DescriptorProtos.FileDescriptorSet;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import millrace.core.contract.Contract;
import millrace.core.contract.ContractProtos;
import millrace.core.contract.ContractSet;
import millrace.core.failed.MillraceFailure.EnvironmentFailure;
import millrace.core.failed.MillraceFailure.SetupFailure;
import millrace.core.file.InMemoryObjectStore;
import millrace.core.file.ObjectKeys;
import millrace.core.file.ObjectStore;
import millrace.derive.artifact.RawTable;
import millrace.derive.artifact.TableSql;
import millrace.local.Progress;
import millrace.local.release.ContractRelease.Released;
import millrace.options.v1.Pii;
import org.junit.jupiter.api.Test;

class ContractReleaseTest {
  private final List<String> effects = new ArrayList<>();
  private final Store store = new Store();
  private final Warehouse warehouse = new Warehouse();
  private int dieBefore = Integer.MAX_VALUE;

  /** What a process is that is killed between two steps. */
  private static final class Killed extends RuntimeException {}

  private void effect(String what) {
    if (effects.size() >= dieBefore) {
      throw new Killed();
    }
    effects.add(what);
  }

  /** Migrations that make the tables of a set, one statement after the other. */
  private final class Warehouse implements ReleaseWarehouse {
    final Map<String, Map<String, String>> tables = new HashMap<>();
    final Set<String> pipes = new java.util.TreeSet<>();
    List<Contract> migrations = List.of();
    Runnable whileChecking = () -> {};

    @Override
    public void migrate() {
      for (Contract contract : migrations) {
        RawTable table = RawTable.of(contract);
        Map<String, String> columns =
            table.columns().stream()
                .collect(
                    Collectors.toMap(
                        RawTable.RawColumn::name, RawTable.RawColumn::type, (a, b) -> a));
        if (!columns.equals(tables.get(table.name()))) {
          effect("table " + table.name());
          tables.put(table.name(), columns);
        }
        for (String pipe : TableSql.pipes(contract).keySet()) {
          if (!pipes.contains(pipe)) {
            effect("pipe " + pipe);
            pipes.add(pipe);
          }
        }
      }
    }

    @Override
    public Map<String, String> columns(String rawTable) {
      return tables.getOrDefault(rawTable, Map.of());
    }

    @Override
    public Set<String> pipes() {
      whileChecking.run();
      return pipes;
    }
  }

  private final class Store implements ObjectStore {
    private final InMemoryObjectStore objects = new InMemoryObjectStore();

    @Override
    public PutOutcome putIfAbsent(String key, byte[] bytes, Map<String, String> metadata) {
      if (objects.get(key).isEmpty()) {
        effect("set");
      }
      return objects.putIfAbsent(key, bytes, metadata);
    }

    @Override
    public ReplaceOutcome replace(
        String key, byte[] bytes, @org.jspecify.annotations.Nullable String expectedTag) {
      effect("pointer");
      return objects.replace(key, bytes, expectedTag);
    }

    @Override
    public Optional<Found> get(String key) {
      return objects.get(key);
    }

    @Override
    public Stream<Listed> list(String prefix) {
      return objects.list(prefix);
    }

    Optional<String> pointer() {
      return objects
          .get(ObjectKeys.ACTIVE_CONTRACTS)
          .map(found -> new String(found.bytes(), StandardCharsets.US_ASCII));
    }
  }

  private static ContractSet builtInAnd(String... fields) throws Exception {
    var event =
        ContractProtos.event(
            "Thing", ContractProtos.contract().setSource("orders").addEventId("id").addKey("id"));
    event.addField(ContractProtos.text("id", 1, ContractProtos.pii(Pii.PII_NONE)));
    for (String field : fields) {
      event.addField(ContractProtos.field(field, event.getFieldCount() + 1, Type.TYPE_INT32));
    }
    var set = FileDescriptorSet.parseFrom(ContractSet.builtIn().descriptorSet()).toBuilder();
    boolean hasWrappers =
        set.getFileList().stream()
            .anyMatch(file -> file.getName().equals("google/protobuf/wrappers.proto"));
    var file = ContractProtos.file("orders/v1/thing.proto", "orders.v1").addMessageType(event);
    if (!hasWrappers) {
      file.clearDependency();
    }
    return ContractSet.parse(set.addFile(file).build().toByteArray());
  }

  private Released release(ContractSet contracts) {
    warehouse.migrations = List.copyOf(contracts.contracts());
    return new ContractRelease(store, warehouse, Progress.elapsed(System.out, () -> 0L))
        .release(contracts);
  }

  @Test
  void theStepsAreTablesAndPipesThenTheSetThenThePointer() throws Exception {
    release(ContractSet.builtIn());
    effects.clear();

    Released released = release(builtInAnd("plant"));

    assertThat(effects)
        .containsExactly("table orders_v1__thing", "pipe orders_v1__thing_pipe", "set", "pointer");
    assertThat(released.added()).containsExactly("orders.v1.Thing");
    assertThat(store.pointer()).contains(released.digest());
  }

  @Test
  void aReleaseThatIsKilledBetweenAnyTwoStepsMovesThePointerLastAndIsFinishedByTheNext()
      throws Exception {
    ContractSet first = builtInAnd();
    ContractSet second = builtInAnd("plant");
    release(first);
    int killedAt = 0;
    boolean finished = false;
    while (!finished) {
      dieBefore = effects.size() + 1;
      try {
        release(second);
        finished = true;
      } catch (Killed killed) {
        killedAt++;
        boolean wasLast = store.pointer().equals(Optional.of(second.digest()));
        assertThat(wasLast).as("the pointer has moved, and a step was left").isFalse();
        assertThat(store.pointer()).contains(first.digest());
      }
    }

    assertThat(killedAt).isGreaterThanOrEqualTo(2);
    assertThat(store.pointer()).contains(second.digest());
    assertThat(store.get(ObjectKeys.contractSet(second.digest()))).isPresent();
    assertThat(warehouse.tables.get("orders_v1__thing")).containsKey("plant");

    dieBefore = Integer.MAX_VALUE;
    Released again = release(second);
    assertThat(again.added()).isEmpty();
    assertThat(again.changed()).isEmpty();
  }

  @Test
  void aChangedTypeIsReleasedWhenItsColumnsAreThere() throws Exception {
    release(builtInAnd());

    assertThat(release(builtInAnd("plant")).changed()).containsExactly("orders.v1.Thing");
  }

  @Test
  void withoutItsMigrationAColumnIsNamedAndThePointerStays() throws Exception {
    Released before = release(builtInAnd());
    ContractSet next = builtInAnd("plant");
    warehouse.migrations = List.of();

    assertThatThrownBy(
            () ->
                new ContractRelease(store, warehouse, Progress.elapsed(System.out, () -> 0L))
                    .release(next))
        .isInstanceOf(SetupFailure.class)
        .hasMessage(
            "not released: raw.orders_v1__thing.plant is missing, not number(10, 0): run"
                + " ./millrace contract migrate, then release again");
    assertThat(store.pointer()).contains(before.digest());
  }

  @Test
  void aBreakingChangeIsRefusedBeforeAnyStep() throws Exception {
    release(builtInAnd("plant"));
    effects.clear();

    assertThatThrownBy(() -> release(builtInAnd("factory")))
        .isInstanceOf(SetupFailure.class)
        .hasMessageContaining("orders.v1.Thing.plant: renamed to 'factory'");
    assertThat(effects).isEmpty();
  }

  @Test
  void ofTwoReleasesAtOnceOneLosesWithASentence() throws Exception {
    release(ContractSet.builtIn());
    ContractSet mine = builtInAnd("mine");
    ContractSet theirs = builtInAnd("theirs");
    warehouse.whileChecking =
        () -> {
          warehouse.whileChecking = () -> {};
          release(theirs);
          warehouse.migrations = List.copyOf(mine.contracts());
          warehouse.migrate();
        };

    assertThatThrownBy(() -> release(mine))
        .isInstanceOf(EnvironmentFailure.class)
        .hasMessageStartingWith("somebody else has released contracts meanwhile");
    assertThat(store.pointer()).contains(theirs.digest());
  }
}

package millrace.core.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import millrace.core.Contracts;
import millrace.core.failed.MillraceFailure.SetupFailure;
import millrace.core.file.InMemoryObjectStore;
import millrace.core.file.ObjectKeys;
import org.junit.jupiter.api.Test;

class ReleasedContractsTest {
  private final InMemoryObjectStore store = new InMemoryObjectStore();
  private Instant now = Instant.parse("2026-11-21T10:00:00Z");
  private final ReleasedContracts contracts =
      new ReleasedContracts(store, ContractSet.builtIn(), () -> now, Duration.ofSeconds(30));

  @Test
  void without_a_release_the_built_in_set_is_active() {
    assertThat(contracts.active().digest()).isEqualTo(ContractSet.builtIn().digest());
  }

  @Test
  void a_release_reaches_a_running_function_once_its_copy_is_no_longer_fresh() {
    contracts.active();
    release(Contracts.TESTING);

    assertThat(contracts.active().digest()).isEqualTo(ContractSet.builtIn().digest());
    now = now.plusSeconds(30);
    assertThat(contracts.active().digest()).isEqualTo(Contracts.TESTING.digest());
  }

  @Test
  void a_pointer_to_a_missing_set_stops_the_writer_with_a_sentence() {
    point("0".repeat(64));

    assertThatThrownBy(contracts::active)
        .isInstanceOf(SetupFailure.class)
        .hasMessageContaining("which is missing: run `millrace contract release` again");
  }

  @Test
  void a_pointer_that_holds_something_else_stops_the_writer_with_a_sentence() {
    point("latest");

    assertThatThrownBy(contracts::active).hasMessageContaining("does not hold a sha256");
  }

  @Test
  void a_set_that_is_not_what_its_name_says_is_not_trusted() {
    String wrongName = "1".repeat(64);
    store.putIfAbsent(
        ObjectKeys.contractSet(wrongName), Contracts.TESTING.descriptorSet(), Map.of());
    point(wrongName);

    assertThatThrownBy(contracts::active).hasMessageContaining("is not what its name says");
  }

  private void release(ContractSet set) {
    store.putIfAbsent(ObjectKeys.contractSet(set.digest()), set.descriptorSet(), Map.of());
    point(set.digest());
  }

  private void point(String digest) {
    store.replace(ObjectKeys.ACTIVE_CONTRACTS, digest.getBytes(StandardCharsets.US_ASCII), null);
  }
}

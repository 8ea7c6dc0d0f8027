package millrace.core.treat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import millrace.core.failed.MillraceFailure.EnvironmentFailure;
import millrace.core.failed.MillraceFailure.SetupFailure;
import org.junit.jupiter.api.Test;

class SubjectKeysTest {
  private static final Duration FRESH_FOR = Duration.ofMinutes(5);

  private final InMemorySubjectKeyStore store = new InMemorySubjectKeyStore();
  private final InMemoryKeyService service = new InMemoryKeyService(new Random(7));
  private final Random random = new Random(1);
  private Instant now = Instant.parse("2026-11-21T10:00:00Z");

  private SubjectKeys keys() {
    return new SubjectKeys(store, service, () -> now, random, FRESH_FOR, 1_000);
  }

  @Test
  void a_person_has_one_key_in_every_function() {
    SubjectKey first = keys().of(Set.of("a:1")).get("a:1");
    SubjectKey second = keys().of(Set.of("a:1")).get("a:1");

    assertThat(first.dataKey()).hasSize(32).isEqualTo(second.dataKey());
    assertThat(keys().of(Set.of("a:2")).get("a:2").dataKey()).isNotEqualTo(first.dataKey());
  }

  @Test
  void what_is_kept_is_wrapped() {
    byte[] key = keys().of(Set.of("a:1")).get("a:1").dataKey();

    byte[] kept = store.get(List.of("a:1")).get("a:1").wrapped();

    assertThat(kept).hasSize(12 + 32 + 16);
    assertThat(IntStream.range(0, kept.length - 31))
        .noneMatch(at -> java.util.Arrays.equals(kept, at, at + 32, key, 0, 32));
  }

  @Test
  void no_persons_cost_no_call_and_thousands_cost_three() {
    SubjectKeys keys = keys();
    assertThat(keys.of(Set.of())).isEmpty();
    assertThat(store.calls() + service.calls()).isZero();
    keys.of(Set.of("a:0"));
    int storeCalls = store.calls();
    int serviceCalls = service.calls();

    keys.of(IntStream.range(0, 900).mapToObj(i -> "a:" + i).collect(Collectors.toSet()));

    assertThat(store.calls() - storeCalls).as("one get, one put that gets").isEqualTo(3);
    assertThat(service.calls()).isEqualTo(serviceCalls);
  }

  @Test
  void a_key_that_is_known_is_not_asked_for_until_it_is_no_longer_fresh() {
    SubjectKeys keys = keys();
    keys.of(Set.of("a:1"));
    int calls = store.calls();

    now = now.plus(FRESH_FOR).minusMillis(1);
    keys.of(Set.of("a:1"));
    assertThat(store.calls()).isEqualTo(calls);
    now = now.plusMillis(1);
    keys.of(Set.of("a:1"));
    assertThat(store.calls()).isEqualTo(calls + 1);
  }

  @Test
  void memory_holds_no_more_keys_than_it_may() {
    var keys = new SubjectKeys(store, service, () -> now, random, FRESH_FOR, 2);
    keys.of(Set.of("a:1"));
    keys.of(Set.of("a:2"));
    keys.of(Set.of("a:3"));
    int calls = store.calls();

    keys.of(Set.of("a:2"));
    keys.of(Set.of("a:3"));
    assertThat(store.calls()).isEqualTo(calls);
    keys.of(Set.of("a:1"));
    assertThat(store.calls()).isEqualTo(calls + 1);
  }

  @Test
  void after_an_erasure_there_is_a_new_key_that_covers_only_what_came_later() {
    byte[] erased = keys().of(Set.of("a:1")).get("a:1").dataKey();
    store.erase("a:1", now);

    SubjectKey key = keys().of(Set.of("a:1")).get("a:1");

    assertThat(key.dataKey()).isNotEqualTo(erased);
    assertThat(key.covers(now)).isFalse();
    assertThat(key.covers(now.plusMillis(1))).isTrue();
  }

  @Test
  void a_key_copied_to_another_person_does_not_open() {
    keys().of(Set.of("a:1"));
    byte[] wrapped = store.get(List.of("a:1")).get("a:1").wrapped();
    store.putIfAbsent(Map.of("a:2", wrapped));

    assertThatThrownBy(() -> keys().of(Set.of("a:2")))
        .isInstanceOf(SetupFailure.class)
        .hasMessageContaining("not under the wrapping key");
  }

  @Test
  void a_store_that_does_not_answer_stops_the_work() {
    SubjectKeys keys = keys();
    store.fail(true);

    assertThatThrownBy(() -> keys.of(Set.of("a:1"))).isInstanceOf(EnvironmentFailure.class);
    store.fail(false);
    assertThat(keys.of(Set.of("a:1"))).hasSize(1);
  }
}

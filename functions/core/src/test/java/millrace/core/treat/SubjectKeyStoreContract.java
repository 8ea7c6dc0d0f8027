package millrace.core.treat;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import millrace.core.treat.SubjectKeyStore.Erasure;
import millrace.core.treat.SubjectKeyStore.Stored;
import org.junit.jupiter.api.Test;

/** What every store of data keys must do. */
public interface SubjectKeyStoreContract {
  Instant ERASED_AT = Instant.parse("2026-11-21T10:00:00.123Z");

  /** The store under test; one for all tests, which use names of their own. */
  SubjectKeyStore store();

  @Test
  default void a_name_that_nobody_kept_a_key_of_is_missing_in_the_answer() {
    assertThat(store().get(List.of(name()))).isEmpty();
    assertThat(store().get(List.of())).isEmpty();
  }

  @Test
  default void a_key_is_kept_and_found() {
    String name = name();

    Map<String, Stored> put = store().putIfAbsent(Map.of(name, new byte[] {1, 2}));

    assertThat(put.get(name).wrapped()).containsExactly(1, 2);
    Stored found = store().get(List.of(name)).get(name);
    assertThat(found.wrapped()).containsExactly(1, 2);
    assertThat(found.erasedAt()).isNull();
  }

  @Test
  default void of_two_that_write_the_first_wins_and_both_are_told_its_key() {
    String name = name();
    store().putIfAbsent(Map.of(name, new byte[] {1}));

    Map<String, Stored> second = store().putIfAbsent(Map.of(name, new byte[] {2}));

    assertThat(second.get(name).wrapped()).containsExactly(1);
  }

  @Test
  default void an_erased_key_is_gone_and_the_time_is_remembered() {
    String name = name();
    store().putIfAbsent(Map.of(name, new byte[] {1}));

    assertThat(store().erase(name, ERASED_AT)).isEqualTo(Erasure.ERASED);

    Stored found = store().get(List.of(name)).get(name);
    assertThat(found.wrapped()).isNull();
    assertThat(found.erasedAt()).isEqualTo(ERASED_AT);
    assertThat(store().erase(name, ERASED_AT.plusSeconds(1))).isEqualTo(Erasure.ERASED_BEFORE);
    assertThat(store().get(List.of(name)).get(name).erasedAt()).isEqualTo(ERASED_AT.plusSeconds(1));
  }

  @Test
  default void a_new_key_after_an_erasure_does_not_forget_the_erasure() {
    String name = name();
    store().putIfAbsent(Map.of(name, new byte[] {1}));
    store().erase(name, ERASED_AT);

    Stored again = store().putIfAbsent(Map.of(name, new byte[] {2})).get(name);

    assertThat(again.wrapped()).containsExactly(2);
    assertThat(again.erasedAt()).isEqualTo(ERASED_AT);
    assertThat(store().erase(name, ERASED_AT.plusSeconds(9))).isEqualTo(Erasure.ERASED);
  }

  @Test
  default void nothing_is_kept_of_a_name_that_was_never_there() {
    String name = name();

    assertThat(store().erase(name, ERASED_AT)).isEqualTo(Erasure.UNKNOWN);
    assertThat(store().get(List.of(name))).isEmpty();
  }

  @Test
  default void more_keys_than_one_call_takes_are_kept_and_found() {
    Map<String, byte[]> many =
        IntStream.range(0, 250)
            .boxed()
            .collect(Collectors.toMap(i -> name(), i -> new byte[] {(byte) (int) i}));

    Map<String, Stored> put = store().putIfAbsent(many);
    Map<String, Stored> found = store().get(many.keySet());

    for (Map<String, Stored> answer : List.of(put, found)) {
      var keys = new HashMap<String, byte[]>();
      answer.forEach((name, stored) -> keys.put(name, stored.wrapped()));
      assertThat(keys).hasSize(250).allSatisfy((n, key) -> assertThat(key).isEqualTo(many.get(n)));
    }
  }

  private static String name() {
    return UUID.randomUUID().toString();
  }
}

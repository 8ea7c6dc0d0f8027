package millrace.local.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.Set;
import millrace.local.generate.IdentitySet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BalanceTest {
  private static final String SOURCE = "orders";
  private static final String TYPE = "orders.v1.OrderCreated";

  private static Balance published(int count) {
    var set = new IdentitySet(count);
    for (int i = 0; i < count; i++) {
      set.add(SOURCE, TYPE, "id-" + i);
      if (i % 7 == 0) {
        set.add(SOURCE, TYPE, "id-" + i); // a repeat
      }
    }
    return new Balance(set, 2);
  }

  /** A right run: some failed, the rest deduplicated, but for those given. */
  private static Balance run(int count, Random random, Set<Integer> dropped) {
    Balance balance = published(count);
    for (int i = 0; i < count; i++) {
      boolean fails = random.nextInt(10) == 0;
      if (!dropped.contains(i)) {
        if (fails) {
          balance.failed(SOURCE, TYPE, "id-" + i);
        } else {
          balance.deduplicated(SOURCE, TYPE, "id-" + i);
        }
      }
    }
    balance.failedWithoutIdentity(2);
    return balance;
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void aRightRunBalancesAndAnySingleChangeOfItDoesNot(long seed) {
    var random = new Random(seed);
    int count = 1 + random.nextInt(300);
    int one = random.nextInt(count);

    assertThat(run(count, new Random(seed), Set.of()).books().balance()).isTrue();

    Balance missing = run(count, new Random(seed), Set.of(one));
    assertThat(missing.books().balance()).isFalse();
    assertThat(missing.books().missing()).isEqualTo(1);

    Balance extra = run(count, new Random(seed), Set.of());
    extra.deduplicated(SOURCE, TYPE, "id-" + count);
    assertThat(extra.books().balance()).isFalse();
    assertThat(extra.books().foreign()).isEqualTo(1);

    Balance otherSource = run(count, new Random(seed), Set.of());
    otherSource.deduplicated("cards", TYPE, "id-" + one);
    assertThat(otherSource.books().balance()).isFalse();
  }

  @Test
  void aRowThatIsThereTwiceDoesNotBalance() {
    Balance balance = run(10, new Random(1), Set.of(3));
    balance.deduplicated(SOURCE, TYPE, "id-3");
    assertThat(balance.books().balance()).isTrue();
    balance.deduplicated(SOURCE, TYPE, "id-3");
    assertThat(balance.books().balance()).isFalse();
    assertThat(balance.books().examples()).singleElement().asString().contains("id-3", "twice");
  }

  @Test
  void anEventThatFailedAndIsThereAllTheSameDoesNotBalance() {
    Balance balance = run(10, new Random(1), Set.of(3));
    balance.failed(SOURCE, TYPE, "id-3");
    assertThat(balance.books().balance()).isTrue();
    balance.deduplicated(SOURCE, TYPE, "id-3");
    assertThat(balance.books().both()).isEqualTo(1);
    assertThat(balance.books().balance()).isFalse();
  }

  @Test
  void anEventThatFailsTwiceIsOneFailedEvent() {
    Balance balance = run(10, new Random(1), Set.of(3));
    balance.failed(SOURCE, TYPE, "id-3");
    balance.failed(SOURCE, TYPE, "id-3");
    assertThat(balance.books().balance()).isTrue();
  }

  @Test
  void eventsWithoutIdentityBalanceByCount() {
    Balance balance = run(10, new Random(1), Set.of());
    balance.failedWithoutIdentity(1);
    assertThat(balance.books().balance()).isFalse();
  }

  @Test
  void aSwapOfOneIdentityForAnotherDoesNotBalanceThoughTheCountsAgree() {
    Balance balance = run(20, new Random(1), Set.of(5));
    balance.deduplicated(SOURCE, TYPE, "id-99");
    var books = balance.books();
    assertThat(books.missing()).isEqualTo(1);
    assertThat(books.foreign()).isEqualTo(1);
    assertThat(books.balance()).isFalse();
  }
}

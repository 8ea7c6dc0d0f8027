package millrace.local.generate;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import org.junit.jupiter.api.Test;

class IdentitySetTest {
  @Test
  void findsWhatWasAddedAndNothingElse() {
    var set = new IdentitySet(4);
    for (int i = 0; i < 10_000; i++) {
      set.add("orders", "orders.v1.OrderCreated", "id-" + (i * 7919 % 10_000));
    }
    set.freeze();

    var positions = new HashSet<Integer>();
    for (int i = 0; i < 10_000; i++) {
      positions.add(set.position("orders", "orders.v1.OrderCreated", "id-" + i));
    }
    assertThat(positions).hasSize(10_000).allMatch(position -> position >= 0 && position < 10_000);
    assertThat(set.position("orders", "orders.v1.OrderCreated", "id-10000")).isNegative();
    assertThat(set.position("cards", "orders.v1.OrderCreated", "id-1")).isNegative();
    assertThat(set.position("ordersorders.v1.OrderCreated", "", "id-1")).isNegative();
  }

  @Test
  void countsRepeatedIdentitiesOnce() {
    var set = new IdentitySet(0);
    set.add("a", "b", "c");
    set.add("a", "b", "c");
    set.add("a", "b", "d");
    assertThat(set.size()).isEqualTo(2);
  }

  @Test
  void anEmptySetFindsNothing() {
    assertThat(new IdentitySet(0).freeze().position("a", "b", "c")).isNegative();
  }
}

package millrace.rabbitmq;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.stream.LongStream;
import millrace.rabbitmq.TagLedger.Acknowledgement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TagLedgerTest {
  private final TagLedger ledger = new TagLedger();

  @Test
  void a_prefix_is_acknowledged_in_one_go() {
    assertThat(ledger.accept(List.of(1L, 2L, 3L)))
        .isEqualTo(new Acknowledgement(OptionalLong.of(3), List.of()));
  }

  @Test
  void behind_a_gap_each_is_acknowledged_alone() {
    assertThat(ledger.accept(List.of(1L, 3L, 4L)))
        .isEqualTo(new Acknowledgement(OptionalLong.of(1), List.of(3L, 4L)));
  }

  @Test
  void closing_the_gap_acknowledges_the_gap_and_nothing_twice() {
    ledger.accept(List.of(2L, 3L));

    assertThat(ledger.accept(List.of(1L, 4L)))
        .isEqualTo(new Acknowledgement(OptionalLong.of(4), List.of()));
  }

  @Test
  void a_dead_letter_is_no_gap() {
    ledger.settle(1);

    assertThat(ledger.accept(List.of(2L)))
        .isEqualTo(new Acknowledgement(OptionalLong.of(2), List.of()));
  }

  @Test
  void settling_twice_is_a_fault_of_ours() {
    ledger.accept(List.of(1L, 3L));

    assertThatThrownBy(() -> ledger.accept(List.of(1L)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> ledger.settle(3)).isInstanceOf(IllegalArgumentException.class);
  }

  /** A broker that believes every word: "up to" settles whatever is below. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
  void never_acknowledges_what_was_not_accepted_and_never_forgets_what_was(long seed) {
    var random = new Random(seed);
    List<Long> tags = new ArrayList<>(LongStream.rangeClosed(1, 2_000).boxed().toList());
    for (int i = 0; i < tags.size(); i += 50) {
      Collections.shuffle(tags.subList(i, Math.min(tags.size(), i + 100)), random);
    }
    Set<Long> unsettled = new HashSet<>(tags);
    Set<Long> accepted = new HashSet<>();
    Set<Long> deadLettered = new HashSet<>();
    int next = 0;
    while (next < tags.size()) {
      if (random.nextInt(10) == 0) {
        long tag = tags.get(next++);
        deadLettered.add(tag);
        unsettled.remove(tag);
        ledger.settle(tag);
        continue;
      }
      int end = Math.min(tags.size(), next + 1 + random.nextInt(30));
      List<Long> group = tags.subList(next, end);
      next = end;
      accepted.addAll(group);
      Acknowledgement acknowledgement = ledger.accept(group);
      acknowledgement.upTo().ifPresent(upTo -> unsettled.removeIf(tag -> tag <= upTo));
      for (long tag : acknowledgement.single()) {
        assertThat(unsettled.remove(tag)).as("tag %s acknowledged once", tag).isTrue();
      }
      for (long tag : tags) {
        boolean settled = accepted.contains(tag) || deadLettered.contains(tag);
        assertThat(!unsettled.contains(tag)).as("tag %s", tag).isEqualTo(settled);
      }
    }
  }
}

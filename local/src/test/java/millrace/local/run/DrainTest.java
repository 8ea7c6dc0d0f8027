package millrace.local.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import millrace.local.Progress;
import org.junit.jupiter.api.Test;

class DrainTest {
  private final List<String> effects = new ArrayList<>();
  private final AtomicLong nanos = new AtomicLong();

  @Test
  void theConsumerEndsAfterTheBrokerIsEmptyAndBeforeTheRestIsAwaited() {
    Backlog left =
        drain(
            Duration.ofMinutes(1),
            new Backlog(5, 1, 0, 3, 3),
            new Backlog(0, 2, 0, 4, 3),
            new Backlog(0, 1, 0, 5, 4),
            new Backlog(0, 0, 0, 6, 6));

    assertThat(left.isEmpty()).isTrue();
    assertThat(effects)
        .containsExactly("look 5/1/0", "look 0/2/1", "consumer ends", "look 0/1/1", "look 0/0/0");
  }

  @Test
  void aDrainThatTakesTooLongSaysWhatIsLeftAndHasStillEndedTheConsumer() {
    Backlog left = drain(Duration.ofSeconds(2), new Backlog(7, 0, 0, 0, 0));

    assertThat(left.isEmpty()).isFalse();
    assertThat(left.broker()).isEqualTo(7);
    assertThat(effects).contains("consumer ends");
  }

  @Test
  void deadLettersDoNotHoldADrainUp() {
    assertThat(drain(Duration.ofSeconds(5), new Backlog(0, 0, 4, 1, 1)).isEmpty()).isTrue();
  }

  private Backlog drain(Duration patience, Backlog... looks) {
    Deque<Backlog> next = new ArrayDeque<>(List.of(looks));
    return new Drain(
            new Drain.Steps() {
              @Override
              public Backlog backlog() {
                Backlog now = next.size() > 1 ? next.removeFirst() : next.getFirst();
                effects.add(
                    "look " + now.broker() + "/" + now.batches() + "/" + now.filesWaiting());
                return now;
              }

              @Override
              public void stopConsumer() {
                effects.add("consumer ends");
              }
            },
            Progress.silent(),
            nanos::get,
            () -> nanos.addAndGet(Duration.ofSeconds(1).toNanos()))
        .run(patience);
  }
}

package millrace.consumer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import millrace.core.batch.BatchQueue.Outcome;
import millrace.core.batch.PackerLimits;
import millrace.event.v1.Event;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever fails and whenever: an event is with the broker, accepted, or a dead letter. */
class PipelineLossTest {
  private static final Outcome RETRY = new Outcome.Retry("throttled");
  private static final Outcome REFUSED = new Outcome.Refused("InvalidMessageContents");

  private final Rig rig = new Rig();

  @Test
  void a_crash_between_acceptance_and_acknowledgement_loses_nothing() throws Exception {
    rig.publish("orders", "a", "b", "c");
    boolean[] crashed = {false};
    rig.afterAccept =
        () -> {
          if (!crashed[0]) {
            crashed[0] = true;
            throw new IllegalStateException("as if the process had ended");
          }
        };

    assertThatThrownBy(rig::run).isInstanceOf(IllegalStateException.class);
    assertThat(rig.broker.held()).hasSize(3);
    assertThat(rig.run()).isEqualTo(Pipeline.Ending.DRAINED);

    assertThat(rig.arrived().stream().map(Event::getId).collect(Collectors.toSet()))
        .containsExactlyInAnyOrder("a", "b", "c");
    assertThat(rig.broker.held()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20})
  void nothing_is_ever_lost(long seed) throws Exception {
    var dice = new Random(seed);
    var any = new Rig(1 + dice.nextInt(40));
    any.limits =
        new PackerLimits(
            1 + dice.nextInt(20_000),
            1 + dice.nextInt(20),
            Duration.ofSeconds(1),
            Long.MAX_VALUE,
            1 + dice.nextInt(30));
    any.holdLimit = Duration.ofMinutes(1);
    Set<String> published =
        IntStream.range(0, 300).mapToObj(i -> "e" + i).collect(Collectors.toSet());
    published.forEach(id -> any.publish("s" + dice.nextInt(3), id));
    any.onSend =
        r -> {
          int n = dice.nextInt(12);
          for (int i = 0; i < 3; i++) {
            if (n == 0) {
              r.sqs.answerNext(RETRY);
            } else if (n == 1) {
              r.sqs.answerNext(REFUSED);
            } else {
              r.sqs.acceptNext();
            }
          }
          if (dice.nextInt(15) == 0) {
            r.broker.breakConnections();
          }
        };
    int[] idle = {0};
    any.onIdle =
        r -> {
          if (dice.nextInt(10) == 0) {
            r.broker.breakConnections();
          }
          if (r.broker.held().isEmpty() || ++idle[0] > 300) {
            r.stop.request();
          }
        };

    assertThat(any.run()).isNotEqualTo(Pipeline.Ending.BROKER_LOST);

    Set<String> found = new HashSet<>();
    any.arrived().forEach(e -> found.add(e.getId()));
    any.broker.deadLetters().forEach(e -> found.add(e.getId()));
    any.broker.held().forEach(e -> found.add(e.getId()));
    assertThat(found).isEqualTo(published);
    assertThat(any.broker.unsettled()).isZero();
  }
}

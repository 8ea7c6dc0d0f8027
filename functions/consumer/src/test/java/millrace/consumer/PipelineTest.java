package millrace.consumer;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import millrace.core.batch.BatchQueue.Outcome;
import millrace.core.batch.PackerLimits;
import org.junit.jupiter.api.Test;

/** What a consumer does, in order: what is acknowledged, and when, is the point of it all. */
class PipelineTest {
  private static final Outcome RETRY = new Outcome.Retry("throttled");

  private final Rig rig = new Rig();

  @Test
  void a_delivery_is_acknowledged_after_its_batch_is_accepted_and_not_before() {
    rig.publish("orders", "a", "b", "c");

    assertThat(rig.run()).isEqualTo(Pipeline.Ending.DRAINED);

    assertThat(rig.story())
        .isEqualTo(
            """
            open
            receive a b c
            send 3 orders -> Accepted
            acknowledge a b c
            stop
            close
            """);
  }

  @Test
  void a_batch_that_never_fills_is_sent_when_its_first_event_is_old_enough() {
    rig.publish("orders", "a");
    rig.onIdle =
        r -> {
          if (r.clock.instant().isAfter(Rig.START.plusSeconds(8))) {
            r.stop.request();
          }
        };

    rig.run();

    assertThat(rig.story())
        .isEqualTo(
            """
            open
            receive a
            send 1 orders -> Accepted
            acknowledge a
            stop
            close
            """);
  }

  @Test
  void a_stop_sends_and_acknowledges_what_was_received_and_leaves_the_rest() {
    rig.publish("orders", "a", "b");
    rig.publish("cards", "c");

    assertThat(rig.run()).isEqualTo(Pipeline.Ending.DRAINED);

    assertThat(rig.story())
        .isEqualTo(
            """
            open
            receive a b c
            stop
            send 2 orders, 1 cards -> Accepted, Accepted
            acknowledge a b c
            close
            """);
  }

  @Test
  void of_a_call_that_fails_in_part_the_accepted_are_acknowledged_and_the_others_sent_again() {
    rig.publish("orders", "a", "b");
    rig.publish("cards", "c");
    rig.publish("other", "d");
    rig.sqs.acceptNext();
    rig.sqs.answerNext(RETRY);
    rig.sqs.acceptNext();

    assertThat(rig.run()).isEqualTo(Pipeline.Ending.DRAINED);

    assertThat(rig.story())
        .isEqualTo(
            """
            open
            receive a b c d
            stop
            send 2 orders, 1 cards, 1 other -> Accepted, Retry, Accepted
            acknowledge a b d
            send 1 cards -> Accepted
            acknowledge c
            close
            """);
  }

  @Test
  void slow_sqs_changes_nothing_but_the_time() {
    rig.publish("orders", "a", "b", "c", "d");
    rig.onSend = r -> r.clock.advance(Duration.ofSeconds(40));

    assertThat(rig.run()).isEqualTo(Pipeline.Ending.DRAINED);

    assertThat(rig.story())
        .isEqualTo(
            """
            open
            receive a b c
            send 3 orders -> Accepted
            acknowledge a b c
            receive d
            stop
            send 1 orders -> Accepted
            acknowledge d
            close
            """);
  }

  @Test
  void the_prefetch_never_blocks_the_pipeline_before_the_age_does() {
    var narrow = new Rig(10);
    narrow.limits =
        new PackerLimits(PackerLimits.DEFAULT_BYTES, 100, Duration.ofHours(1), 1 << 20, 5);
    for (int i = 0; i < 50; i++) {
      narrow.publish("source" + i, "e" + i);
    }

    assertThat(narrow.run()).isEqualTo(Pipeline.Ending.DRAINED);
    assertThat(narrow.clock.instant()).isBefore(Rig.START.plus(Duration.ofMinutes(1)));
    assertThat(narrow.broker.held()).isEmpty();
  }
}

package millrace.consumer;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import millrace.core.batch.BatchQueue.Outcome;
import millrace.event.v1.Event;
import org.junit.jupiter.api.Test;

/** SQS or the broker is away, for a moment or for long. */
class PipelineOutageTest {
  private static final Outcome RETRY = new Outcome.Retry("throttled");

  private final Rig rig = new Rig();

  @Test
  void a_queue_is_called_open_after_it_is_and_before_anything_is_received() {
    rig.publish("orders", "a");
    rig.opened = () -> rig.effects.add("called open");

    rig.run();

    assertThat(rig.effects).startsWith("open", "called open", "receive a");
  }

  @Test
  void while_sqs_does_not_accept_nothing_is_received() {
    rig.publish("orders", "a", "b", "c", "d", "e", "f");
    for (int i = 0; i < 4; i++) {
      rig.sqs.answerNext(RETRY);
    }

    rig.run();

    assertThat(rig.story())
        .isEqualTo(
            """
            open
            receive a b c
            send 3 orders -> Retry
            send 3 orders -> Retry
            send 3 orders -> Retry
            send 3 orders -> Retry
            send 3 orders -> Accepted
            acknowledge a b c
            receive d e f
            send 3 orders -> Accepted
            acknowledge d e f
            stop
            close
            """);
    assertThat(rig.stop.pauses).as("pauses between tries").hasSizeGreaterThanOrEqualTo(4);
  }

  @Test
  void an_outage_longer_than_the_hold_limit_gives_everything_back_before_the_broker_takes_it() {
    rig.publish("orders", "a", "b", "c", "d");
    rig.holdLimit = Duration.ofMinutes(20);
    int[] sends = {0};
    rig.onSend =
        r -> {
          if (r.clock.instant().isBefore(Rig.START.plus(Duration.ofMinutes(25)))) {
            sends[0]++;
            r.sqs.answerNext(RETRY);
          }
        };

    assertThat(rig.run()).isEqualTo(Pipeline.Ending.DRAINED);

    List<String> effects = new ArrayList<>(rig.effects);
    effects.removeIf(e -> e.endsWith("-> Retry"));
    assertThat(effects)
        .containsExactly(
            "open",
            "receive a",
            "receive b",
            "receive c",
            "close",
            "open",
            "receive a",
            "receive b",
            "receive c",
            "send 3 orders -> Accepted",
            "acknowledge a b c",
            "receive d",
            "stop",
            "send 1 orders -> Accepted",
            "acknowledge d",
            "close");
    assertThat(sends[0]).as("tries in 25 minutes").isBetween(40, 400);
  }

  @Test
  void a_lost_connection_voids_what_was_received_and_it_comes_again() {
    rig.publish("orders", "a", "b");
    boolean[] broken = {false};
    rig.onIdle =
        r -> {
          if (broken[0]) {
            r.stop.request();
          } else {
            broken[0] = true;
            r.broker.breakConnections();
          }
        };

    assertThat(rig.run()).isEqualTo(Pipeline.Ending.DRAINED);

    assertThat(rig.story())
        .isEqualTo(
            """
            open
            receive a b
            close
            open
            receive a b
            stop
            send 2 orders -> Accepted
            acknowledge a b
            close
            """);
  }

  @Test
  void a_connection_lost_while_sqs_accepts_makes_repeats_and_no_loss() throws Exception {
    rig.publish("orders", "a", "b", "c");
    boolean[] broken = {false};
    rig.onSend =
        r -> {
          if (!broken[0]) {
            broken[0] = true;
            r.broker.breakConnections();
          }
        };

    assertThat(rig.run()).isEqualTo(Pipeline.Ending.DRAINED);

    assertThat(rig.story())
        .isEqualTo(
            """
            open
            receive a b c
            send 3 orders -> Accepted
            close
            open
            receive a b c
            send 3 orders -> Accepted
            acknowledge a b c
            stop
            close
            """);
    assertThat(rig.arrived()).hasSize(6);
  }

  @Test
  void a_broker_that_stays_away_ends_the_process() {
    rig.broker.down();

    assertThat(rig.run()).isEqualTo(Pipeline.Ending.BROKER_LOST);

    assertThat(Duration.between(Rig.START, rig.clock.instant()))
        .isBetween(Duration.ofMinutes(10), Duration.ofMinutes(11));
    assertThat(rig.stop.pauses).as("no busy loop").hasSizeLessThan(700);
  }

  @Test
  void a_broker_that_comes_back_in_time_is_received_from_again() {
    rig.publish("orders", "a");
    rig.broker.down();
    rig.onPause =
        r -> {
          if (r.clock.instant().isAfter(Rig.START.plus(Duration.ofMinutes(5)))) {
            r.broker.up();
          }
        };

    assertThat(rig.run()).isEqualTo(Pipeline.Ending.DRAINED);
    assertThat(rig.broker.held()).isEmpty();
  }

  @Test
  void a_stop_that_cannot_drain_in_time_leaves_the_rest_with_the_broker() {
    rig.publish("orders", "a", "b");
    rig.stop.overdue = true;
    rig.onSend = r -> r.sqs.answerNext(RETRY);

    assertThat(rig.run()).isEqualTo(Pipeline.Ending.GIVEN_BACK);

    assertThat(rig.story())
        .isEqualTo(
            """
            open
            receive a b
            stop
            send 2 orders -> Retry
            close
            """);
    assertThat(rig.broker.held()).extracting(Event::getId).containsExactly("a", "b");
  }

  @Test
  void a_stop_in_an_outage_still_tries_until_its_time_is_over() {
    rig.publish("orders", "a", "b", "c");
    for (int i = 0; i < 5; i++) {
      rig.sqs.answerNext(RETRY);
    }
    rig.onPause = r -> r.stop.request();

    assertThat(rig.run()).isEqualTo(Pipeline.Ending.DRAINED);

    assertThat(rig.effects)
        .endsWith("send 3 orders -> Accepted", "acknowledge a b c", "stop", "close");
  }
}

package millrace.consumer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import millrace.core.batch.Batch;
import millrace.core.batch.BatchBody;
import millrace.core.batch.BatchFrame;
import millrace.core.batch.BatchQueue;
import millrace.core.batch.BatchQueue.Outcome;
import millrace.core.batch.FrameLimits;
import millrace.core.batch.PackerLimits;
import millrace.core.failed.MillraceFailure.EnvironmentFailure;
import millrace.event.v1.Event;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The whole list of effects, in order: what is acknowledged, and when, is the point of it all. */
class PipelineTest {
  private static final Outcome RETRY = new Outcome.Retry("throttled");
  private static final Outcome REFUSED = new Outcome.Refused("InvalidMessageContents");

  private final Rig rig = new Rig();

  @Test
  void a_delivery_is_acknowledged_after_its_batch_is_accepted_and_not_before() {
    rig.publish("orders", "a", "b", "c");

    assertThat(rig.run()).isEqualTo(Pipeline.Ending.DRAINED);

    assertThat(rig.effects)
        .containsExactly(
            "open",
            "receive a",
            "receive b",
            "receive c",
            "send 3 orders -> Accepted",
            "acknowledge a b c",
            "stop",
            "close");
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

    assertThat(rig.effects)
        .containsExactly(
            "open", "receive a", "send 1 orders -> Accepted", "acknowledge a", "stop", "close");
  }

  @Test
  void a_stop_sends_and_acknowledges_what_was_received_and_leaves_the_rest() {
    rig.publish("orders", "a", "b");
    rig.publish("cards", "c");

    assertThat(rig.run()).isEqualTo(Pipeline.Ending.DRAINED);

    assertThat(rig.effects)
        .containsExactly(
            "open",
            "receive a",
            "receive b",
            "receive c",
            "stop",
            "send 2 orders, 1 cards -> Accepted, Accepted",
            "acknowledge a b c",
            "close");
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

    assertThat(rig.effects)
        .containsExactly(
            "open",
            "receive a",
            "receive b",
            "receive c",
            "receive d",
            "stop",
            "send 2 orders, 1 cards, 1 other -> Accepted, Retry, Accepted",
            "acknowledge a b d",
            "send 1 cards -> Accepted",
            "acknowledge c",
            "close");
  }

  @Test
  void while_sqs_does_not_accept_nothing_is_received() {
    rig.publish("orders", "a", "b", "c", "d", "e", "f");
    for (int i = 0; i < 4; i++) {
      rig.sqs.answerNext(RETRY);
    }

    rig.run();

    assertThat(rig.effects)
        .containsExactly(
            "open",
            "receive a",
            "receive b",
            "receive c",
            "send 3 orders -> Retry",
            "send 3 orders -> Retry",
            "send 3 orders -> Retry",
            "send 3 orders -> Retry",
            "send 3 orders -> Accepted",
            "acknowledge a b c",
            "receive d",
            "receive e",
            "receive f",
            "send 3 orders -> Accepted",
            "acknowledge d e f",
            "stop",
            "close");
    assertThat(rig.stop.pauses).as("pauses between tries").hasSizeGreaterThanOrEqualTo(4);
  }

  @Test
  void slow_sqs_changes_nothing_but_the_time() {
    rig.publish("orders", "a", "b", "c", "d");
    rig.onSend = r -> r.clock.advance(Duration.ofSeconds(40));

    assertThat(rig.run()).isEqualTo(Pipeline.Ending.DRAINED);

    assertThat(rig.effects)
        .containsExactly(
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
  void a_body_that_sqs_refuses_travels_by_reference() {
    rig.publish("orders", "a", "b", "c");
    rig.sqs.answerNext(REFUSED);

    assertThat(rig.run()).isEqualTo(Pipeline.Ending.DRAINED);

    assertThat(rig.effects)
        .containsExactly(
            "open",
            "receive a",
            "receive b",
            "receive c",
            "send 3 orders -> Refused",
            "store batches/",
            "send reference of 3 orders -> Accepted",
            "acknowledge a b c",
            "stop",
            "close");
  }

  @Test
  void what_sqs_refuses_in_any_form_goes_to_the_dead_letters_and_harms_no_other() {
    rig.publish("orders", "a");
    rig.publish("cards", "b");
    rig.sqs.answerNext(REFUSED);
    rig.sqs.acceptNext();
    rig.sqs.answerNext(REFUSED);

    assertThat(rig.run()).isEqualTo(Pipeline.Ending.DRAINED);

    assertThat(rig.effects)
        .containsExactly(
            "open",
            "receive a",
            "receive b",
            "stop",
            "send 1 orders, 1 cards -> Refused, Accepted",
            "acknowledge b",
            "store batches/",
            "send reference of 1 orders -> Refused",
            "dead-letter a",
            "close");
    assertThat(rig.broker.deadLetters()).extracting(Event::getId).containsExactly("a");
  }

  @Test
  void an_event_too_large_for_sqs_is_stored_before_its_reference_is_sent() throws Exception {
    Event large = Rig.event("orders", "large", 5_000_000);
    rig.publish("orders", "small");
    rig.broker.publish(large);

    rig.run();

    assertThat(rig.effects)
        .containsExactly(
            "open",
            "receive small",
            "receive large",
            "store batches/",
            "send 1 orders, reference of 1 orders -> Accepted, Accepted",
            "acknowledge small large",
            "stop",
            "close");
    assertThat(arrived()).contains(large);
  }

  @Test
  void while_the_object_store_fails_the_reference_is_not_sent_but_others_are() {
    rig.publish("orders", "small");
    rig.broker.publish(Rig.event("orders", "large", 5_000_000));
    rig.s3Failures.add(new EnvironmentFailure("SlowDown", null));

    rig.run();

    assertThat(rig.effects)
        .containsExactly(
            "open",
            "receive small",
            "receive large",
            "store batches/ -> failed",
            "send 1 orders -> Accepted",
            "acknowledge small",
            "store batches/",
            "send reference of 1 orders -> Accepted",
            "acknowledge large",
            "stop",
            "close");
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

    assertThat(rig.effects)
        .containsExactly(
            "open",
            "receive a",
            "receive b",
            "close",
            "open",
            "receive a",
            "receive b",
            "stop",
            "send 2 orders -> Accepted",
            "acknowledge a b",
            "close");
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

    assertThat(rig.effects)
        .containsExactly(
            "open",
            "receive a",
            "receive b",
            "receive c",
            "send 3 orders -> Accepted",
            "close",
            "open",
            "receive a",
            "receive b",
            "receive c",
            "send 3 orders -> Accepted",
            "acknowledge a b c",
            "stop",
            "close");
    assertThat(arrived()).hasSize(6);
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

    assertThat(rig.effects)
        .containsExactly(
            "open", "receive a", "receive b", "stop", "send 2 orders -> Retry", "close");
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

    assertThat(arrived().stream().map(Event::getId).collect(Collectors.toSet()))
        .containsExactlyInAnyOrder("a", "b", "c");
    assertThat(rig.broker.held()).isEmpty();
  }

  /** Whatever fails and whenever: an event is with the broker, accepted, or a dead letter. */
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
    arrived(any).forEach(e -> found.add(e.getId()));
    any.broker.deadLetters().forEach(e -> found.add(e.getId()));
    any.broker.held().forEach(e -> found.add(e.getId()));
    assertThat(found).isEqualTo(published);
    assertThat(any.broker.unsettled()).isZero();
  }

  private List<Event> arrived() throws Exception {
    return arrived(rig);
  }

  /** What a writer would find behind the messages that SQS accepted. */
  private static List<Event> arrived(Rig rig) throws Exception {
    List<Event> events = new ArrayList<>();
    for (BatchQueue.Message message : rig.sqs.messages()) {
      byte[] frame =
          switch (BatchBody.parse(message.body())) {
            case BatchBody.Inline inline -> inline.frame();
            case BatchBody.Reference r -> rig.s3.get(r.key()).orElseThrow().bytes();
            case BatchBody.UnknownVersion unknown -> throw new AssertionError(unknown);
            case BatchBody.Unreadable unreadable -> throw new AssertionError(unreadable);
          };
      Batch batch = BatchFrame.decode(frame, FrameLimits.QUEUE);
      events.addAll(batch.events());
    }
    return events;
  }
}

package millrace.consumer;

import static org.assertj.core.api.Assertions.assertThat;

import millrace.core.batch.BatchQueue.Outcome;
import millrace.core.failed.MillraceFailure.EnvironmentFailure;
import millrace.event.v1.Event;
import org.junit.jupiter.api.Test;

/** Batches that SQS cannot carry or refuses. */
class PipelineLargeTest {
  private static final Outcome REFUSED = new Outcome.Refused("InvalidMessageContents");

  private final Rig rig = new Rig();

  @Test
  void a_body_that_sqs_refuses_travels_by_reference() {
    rig.publish("orders", "a", "b", "c");
    rig.sqs.answerNext(REFUSED);

    assertThat(rig.run()).isEqualTo(Pipeline.Ending.DRAINED);

    assertThat(rig.story())
        .isEqualTo(
            """
            open
            receive a b c
            send 3 orders -> Refused
            store batches/
            send reference of 3 orders -> Accepted
            acknowledge a b c
            stop
            close
            """);
  }

  @Test
  void what_sqs_refuses_in_any_form_goes_to_the_dead_letters_and_harms_no_other() {
    rig.publish("orders", "a");
    rig.publish("cards", "b");
    rig.sqs.answerNext(REFUSED);
    rig.sqs.acceptNext();
    rig.sqs.answerNext(REFUSED);

    assertThat(rig.run()).isEqualTo(Pipeline.Ending.DRAINED);

    assertThat(rig.story())
        .isEqualTo(
            """
            open
            receive a b
            stop
            send 1 orders, 1 cards -> Refused, Accepted
            acknowledge b
            store batches/
            send reference of 1 orders -> Refused
            dead-letter a
            close
            """);
    assertThat(rig.broker.deadLetters()).extracting(Event::getId).containsExactly("a");
  }

  @Test
  void a_refused_batch_is_named_in_the_log_by_its_source_its_id_and_its_trace() {
    rig.broker.publish(
        Rig.event("orders", "a", 10).toBuilder()
            .setTraceparent("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")
            .build());
    rig.sqs.answerNext(REFUSED);
    rig.sqs.answerNext(REFUSED);

    rig.run();

    assertThat(rig.log)
        .filteredOn(line -> line.contains("SQS refuses a batch"))
        .hasSize(2)
        .allSatisfy(
            line ->
                assertThat(line)
                    .contains("\"step\":\"receive\"", "\"source\":\"orders\"", "\"batch\":\"")
                    .contains("\"trace_id\":\"0af7651916cd43dd8448eb211c80319c\""));
  }

  @Test
  void an_event_too_large_for_sqs_is_stored_before_its_reference_is_sent() throws Exception {
    Event large = Rig.event("orders", "large", 5_000_000);
    rig.publish("orders", "small");
    rig.broker.publish(large);

    rig.run();

    assertThat(rig.story())
        .isEqualTo(
            """
            open
            receive small large
            store batches/
            send 1 orders, reference of 1 orders -> Accepted, Accepted
            acknowledge small large
            stop
            close
            """);
    assertThat(rig.arrived()).contains(large);
  }

  @Test
  void while_the_object_store_fails_the_reference_is_not_sent_but_others_are() {
    rig.publish("orders", "small");
    rig.broker.publish(Rig.event("orders", "large", 5_000_000));
    rig.s3Failures.add(new EnvironmentFailure("SlowDown", null));

    rig.run();

    assertThat(rig.story())
        .isEqualTo(
            """
            open
            receive small large
            store batches/ -> failed
            send 1 orders -> Accepted
            acknowledge small
            store batches/
            send reference of 1 orders -> Accepted
            acknowledge large
            stop
            close
            """);
  }
}

package millrace.local.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import millrace.core.failed.MillraceFailure.EnvironmentFailure;
import millrace.core.failed.MillraceFailure.SetupFailure;
import millrace.core.names.Names;
import millrace.local.publish.EventPublisher.Outcome;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Every event handed over gets exactly one outcome, and only the broker's word makes it good. */
class EventPublisherTest {
  private static final Instant NOW = Instant.parse("2026-11-21T10:00:00Z");
  private static final Duration AT_ONCE = Duration.ofMillis(1);

  private final FakeChannel broker = new FakeChannel();
  private final List<String> outcomes = new ArrayList<>();
  private EventPublisher publisher;

  @BeforeEach
  void connect() throws Exception {
    publisher = EventPublisher.over(broker.connection(), 3, InstantSource.fixed(NOW));
  }

  private void publish(String id) throws InterruptedException {
    publish(id, "orders.v1.OrderCreated");
  }

  private void publish(String id, String type) throws InterruptedException {
    publisher.publish(
        new OutgoingEvent(
            "orders", type, id, OutgoingEvent.PROTOBUF, id.getBytes(StandardCharsets.UTF_8)),
        (event, outcome) ->
            outcomes.add(
                event.messageId()
                    + switch (outcome) {
                      case Outcome.Confirmed _ -> " confirmed";
                      case Outcome.Refused refused -> " refused: " + refused.reason();
                    }));
  }

  @Test
  void anEventGoesOutAsTheConsumerReadsItAndMustBeRouted() throws Exception {
    publish("a");

    assertThat(broker.published)
        .singleElement()
        .satisfies(
            message -> {
              assertThat(message.exchange()).isEqualTo(Names.EXCHANGE);
              assertThat(message.routingKey()).isEqualTo("orders.v1.OrderCreated");
              assertThat(message.mandatory()).isTrue();
              assertThat(message.properties().getMessageId()).isEqualTo("a");
              assertThat(message.properties().getType()).isEqualTo("orders.v1.OrderCreated");
              assertThat(message.properties().getAppId()).isEqualTo("orders");
              assertThat(message.properties().getContentType()).isEqualTo("application/x-protobuf");
              assertThat(message.properties().getDeliveryMode()).isEqualTo(2);
              assertThat(message.properties().getTimestamp()).isEqualTo(Date.from(NOW));
            });
    assertThat(publisher.awaitOutcomes(AT_ONCE)).as("nobody has confirmed it").isFalse();
    assertThat(outcomes).isEmpty();
  }

  @Test
  void oneConfirmMayBeForAllBeforeItOrForOneOfThem() throws Exception {
    publish("a");
    publish("b");
    publish("c");
    broker.confirm(3, false);
    assertThat(outcomes).containsExactly("c confirmed");

    broker.confirm(2, true);

    assertThat(outcomes).containsExactly("c confirmed", "a confirmed", "b confirmed");
    assertThat(publisher.awaitOutcomes(AT_ONCE)).isTrue();
  }

  @Test
  void aConfirmThatComesTwiceIsToldOnce() throws Exception {
    publish("a");
    broker.confirm(1, false);
    broker.confirm(1, true);

    assertThat(outcomes).containsExactly("a confirmed");
    assertThat(publisher.awaitOutcomes(AT_ONCE)).isTrue();
  }

  @Test
  void whatTheBrokerRefusesIsNotPublished() throws Exception {
    publish("a");
    publish("b");
    broker.refuse(1);
    broker.confirm(2, false);

    assertThat(outcomes)
        .containsExactly(
            "a refused: the broker refused it; is a queue bound to the routing key"
                + " orders.v1.OrderCreated?",
            "b confirmed");
  }

  @Test
  void whatNoQueueWantsIsRefusedAlthoughTheBrokerConfirmsIt() throws Exception {
    publish("a", "unknown.v1.Thing");
    publish("b");
    broker.giveBack(1);
    broker.confirm(2, true);

    assertThat(outcomes)
        .containsExactly(
            "a refused: no queue is bound to the routing key unknown.v1.Thing", "b confirmed");
  }

  @Test
  void repeatsThatNoQueueWantsAreAllRefused() throws Exception {
    publish("a", "unknown.v1.Thing");
    publish("a", "unknown.v1.Thing");
    publish("a");
    broker.giveBack(1);
    broker.giveBack(2);
    broker.confirm(3, true);

    assertThat(outcomes)
        .containsExactly(
            "a refused: no queue is bound to the routing key unknown.v1.Thing",
            "a refused: no queue is bound to the routing key unknown.v1.Thing",
            "a confirmed");
  }

  @Test
  void aLostConnectionRefusesAllThatWasNotConfirmedAndTakesNoMore() throws Exception {
    publish("a");
    publish("b");
    broker.confirm(1, false);

    broker.loseConnection();

    assertThat(outcomes).containsExactly("a confirmed", "b refused: the connection was lost");
    assertThat(publisher.awaitOutcomes(AT_ONCE)).isTrue();
    assertThatThrownBy(() -> publish("c"))
        .isInstanceOf(EnvironmentFailure.class)
        .hasMessageContaining("the connection to the broker was lost");
    assertThat(outcomes).hasSize(2);
    assertThat(publisher.awaitOutcomes(AT_ONCE)).isTrue();
  }

  @Test
  void aChannelThatTheBrokerClosesSaysWhyOfAllThatWaits() throws Exception {
    publish("a");

    broker.closeChannel("NOT_FOUND - no exchange 'millrace.events' in vhost '/'");

    assertThat(outcomes)
        .containsExactly(
            "a refused: the broker closed the channel: NOT_FOUND - no exchange 'millrace.events'"
                + " in vhost '/'");
    assertThat(publisher.awaitOutcomes(AT_ONCE)).isTrue();
  }

  @Test
  void tooManyUnconfirmedEventsHoldTheNextOneBack() throws Exception {
    publish("a");
    publish("b");
    publish("c");
    var fourth = new CompletableFuture<Void>();
    Thread.ofVirtual()
        .start(
            () -> {
              try {
                publish("d");
                fourth.complete(null);
              } catch (InterruptedException e) {
                fourth.completeExceptionally(e);
              }
            });
    assertThat(broker.published).hasSize(3);

    broker.confirm(1, false);

    assertThat(fourth).succeedsWithin(10, TimeUnit.SECONDS);
    assertThat(broker.published)
        .extracting(each -> each.properties().getMessageId())
        .containsExactly("a", "b", "c", "d");
  }

  @Test
  void anAddressThatIsNoAmqpUrlIsASentence() {
    assertThatThrownBy(() -> EventPublisher.connect("http://localhost", 1, InstantSource.system()))
        .isInstanceOf(SetupFailure.class)
        .hasMessageStartingWith("not an AMQP URL: ");
  }

  @Test
  void aBrokerThatIsNotThereIsTheEnvironmentsFailure() {
    assertThatThrownBy(
            () ->
                EventPublisher.connect(
                    "amqp://guest:guest@127.0.0.1:1/%2F", 1, InstantSource.system()))
        .isInstanceOf(EnvironmentFailure.class)
        .hasMessageContaining("the broker does not answer");
  }
}

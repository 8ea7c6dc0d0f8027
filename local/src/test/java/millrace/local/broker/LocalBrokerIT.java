package millrace.local.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import millrace.core.failed.MillraceFailure.SetupFailure;
import millrace.core.receive.Deliveries;
import millrace.core.receive.DeliveryQueueContract;
import millrace.event.v1.Event;
import millrace.rabbitmq.BrokerAddress;
import millrace.rabbitmq.BrokerHarness;
import millrace.rabbitmq.QueueSettings;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The consumer's view of the laptop's broker is that of RabbitMQ. */
class LocalBrokerIT implements DeliveryQueueContract {
  private static final LocalBroker BROKER = LocalBroker.start(0, null);

  private final List<BrokerHarness> harnesses = new ArrayList<>();

  @AfterAll
  static void stop() {
    BROKER.close();
  }

  @AfterEach
  void close() throws Exception {
    for (BrokerHarness harness : harnesses) {
      harness.close();
    }
  }

  @Override
  public BrokerHarness harness(int prefetch) {
    var harness = new BrokerHarness(BrokerAddress.parse(BROKER.amqpUrl()), prefetch);
    harnesses.add(harness);
    return harness;
  }

  @Test
  void what_a_killed_consumer_held_comes_again_however_often() {
    BrokerHarness broker = harness(10);
    broker.publish(event());

    for (int i = 0; i < 5; i++) {
      try (Deliveries deliveries = broker.queue().open()) {
        assertThat(deliveries.next(PATIENCE)).as("delivery " + i).isPresent();
      }
    }
    assertThat(broker.deadLetters()).isZero();
  }

  @Test
  void a_port_that_is_taken_is_a_sentence() {
    assertThatThrownBy(() -> LocalBroker.start(BROKER.port(), null))
        .isInstanceOf(SetupFailure.class)
        .hasMessageContaining("127.0.0.1:" + BROKER.port());
  }

  @Test
  void with_a_store_messages_outlive_the_broker(@TempDir Path store) throws Exception {
    QueueSettings settings = BrokerHarness.settings(10, 1 << 20, 100);
    int port;
    try (var broker = LocalBroker.start(0, store)) {
      port = broker.port();
      try (var harness = new BrokerHarness(BrokerAddress.parse(broker.amqpUrl()), settings)) {
        harness.publish(event());
      }
    }

    try (var broker = LocalBroker.start(port, store);
        var harness = new BrokerHarness(BrokerAddress.parse(broker.amqpUrl()), settings);
        Deliveries deliveries = harness.queue().open()) {
      assertThat(deliveries.next(Duration.ofSeconds(10)))
          .hasValueSatisfying(d -> assertThat(d.event().getId()).isEqualTo("e1"));
    }
  }

  private static Event event() {
    return Event.newBuilder()
        .setId("e1")
        .setSource("orders")
        .setType("orders.v1.OrderCreated")
        .setPayload(ByteString.copyFromUtf8("payload"))
        .build();
  }
}

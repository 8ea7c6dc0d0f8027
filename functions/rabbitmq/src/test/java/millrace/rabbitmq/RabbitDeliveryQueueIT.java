package millrace.rabbitmq;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.protobuf.ByteString;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.TrafficListener;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import millrace.core.failed.MillraceFailure.EnvironmentFailure;
import millrace.core.failed.MillraceFailure.SetupFailure;
import millrace.core.receive.Deliveries;
import millrace.core.receive.Delivery;
import millrace.core.receive.DeliveryQueue;
import millrace.core.receive.DeliveryQueueContract;
import millrace.event.v1.Event;
import millrace.rabbitmq.QueueSettings.Topology;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** On RabbitMQ itself: quorum queues, delivery limit and dead letters exist nowhere else. */
class RabbitDeliveryQueueIT implements DeliveryQueueContract {
  private final List<BrokerHarness> harnesses = new ArrayList<>();

  @BeforeEach
  void needsRabbit() {
    assumeTrue(RabbitServer.get().isPresent(), RabbitServer.ABSENT);
  }

  @AfterEach
  void close() throws Exception {
    for (BrokerHarness harness : harnesses) {
      harness.close();
    }
  }

  @Override
  public BrokerHarness harness(int prefetch) {
    return with(new BrokerHarness(address(), prefetch));
  }

  @Test
  void what_kills_its_consumer_again_and_again_ends_in_the_dead_letters() {
    BrokerHarness broker =
        with(new BrokerHarness(address(), BrokerHarness.settings(10, 1 << 20, 2)));
    broker.publish(event(10));

    int deliveries = 0;
    while (take(broker.queue())) {
      deliveries++;
    }

    assertThat(deliveries).as("deliveries with a limit of 2").isEqualTo(3);
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (broker.deadLetters() == 0 && System.nanoTime() < deadline) {
      Thread.onSpinWait();
    }
    assertThat(broker.deadLetters()).isEqualTo(1);
  }

  @Test
  void large_messages_are_bounded_by_bytes_and_not_by_the_prefetch() {
    BrokerHarness broker =
        with(new BrokerHarness(address(), BrokerHarness.settings(1_000, 1 << 20, 100)));
    for (int i = 0; i < 40; i++) {
      broker.publish(event(200_000));
    }

    try (Deliveries deliveries = broker.queue().open()) {
      List<Delivery> taken = new ArrayList<>();
      Optional<Delivery> next;
      while ((next = deliveries.next(Duration.ofSeconds(1))).isPresent()) {
        taken.add(next.get());
      }
      assertThat(taken).as("held within one MiB").hasSizeBetween(4, 5);

      int all = taken.size();
      deliveries.acknowledge(taken);
      while ((next = deliveries.next(Duration.ofSeconds(1))).isPresent()) {
        all++;
        deliveries.acknowledge(List.of(next.get()));
      }
      assertThat(all).as("the rest flows as memory becomes free").isEqualTo(40);
    }
  }

  @Test
  void a_message_larger_than_the_budget_comes_alone() {
    BrokerHarness broker =
        with(new BrokerHarness(address(), BrokerHarness.settings(10, 1 << 20, 100)));
    broker.publish(event(5_000_000));

    assertThat(take(broker.queue())).isTrue();
  }

  @Test
  void a_queue_with_other_arguments_is_a_sentence_that_says_what_to_do() throws Exception {
    QueueSettings settings = BrokerHarness.settings(10, 1 << 20, 100);
    declare(settings.queue(), Map.of("x-max-length", 5));

    assertThatThrownBy(() -> queue(address(), settings).open())
        .isInstanceOf(SetupFailure.class)
        .hasMessageContaining(settings.queue())
        .hasMessageContaining("MILLRACE_CONSUMER_TOPOLOGY=passive");
  }

  @Test
  void passive_takes_a_queue_as_it_is_and_misses_one_that_is_not_there() throws Exception {
    QueueSettings declared = BrokerHarness.settings(10, 1 << 20, 100);
    var passive =
        new QueueSettings(declared.queue(), "orders", "#", Topology.PASSIVE, 10, 1 << 20, 100);

    assertThatThrownBy(() -> queue(address(), passive).open())
        .isInstanceOf(SetupFailure.class)
        .hasMessageContaining("create it first");

    declare(declared.queue(), Map.of());
    queue(address(), passive).open().close();
  }

  @Test
  void a_user_who_may_only_read_uses_the_queue_as_it_is() {
    RabbitServer server = RabbitServer.get().orElseThrow();
    assumeTrue(server.isLocal(), "users are made by rabbitmqctl of the installed server");
    BrokerHarness broker = harness(10);
    server.control("add_user", "reader", "secret");
    server.control("set_permissions", "reader", "^$", "^$", ".*");

    DeliveryQueue reading =
        queue(address().withCredentials("reader", "secret"), settingsOf(broker));
    broker.publish(event(10));

    assertThat(take(reading)).isTrue();
  }

  @Test
  void a_wrong_password_is_a_matter_of_set_up_and_not_printed() {
    QueueSettings settings = BrokerHarness.settings(10, 1 << 20, 100);

    assertThatThrownBy(() -> queue(address().withCredentials("guest", "wr0ng"), settings).open())
        .isInstanceOf(SetupFailure.class)
        .hasMessageContaining("refuses user 'guest'")
        .hasMessageNotContaining("wr0ng");
  }

  @Test
  void an_unknown_virtual_host_is_a_matter_of_set_up() {
    BrokerAddress at = address();
    var nowhere =
        new BrokerAddress(false, at.host(), at.port(), "nowhere", at.user(), at.password());

    assertThatThrownBy(() -> queue(nowhere, BrokerHarness.settings(10, 1 << 20, 100)).open())
        .isInstanceOf(SetupFailure.class);
  }

  @Test
  void a_broker_that_does_not_listen_is_tried_again() {
    var nowhere = new BrokerAddress(false, "127.0.0.1", 1, "/", "u", "p");

    assertThatThrownBy(() -> queue(nowhere, BrokerHarness.settings(10, 1 << 20, 100)).open())
        .isInstanceOf(EnvironmentFailure.class);
  }

  @Test
  void a_queue_that_is_deleted_meanwhile_ends_the_session() throws Exception {
    BrokerHarness broker = harness(10);
    try (Deliveries deliveries = broker.queue().open()) {
      Connection connection = Amqp.connect(address(), "test", TrafficListener.NO_OP);
      try (Channel channel = connection.createChannel()) {
        channel.queueDelete(broker.queue().name());
      } finally {
        connection.abort();
      }
      assertThatThrownBy(() -> deliveries.next(PATIENCE)).isInstanceOf(EnvironmentFailure.class);
    }
  }

  private BrokerHarness with(BrokerHarness harness) {
    harnesses.add(harness);
    return harness;
  }

  private static BrokerAddress address() {
    return RabbitServer.get().orElseThrow().address();
  }

  private static DeliveryQueue queue(BrokerAddress address, QueueSettings settings) {
    return new RabbitDeliveryQueue(address, settings, InstantSource.system());
  }

  private static QueueSettings settingsOf(BrokerHarness broker) {
    String name = broker.queue().name();
    return new QueueSettings(name, "orders", name + ".#", Topology.DECLARE, 10, 1 << 20, 100);
  }

  private static void declare(String queue, Map<String, Object> arguments) throws Exception {
    Connection connection = Amqp.connect(address(), "test", TrafficListener.NO_OP);
    try (Channel channel = connection.createChannel()) {
      channel.queueDeclare(queue, true, false, false, arguments);
    } finally {
      connection.abort();
    }
  }

  /** Takes one delivery and ends without a word, as a crash does. */
  private static boolean take(DeliveryQueue queue) {
    try (Deliveries deliveries = queue.open()) {
      return deliveries.next(Duration.ofSeconds(2)).isPresent();
    }
  }

  private static Event event(int payloadBytes) {
    return Event.newBuilder()
        .setId("e1")
        .setSource("orders")
        .setType("orders.v1.OrderCreated")
        .setPayload(ByteString.copyFrom(new byte[payloadBytes]))
        .build();
  }
}

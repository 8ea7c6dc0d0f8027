package millrace.rabbitmq;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.TrafficListener;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.InstantSource;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeoutException;
import millrace.core.names.Names;
import millrace.core.receive.DeliveryQueue;
import millrace.core.receive.DeliveryQueueContract;
import millrace.event.v1.Event;

/** A queue of its own at a real broker, reached over a network that can be cut. */
public final class BrokerHarness implements DeliveryQueueContract.Harness, AutoCloseable {
  private final CuttableProxy network;
  private final Connection publisher;
  private final QueueSettings settings;
  private final DeliveryQueue queue;

  public BrokerHarness(BrokerAddress address, int prefetch) {
    this(address, settings(prefetch, 32 << 20, 100));
  }

  public BrokerHarness(BrokerAddress address, QueueSettings settings) {
    this.settings = settings;
    network = new CuttableProxy(address.host(), address.port());
    publisher = Amqp.connect(address, "test", TrafficListener.NO_OP);
    var through =
        new BrokerAddress(
            false,
            "127.0.0.1",
            network.port(),
            address.virtualHost(),
            address.user(),
            address.password());
    queue = new RabbitDeliveryQueue(through, settings, InstantSource.system());
    queue.open().close();
  }

  public static QueueSettings settings(int prefetch, int prefetchBytes, int deliveryLimit) {
    String name = "test-" + UUID.randomUUID();
    return new QueueSettings(
        name,
        "orders",
        name + ".#",
        QueueSettings.Topology.DECLARE,
        prefetch,
        prefetchBytes,
        deliveryLimit);
  }

  @Override
  public DeliveryQueue queue() {
    return queue;
  }

  @Override
  public void publish(Event event) {
    publishAll(List.of(event));
  }

  /** Publishes and waits until the broker has confirmed all of them. */
  public void publishAll(List<Event> events) {
    try (Channel channel = publisher.createChannel()) {
      channel.confirmSelect();
      for (Event event : events) {
        channel.basicPublish(
            Names.EXCHANGE,
            settings.queue() + ".x",
            true,
            properties(event),
            event.getPayload().toByteArray());
      }
      channel.waitForConfirmsOrDie(60_000);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    } catch (TimeoutException | InterruptedException failure) {
      throw new IllegalStateException(failure);
    }
  }

  private static AMQP.BasicProperties properties(Event event) {
    return new AMQP.BasicProperties.Builder()
        .messageId(event.getId())
        .appId(event.getSource())
        .type(event.getType())
        .deliveryMode(2)
        .build();
  }

  @Override
  public long deadLetters() {
    try (Channel channel = publisher.createChannel()) {
      return channel.queueDeclarePassive(settings.deadLetterQueue()).getMessageCount();
    } catch (IOException | TimeoutException failure) {
      throw new IllegalStateException(failure);
    }
  }

  @Override
  public void breakConnections() {
    network.cut();
  }

  @Override
  public void close() throws IOException {
    network.close();
    publisher.abort();
  }
}

package millrace.rabbitmq;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ShutdownSignalException;
import com.rabbitmq.client.TrafficListener;
import java.io.IOException;
import java.time.InstantSource;
import java.util.concurrent.TimeoutException;
import millrace.core.receive.Deliveries;
import millrace.core.receive.DeliveryQueue;

/** A queue of RabbitMQ, or of a broker that speaks its protocol. */
public final class RabbitDeliveryQueue implements DeliveryQueue {
  private final BrokerAddress address;
  private final QueueSettings settings;
  private final InstantSource clock;

  public RabbitDeliveryQueue(BrokerAddress address, QueueSettings settings, InstantSource clock) {
    this.address = address;
    this.settings = settings;
    this.clock = clock;
  }

  @Override
  public String name() {
    return settings.queue();
  }

  @Override
  public Deliveries open() {
    var budget = new ByteBudget(settings.prefetchBytes());
    Connection connection = Amqp.connect(address, settings.queue(), budget);
    try {
      RabbitTopology.prepare(connection, settings);
      return new RabbitDeliveries(connection, settings, budget, clock);
    } catch (RuntimeException failure) {
      connection.abort();
      throw failure;
    }
  }

  /** Over a connection of its own: that of the deliveries may be held up by back-pressure. */
  @Override
  public long backlog() {
    Connection connection =
        Amqp.connect(address, settings.queue() + " backlog", TrafficListener.NO_OP);
    try (Channel channel = connection.createChannel()) {
      return channel.queueDeclarePassive(settings.queue()).getMessageCount();
    } catch (IOException | TimeoutException | ShutdownSignalException failure) {
      throw Amqp.failure("queue '" + settings.queue() + "' cannot be counted", failure);
    } finally {
      connection.abort();
    }
  }
}

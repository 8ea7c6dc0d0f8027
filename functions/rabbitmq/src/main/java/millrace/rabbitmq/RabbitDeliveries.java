package millrace.rabbitmq;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.DefaultConsumer;
import com.rabbitmq.client.Envelope;
import com.rabbitmq.client.ShutdownSignalException;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import millrace.core.failed.MillraceFailure.EnvironmentFailure;
import millrace.core.receive.Deliveries;
import millrace.core.receive.Delivery;
import org.jspecify.annotations.Nullable;

/** Deliveries of one queue over one connection and one channel. */
final class RabbitDeliveries implements Deliveries {
  private static final int CLOSE_MILLIS = 2_000;
  private static final String CONSUMER_TAG = "millrace";

  private final Connection connection;
  private final Channel channel;
  private final String queue;
  private final ByteBudget budget;
  private final MessageReader reader;
  private final InstantSource clock;
  private final TagLedger ledger = new TagLedger();

  /** Filled by the thread of the connection; bounded by the prefetch. */
  private final LinkedBlockingQueue<Delivery> arrived = new LinkedBlockingQueue<>();

  /** Taken over in one go, so that the two threads seldom meet. */
  private final ArrayDeque<Delivery> taken = new ArrayDeque<>();

  private volatile @Nullable String lost;
  private volatile boolean stopped;

  RabbitDeliveries(
      Connection connection, QueueSettings settings, ByteBudget budget, InstantSource clock) {
    this.connection = connection;
    this.queue = settings.queue();
    this.budget = budget;
    this.reader = new MessageReader(settings.source());
    this.clock = clock;
    try {
      this.channel = connection.createChannel();
      channel.addShutdownListener(cause -> lose(Amqp.reason(cause)));
      channel.basicQos(settings.prefetch());
      channel.basicConsume(queue, false, CONSUMER_TAG, new Receiver(channel));
    } catch (IOException | ShutdownSignalException failure) {
      throw Amqp.failure("queue '" + queue + "' cannot be received from", failure);
    }
  }

  @Override
  public Optional<Delivery> next(Duration wait) {
    checkNotLost();
    if (stopped) {
      return Optional.empty();
    }
    if (taken.isEmpty() && arrived.drainTo(taken) == 0) {
      try {
        Delivery delivery = arrived.poll(wait.toNanos(), TimeUnit.NANOSECONDS);
        checkNotLost();
        return Optional.ofNullable(delivery);
      } catch (InterruptedException stop) {
        Thread.currentThread().interrupt();
        return Optional.empty();
      }
    }
    return Optional.ofNullable(taken.poll());
  }

  @Override
  public void acknowledge(List<Delivery> accepted) {
    checkNotLost();
    var acknowledgement = ledger.accept(accepted.stream().map(Delivery::tag).toList());
    try {
      if (acknowledgement.upTo().isPresent()) {
        channel.basicAck(acknowledgement.upTo().getAsLong(), true);
      }
      for (long tag : acknowledgement.single()) {
        channel.basicAck(tag, false);
      }
    } catch (IOException | ShutdownSignalException failure) {
      throw lostBy(failure);
    }
    accepted.forEach(delivery -> budget.release(delivery.bytes()));
  }

  @Override
  public void deadLetter(List<Delivery> refused) {
    checkNotLost();
    try {
      for (Delivery delivery : refused) {
        channel.basicReject(delivery.tag(), false);
        ledger.settle(delivery.tag());
        budget.release(delivery.bytes());
      }
    } catch (IOException | ShutdownSignalException failure) {
      throw lostBy(failure);
    }
  }

  @Override
  public void stop() {
    stopped = true;
    if (lost != null || budget.exhausted()) {
      // The answer to a cancel would wait behind deliveries that nobody takes any more.
      return;
    }
    try {
      channel.basicCancel(CONSUMER_TAG);
    } catch (IOException | ShutdownSignalException failure) {
      // the end of the connection, soon, does the same
      lose(Amqp.reason(failure));
    }
  }

  @Override
  public void close() {
    stopped = true;
    budget.open();
    connection.abort(CLOSE_MILLIS);
  }

  private void lose(String reason) {
    if (lost == null) {
      lost = reason;
    }
  }

  private void checkNotLost() {
    String reason = lost;
    if (reason != null) {
      throw new EnvironmentFailure(
          "The broker: connection of queue '" + queue + "' lost: " + reason, null);
    }
  }

  private EnvironmentFailure lostBy(Exception failure) {
    lose(Amqp.reason(failure));
    return new EnvironmentFailure(
        "The broker: connection of queue '" + queue + "' lost: " + Amqp.reason(failure), failure);
  }

  private final class Receiver extends DefaultConsumer {
    Receiver(Channel channel) {
      super(channel);
    }

    @Override
    public void handleDelivery(
        String consumerTag, Envelope envelope, AMQP.BasicProperties properties, byte[] body) {
      var event = reader.read(properties, envelope.getRoutingKey(), body, clock.instant());
      arrived.add(
          new Delivery(
              event, envelope.getDeliveryTag(), budget.cost(body), envelope.isRedeliver()));
    }

    @Override
    public void handleCancel(String consumerTag) {
      lose("the broker ended the subscription; was the queue deleted?");
    }
  }
}

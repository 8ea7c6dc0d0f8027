package millrace.local.publish;

import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import java.io.IOException;
import java.net.URISyntaxException;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Date;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import millrace.core.failed.MillraceFailure.EnvironmentFailure;
import millrace.core.failed.MillraceFailure.SetupFailure;
import millrace.core.names.Names;

/**
 * Publishes events and waits for the broker's confirmation of each. Unroutable events and those
 * that the broker refuses are reported, never lost in silence. {@link #publish} is for one thread.
 */
public final class EventPublisher implements AutoCloseable {
  private static final int PERSISTENT = 2;

  private final Connection connection;
  private final Channel channel;
  private final InstantSource clock;
  private final int maxInFlight;
  private final Semaphore room;
  private final ConcurrentNavigableMap<Long, Pending> pending = new ConcurrentSkipListMap<>();
  private final Set<String> returned = ConcurrentHashMap.newKeySet();

  /** What became of one event; told once per event, from a thread of the connection. */
  public sealed interface Outcome {
    /** The broker has taken responsibility. */
    record Confirmed(Duration after) implements Outcome {}

    /** The broker has not: the event is in no queue. */
    record Refused(String reason) implements Outcome {}
  }

  /** Takes the outcome of one event. */
  @FunctionalInterface
  public interface OutcomeListener {
    void done(OutgoingEvent event, Outcome outcome);
  }

  private record Pending(OutgoingEvent event, long sentNanos, OutcomeListener listener) {}

  private EventPublisher(
      Connection connection, Channel channel, InstantSource clock, int maxInFlight) {
    this.connection = connection;
    this.channel = channel;
    this.clock = clock;
    this.maxInFlight = maxInFlight;
    this.room = new Semaphore(maxInFlight);
  }

  /**
   * @param amqpUrl with user, password and virtual host
   * @param maxInFlight how many events may wait for their confirmation
   * @param clock of the property timestamp
   * @throws SetupFailure when the URL is none or the broker refuses the user
   * @throws EnvironmentFailure when the broker does not answer
   */
  public static EventPublisher connect(String amqpUrl, int maxInFlight, InstantSource clock) {
    try {
      var factory = new ConnectionFactory();
      factory.setUri(amqpUrl);
      // a silent reconnection would leave it unknown which events the broker has
      factory.setAutomaticRecoveryEnabled(false);
      factory.setConnectionTimeout(10_000);
      Connection connection = factory.newConnection("millrace-publisher");
      Channel channel = connection.createChannel();
      var publisher = new EventPublisher(connection, channel, clock, maxInFlight);
      publisher.listen();
      return publisher;
    } catch (URISyntaxException | GeneralSecurityException | IllegalArgumentException e) {
      throw new SetupFailure("not an AMQP URL: " + e.getMessage(), e);
    } catch (com.rabbitmq.client.PossibleAuthenticationFailureException e) {
      throw new SetupFailure("the broker refuses user or password of the AMQP URL", e);
    } catch (IOException | TimeoutException e) {
      throw new EnvironmentFailure("the broker does not answer: " + e.getMessage(), e);
    }
  }

  private void listen() throws IOException {
    channel.confirmSelect();
    // RabbitMQ returns an unroutable message first and then acknowledges it
    channel.addReturnListener(back -> returned.add(back.getProperties().getMessageId()));
    channel.addConfirmListener(
        (tag, multiple) -> settle(tag, multiple, true),
        (tag, multiple) -> settle(tag, multiple, false));
    connection.addShutdownListener(
        cause -> {
          for (Pending lost : List.copyOf(pending.values())) {
            lost.listener().done(lost.event(), new Outcome.Refused("the connection was lost"));
          }
          pending.clear();
          room.release(maxInFlight);
        });
  }

  /** Hands over one event; waits while too many are unconfirmed. */
  public void publish(OutgoingEvent event, OutcomeListener listener) throws InterruptedException {
    room.acquire();
    long number = channel.getNextPublishSeqNo();
    pending.put(number, new Pending(event, System.nanoTime(), listener));
    try {
      channel.basicPublish(Names.EXCHANGE, event.type(), true, properties(event), event.payload());
    } catch (IOException | com.rabbitmq.client.AlreadyClosedException e) {
      pending.remove(number);
      throw new EnvironmentFailure("the connection to the broker was lost: " + e.getMessage(), e);
    }
  }

  private BasicProperties properties(OutgoingEvent event) {
    return new BasicProperties.Builder()
        .messageId(event.messageId())
        .type(event.type())
        .appId(event.source())
        .contentType(event.contentType())
        .timestamp(Date.from(clock.instant()))
        .deliveryMode(PERSISTENT)
        .build();
  }

  private void settle(long tag, boolean multiple, boolean confirmed) {
    if (multiple) {
      ConcurrentNavigableMap<Long, Pending> settled = pending.headMap(tag, true);
      while (true) {
        var first = settled.pollFirstEntry();
        if (first == null) {
          return;
        }
        settle(first.getValue(), confirmed);
      }
    }
    Pending one = pending.remove(tag);
    if (one != null) {
      settle(one, confirmed);
    }
  }

  private void settle(Pending one, boolean confirmed) {
    OutgoingEvent event = one.event();
    Outcome outcome;
    if (returned.remove(event.messageId())) {
      outcome = new Outcome.Refused("no queue is bound to the routing key " + event.type());
    } else if (confirmed) {
      outcome = new Outcome.Confirmed(Duration.ofNanos(System.nanoTime() - one.sentNanos()));
    } else {
      outcome =
          new Outcome.Refused(
              "the broker refused it; is a queue bound to the routing key " + event.type() + "?");
    }
    one.listener().done(event, outcome);
    room.release();
  }

  /**
   * Waits until every event handed over has an outcome.
   *
   * @return false when some had none within the time
   */
  public boolean awaitOutcomes(Duration within) throws InterruptedException {
    if (!room.tryAcquire(maxInFlight, within.toMillis(), TimeUnit.MILLISECONDS)) {
      return false;
    }
    room.release(maxInFlight);
    return true;
  }

  @Override
  public void close() {
    try {
      connection.close(5_000);
    } catch (IOException | com.rabbitmq.client.AlreadyClosedException e) {
      // It is gone, which is what was wanted; each unconfirmed event was told to its listener.
    }
  }
}

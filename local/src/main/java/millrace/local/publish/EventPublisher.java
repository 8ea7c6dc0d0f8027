package millrace.local.publish;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.AMQP.BasicProperties;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.ShutdownSignalException;
import java.io.IOException;
import java.net.URISyntaxException;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Date;
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
  private final ConcurrentHashMap<Address, Integer> returned = new ConcurrentHashMap<>();

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

  /** By what a returned message can be told: several on their way may have the same. */
  private record Address(String messageId, String routingKey) {}

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
      return over(factory.newConnection("millrace-publisher"), maxInFlight, clock);
    } catch (URISyntaxException | GeneralSecurityException | IllegalArgumentException e) {
      throw new SetupFailure("not an AMQP URL: " + e.getMessage(), e);
    } catch (com.rabbitmq.client.PossibleAuthenticationFailureException e) {
      throw new SetupFailure("the broker refuses user or password of the AMQP URL", e);
    } catch (IOException | TimeoutException e) {
      throw new EnvironmentFailure("the broker does not answer: " + e.getMessage(), e);
    }
  }

  /** Over a connection, which it closes in the end. */
  static EventPublisher over(Connection connection, int maxInFlight, InstantSource clock)
      throws IOException {
    var publisher = new EventPublisher(connection, connection.createChannel(), clock, maxInFlight);
    publisher.listen();
    return publisher;
  }

  private void listen() throws IOException {
    channel.confirmSelect();
    // RabbitMQ returns an unroutable message first and then acknowledges it
    channel.addReturnListener(
        back ->
            returned.merge(
                new Address(back.getProperties().getMessageId(), back.getRoutingKey()),
                1,
                Integer::sum));
    channel.addConfirmListener(
        (tag, multiple) -> settle(tag, multiple, true),
        (tag, multiple) -> settle(tag, multiple, false));
    // the end of the connection is the end of the channel, and the broker may also end the channel
    // alone
    channel.addShutdownListener(
        cause -> {
          String reason = reason(cause);
          for (var lost = pending.pollFirstEntry(); lost != null; lost = pending.pollFirstEntry()) {
            tell(lost.getValue(), new Outcome.Refused(reason));
          }
        });
  }

  private static String reason(ShutdownSignalException cause) {
    return cause.getReason() instanceof AMQP.Channel.Close close
        ? "the broker closed the channel: " + close.getReplyText()
        : "the connection was lost";
  }

  /** Hands over one event; waits while too many are unconfirmed. */
  public void publish(OutgoingEvent event, OutcomeListener listener) throws InterruptedException {
    room.acquire();
    long number = channel.getNextPublishSeqNo();
    pending.put(number, new Pending(event, System.nanoTime(), listener));
    try {
      channel.basicPublish(Names.EXCHANGE, event.type(), true, properties(event), event.payload());
    } catch (IOException | com.rabbitmq.client.AlreadyClosedException e) {
      if (pending.remove(number) != null) {
        room.release();
      }
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
    if (wasReturned(event)) {
      tell(one, new Outcome.Refused("no queue is bound to the routing key " + event.type()));
    } else if (confirmed) {
      tell(one, new Outcome.Confirmed(Duration.ofNanos(System.nanoTime() - one.sentNanos())));
    } else {
      tell(
          one,
          new Outcome.Refused(
              "the broker refused it; is a queue bound to the routing key " + event.type() + "?"));
    }
  }

  private boolean wasReturned(OutgoingEvent event) {
    var address = new Address(event.messageId(), event.type());
    boolean was = returned.containsKey(address);
    returned.computeIfPresent(address, (same, count) -> count == 1 ? null : count - 1);
    return was;
  }

  private void tell(Pending one, Outcome outcome) {
    one.listener().done(one.event(), outcome);
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

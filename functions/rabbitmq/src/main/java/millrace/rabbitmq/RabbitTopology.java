package millrace.rabbitmq;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.AlreadyClosedException;
import com.rabbitmq.client.BuiltinExchangeType;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import millrace.core.failed.MillraceFailure.SetupFailure;
import millrace.core.names.Names;

/**
 * Exchange, queue and dead letters. Declared so that nothing is lost by a default: quorum queues
 * would delete after 20 deliveries without dead letters, and dead-letter at most once unless told.
 */
final class RabbitTopology {
  private RabbitTopology() {}

  /** Makes sure that the queue is there. */
  static void prepare(Connection connection, QueueSettings settings) {
    boolean declared =
        settings.topology() == QueueSettings.Topology.DECLARE && declare(connection, settings);
    if (!declared) {
      check(connection, settings);
    }
  }

  /** False when the broker does not let us declare. */
  private static boolean declare(Connection connection, QueueSettings settings) {
    boolean qpid = isQpid(connection);
    String queue = settings.queue();
    String deadLetters = settings.deadLetterQueue();
    // Qpid knows no routing key of dead letters, so there each queue has an exchange of its own.
    String deadLetterExchange = qpid ? deadLetters : Names.DEAD_LETTER_EXCHANGE;
    BuiltinExchangeType kind = qpid ? BuiltinExchangeType.FANOUT : BuiltinExchangeType.DIRECT;
    return attempt(
            connection, c -> c.exchangeDeclare(Names.EXCHANGE, BuiltinExchangeType.TOPIC, true))
        && attempt(connection, c -> c.exchangeDeclare(deadLetterExchange, kind, true))
        && attempt(
            connection, c -> c.queueDeclare(deadLetters, true, false, false, deadLetters(qpid)))
        && attempt(connection, c -> c.queueBind(deadLetters, deadLetterExchange, queue))
        && attempt(
            connection, c -> c.queueDeclare(queue, true, false, false, arguments(settings, qpid)))
        && attempt(connection, c -> c.queueBind(queue, Names.EXCHANGE, settings.routingKey()));
  }

  private static void check(Connection connection, QueueSettings settings) {
    String queue = settings.queue();
    boolean allowed = attempt(connection, c -> c.queueDeclarePassive(queue));
    if (!allowed) {
      throw new SetupFailure(
          "The broker refuses access to queue '" + queue + "': grant the user read on it.");
    }
  }

  private static Map<String, Object> arguments(QueueSettings settings, boolean qpid) {
    var arguments = new LinkedHashMap<String, Object>();
    if (qpid) {
      // Rejected without requeue goes to the dead letters; else it would be delivered for ever.
      arguments.put("x-qpid-maximum-delivery-count", 1);
      arguments.put("alternateExchange", settings.deadLetterQueue());
      // Above this it slows publishers down, so that a burst does not become its heap.
      arguments.put("x-qpid-capacity", 16L << 20);
      arguments.put("x-qpid-flow-resume-capacity", 12L << 20);
      return arguments;
    }
    arguments.put("x-queue-type", "quorum");
    arguments.put("x-delivery-limit", settings.deliveryLimit());
    arguments.put("x-dead-letter-exchange", Names.DEAD_LETTER_EXCHANGE);
    arguments.put("x-dead-letter-routing-key", settings.queue());
    arguments.put("x-dead-letter-strategy", "at-least-once");
    // what the strategy asks for; without a length limit it never rejects
    arguments.put("x-overflow", "reject-publish");
    return arguments;
  }

  private static Map<String, Object> deadLetters(boolean qpid) {
    return qpid ? Map.of() : Map.of("x-queue-type", "quorum");
  }

  private static boolean isQpid(Connection connection) {
    String product =
        Optional.ofNullable(connection.getServerProperties().get("product"))
            .map(Object::toString)
            .orElse("");
    return product.toLowerCase(java.util.Locale.ROOT).contains("qpid");
  }

  private interface Step {
    void run(Channel channel) throws IOException;
  }

  /** On a channel of its own, since the broker closes a channel with each refusal. */
  private static boolean attempt(Connection connection, Step step) {
    try (Channel channel = connection.createChannel()) {
      step.run(channel);
      return true;
    } catch (IOException | AlreadyClosedException refused) {
      return switch (Amqp.code(refused)) {
        case AMQP.ACCESS_REFUSED -> false;
        case AMQP.PRECONDITION_FAILED ->
            throw new SetupFailure(
                "The broker has it with other settings ("
                    + Amqp.reason(refused)
                    + "): use it as it is with MILLRACE_CONSUMER_TOPOLOGY=passive, or remove it.",
                refused);
        case AMQP.NOT_FOUND ->
            throw new SetupFailure(
                "The broker does not have it (" + Amqp.reason(refused) + "): create it first.",
                refused);
        default -> throw Amqp.failure("declaring failed", refused);
      };
    } catch (TimeoutException slow) {
      throw Amqp.failure("declaring took too long", slow);
    }
  }
}

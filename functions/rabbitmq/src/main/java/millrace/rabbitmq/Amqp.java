package millrace.rabbitmq;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.AlreadyClosedException;
import com.rabbitmq.client.AuthenticationFailureException;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.ShutdownSignalException;
import com.rabbitmq.client.TrafficListener;
import java.io.IOException;
import java.util.concurrent.TimeoutException;
import millrace.core.failed.MillraceFailure;
import millrace.core.failed.MillraceFailure.EnvironmentFailure;
import millrace.core.failed.MillraceFailure.SetupFailure;
import org.jspecify.annotations.Nullable;

/** Connections, and what the broker's answers mean for us. */
final class Amqp {
  private static final int CONNECT_MILLIS = 10_000;
  private static final int RPC_MILLIS = 10_000;
  private static final int HEARTBEAT_SECONDS = 30;

  /**
   * Above what any broker should let through; a single message of this size still fits the heap.
   */
  private static final int MAX_BODY_BYTES = 64 << 20;

  private Amqp() {}

  /** Connects without recovery by the client: tags of a lost channel must never reach a new one. */
  static Connection connect(BrokerAddress address, String name, TrafficListener traffic) {
    var factory = new ConnectionFactory();
    address.applyTo(factory);
    factory.setAutomaticRecoveryEnabled(false);
    factory.setTopologyRecoveryEnabled(false);
    factory.setConnectionTimeout(CONNECT_MILLIS);
    factory.setHandshakeTimeout(CONNECT_MILLIS);
    factory.setChannelRpcTimeout(RPC_MILLIS);
    factory.setRequestedHeartbeat(HEARTBEAT_SECONDS);
    factory.setMaxInboundMessageBodySize(MAX_BODY_BYTES);
    factory.setTrafficListener(traffic);
    try {
      return factory.newConnection("millrace " + name);
    } catch (AuthenticationFailureException refused) {
      throw new SetupFailure(
          "The broker at "
              + address
              + " refuses user '"
              + address.user()
              + "': check user, password and the right to the virtual host.",
          refused);
    } catch (IOException | TimeoutException failure) {
      throw failure(address + " cannot be reached", failure);
    }
  }

  /** A failure of the environment, unless the broker says that only a person can change it. */
  static MillraceFailure failure(String what, Exception cause) {
    int code = code(cause);
    String message = "The broker: " + what + ": " + reason(cause);
    return code == AMQP.NOT_ALLOWED || code == AMQP.ACCESS_REFUSED
        ? new SetupFailure(message, cause)
        : new EnvironmentFailure(message, cause);
  }

  /** Reply code of the broker, 0 when it gave none. */
  static int code(Exception failure) {
    ShutdownSignalException signal = signal(failure);
    return switch (signal == null ? null : signal.getReason()) {
      case AMQP.Channel.Close close -> close.getReplyCode();
      case AMQP.Connection.Close close -> close.getReplyCode();
      case null, default -> 0;
    };
  }

  static String reason(Exception failure) {
    ShutdownSignalException signal = signal(failure);
    return switch (signal == null ? null : signal.getReason()) {
      case AMQP.Channel.Close close -> close.getReplyText();
      case AMQP.Connection.Close close -> close.getReplyText();
      case null, default ->
          failure.getMessage() == null ? failure.getClass().getSimpleName() : failure.getMessage();
    };
  }

  private static @Nullable ShutdownSignalException signal(Exception failure) {
    if (failure instanceof AlreadyClosedException closed) {
      return closed;
    }
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof ShutdownSignalException signal) {
        return signal;
      }
    }
    return null;
  }
}

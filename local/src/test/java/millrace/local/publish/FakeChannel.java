package millrace.local.publish;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.AlreadyClosedException;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.ConfirmCallback;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.Method;
import com.rabbitmq.client.Return;
import com.rabbitmq.client.ReturnCallback;
import com.rabbitmq.client.ShutdownListener;
import com.rabbitmq.client.ShutdownSignalException;
import com.rabbitmq.client.impl.AMQImpl;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;

/**
 * A channel that takes what is published and answers when the test says so, as the broker would:
 * returns, confirms, refusals and the end of the channel or of the connection.
 */
final class FakeChannel {
  final List<Published> published = new ArrayList<>();
  private final List<ReturnCallback> onReturn = new ArrayList<>();
  private final List<ConfirmCallback> onConfirm = new ArrayList<>();
  private final List<ConfirmCallback> onRefusal = new ArrayList<>();
  private final List<ShutdownListener> onShutdown = new ArrayList<>();
  private boolean confirms;
  private ShutdownSignalException closed;

  record Published(
      String exchange, String routingKey, boolean mandatory, AMQP.BasicProperties properties) {}

  /** A connection whose only channel this is. */
  Connection connection() {
    return fake(
        Connection.class,
        (method, arguments) ->
            switch (method) {
              case "createChannel" -> channel();
              case "close" -> null;
              default -> throw new UnsupportedOperationException(method);
            });
  }

  private Channel channel() {
    return fake(
        Channel.class,
        (method, arguments) -> {
          switch (method) {
            case "confirmSelect" -> confirms = true;
            case "addReturnListener" -> onReturn.add((ReturnCallback) arguments[0]);
            case "addConfirmListener" -> {
              onConfirm.add((ConfirmCallback) arguments[0]);
              onRefusal.add((ConfirmCallback) arguments[1]);
            }
            case "addShutdownListener" -> onShutdown.add((ShutdownListener) arguments[0]);
            case "getNextPublishSeqNo" -> {
              return confirms ? published.size() + 1L : 0L;
            }
            case "basicPublish" -> {
              if (closed != null) {
                throw new AlreadyClosedException(closed);
              }
              published.add(
                  new Published(
                      (String) arguments[0],
                      (String) arguments[1],
                      (boolean) arguments[2],
                      (AMQP.BasicProperties) arguments[3]));
            }
            default -> throw new UnsupportedOperationException(method);
          }
          return null;
        });
  }

  void confirm(long number, boolean multiple) throws IOException {
    for (ConfirmCallback each : onConfirm) {
      each.handle(number, multiple);
    }
  }

  void refuse(long number) throws IOException {
    for (ConfirmCallback each : onRefusal) {
      each.handle(number, false);
    }
  }

  /** Hands the message of this number back, as no queue wants it. */
  void giveBack(int number) {
    Published message = published.get(number - 1);
    var back =
        new Return(
            312,
            "NO_ROUTE",
            message.exchange(),
            message.routingKey(),
            message.properties(),
            new byte[0]);
    onReturn.forEach(each -> each.handle(back));
  }

  void loseConnection() {
    end(new ShutdownSignalException(true, false, null, this));
  }

  /** As after a publication to an exchange that is not there. */
  void closeChannel(String why) {
    Method close = new AMQImpl.Channel.Close(404, why, 60, 40);
    end(new ShutdownSignalException(false, false, close, this));
  }

  private void end(ShutdownSignalException cause) {
    closed = cause;
    onShutdown.forEach(each -> each.shutdownCompleted(cause));
  }

  private interface Answer {
    Object to(String method, Object[] arguments) throws IOException;
  }

  private static <T> T fake(Class<T> type, Answer answer) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (self, method, arguments) -> answer.to(method.getName(), arguments)));
  }
}

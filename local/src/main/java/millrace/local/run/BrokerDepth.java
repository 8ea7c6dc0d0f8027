package millrace.local.run;

import com.rabbitmq.client.AlreadyClosedException;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import java.io.IOException;
import java.net.URISyntaxException;
import java.security.GeneralSecurityException;
import java.util.List;
import java.util.concurrent.TimeoutException;
import millrace.core.failed.MillraceFailure.EnvironmentFailure;

/** How many messages wait in queues of the broker. */
public final class BrokerDepth implements AutoCloseable {
  private final Connection connection;
  private final Channel channel;
  private final List<String> queues;

  private BrokerDepth(Connection connection, Channel channel, List<String> queues) {
    this.connection = connection;
    this.channel = channel;
    this.queues = queues;
  }

  /**
   * @throws EnvironmentFailure when the broker does not answer
   */
  public static BrokerDepth connect(String amqpUrl, List<String> queues) {
    try {
      var factory = new ConnectionFactory();
      factory.setUri(amqpUrl);
      factory.setConnectionTimeout(2_000);
      Connection connection = factory.newConnection("millrace-depth");
      return new BrokerDepth(connection, connection.createChannel(), queues);
    } catch (URISyntaxException | GeneralSecurityException | IOException | TimeoutException e) {
      throw new EnvironmentFailure("the broker does not answer: " + e.getMessage(), e);
    }
  }

  /**
   * Those that a consumer has and did not acknowledge are not among them.
   *
   * @throws EnvironmentFailure when the broker does not answer
   */
  public long messages() {
    try {
      long sum = 0;
      for (String queue : queues) {
        sum += channel.messageCount(queue);
      }
      return sum;
    } catch (IOException | AlreadyClosedException e) {
      throw new EnvironmentFailure("the broker does not say how much waits: " + e.getMessage(), e);
    }
  }

  @Override
  public void close() {
    try {
      connection.close(2_000);
    } catch (IOException | AlreadyClosedException e) {
      // the run is over, and so is its broker
    }
  }
}

package millrace.local.run;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import millrace.core.failed.MillraceFailure.EnvironmentFailure;
import millrace.core.names.Names;
import millrace.core.names.ObjectPrefixes;
import millrace.local.aws.EmulatorClients;
import millrace.local.state.Endpoints;
import millrace.local.warehouse.WarehouseClient;
import millrace.local.warehouse.WarehouseException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

/** Looks at the stores between the steps of a run: each figure comes from the store itself. */
public final class BacklogReader implements AutoCloseable {
  private final Endpoints endpoints;
  private final SqsClient sqs;
  private final WarehouseClient warehouse;

  public BacklogReader(Endpoints endpoints) {
    this.endpoints = endpoints;
    this.sqs =
        new EmulatorClients(
                URI.create(endpoints.awsEndpoint()), endpoints.region(), endpoints.account())
            .sqs();
    this.warehouse =
        new WarehouseClient(
            URI.create(endpoints.warehouseUrl()),
            Names.of(endpoints.environment()).database(),
            "AUDIT");
  }

  /**
   * Reads all stores now.
   *
   * @throws EnvironmentFailure when one of them does not answer
   */
  public Backlog read() {
    return new Backlog(
        broker(),
        inQueue(endpoints.queueUrl()),
        inQueue(endpoints.deadLetterQueueUrl()),
        files(),
        filesLoaded());
  }

  /**
   * Messages that wait in the broker; those a consumer has and did not acknowledge are not among
   * them.
   */
  public long broker() {
    try (Connection connection = connect();
        Channel channel = connection.createChannel()) {
      long sum = 0;
      for (String queue : LocalQueues.names()) {
        sum += channel.messageCount(queue);
      }
      return sum;
    } catch (IOException | TimeoutException e) {
      throw new EnvironmentFailure("the broker does not say what waits: " + e.getMessage(), e);
    }
  }

  private Connection connect() throws IOException, TimeoutException {
    ConnectionFactory factory = new ConnectionFactory();
    try {
      factory.setUri(endpoints.amqpUrl());
    } catch (URISyntaxException | GeneralSecurityException e) {
      throw new IOException("its URL cannot be used", e);
    }
    factory.setConnectionTimeout(2_000);
    factory.setAutomaticRecoveryEnabled(false);
    return factory.newConnection("millrace-backlog");
  }

  private long inQueue(String url) {
    try {
      Map<QueueAttributeName, String> attributes =
          sqs.getQueueAttributes(
                  request ->
                      request
                          .queueUrl(url)
                          .attributeNames(
                              QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES,
                              QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES_NOT_VISIBLE,
                              QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES_DELAYED))
              .attributes();
      return attributes.values().stream().mapToLong(Long::parseLong).sum();
    } catch (SdkException e) {
      throw new EnvironmentFailure("SQS does not say what waits: " + e.getMessage(), e);
    }
  }

  /** Objects lie in the bucket's folder as plain files, each with a file of metadata beside it. */
  private long files() {
    return List.of(ObjectPrefixes.EVENTS, ObjectPrefixes.FAILED).stream()
        .mapToLong(prefix -> filesBelow(endpoints.objects().resolve(prefix)))
        .sum();
  }

  static long filesBelow(Path folder) {
    try (Stream<Path> all = Files.walk(folder)) {
      return all.filter(
              file -> !file.toString().endsWith(".meta.json") && Files.isRegularFile(file))
          .count();
    } catch (NoSuchFileException e) {
      return 0;
    } catch (UncheckedIOException e) {
      if (e.getCause() instanceof NoSuchFileException) {
        return 0; // written under another name while we looked: the next look counts it
      }
      throw e;
    } catch (IOException e) {
      throw new EnvironmentFailure("the bucket's folder cannot be read: " + e.getMessage(), e);
    }
  }

  private long filesLoaded() {
    try {
      return warehouse
          .query("select count(distinct file) from load_history where status <> 'LOADING'")
          .count();
    } catch (WarehouseException e) {
      return 0; // the pipes have not made their table yet
    }
  }

  @Override
  public void close() {
    sqs.close();
    warehouse.close();
  }
}

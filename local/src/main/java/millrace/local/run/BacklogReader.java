package millrace.local.run;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import millrace.core.failed.MillraceFailure.EnvironmentFailure;
import millrace.core.names.Names;
import millrace.core.names.ObjectPrefixes;
import millrace.local.aws.EmulatorClients;
import millrace.local.state.Endpoints;
import millrace.local.warehouse.WarehouseClient;
import millrace.local.warehouse.WarehouseException;
import software.amazon.awssdk.services.sqs.SqsClient;

/** Looks at the stores between the steps of a run: each figure comes from the store itself. */
public final class BacklogReader implements AutoCloseable {
  private final Endpoints endpoints;
  private final SqsClient sqs;
  private final QueueDepth queues;
  private final WarehouseClient warehouse;

  public BacklogReader(Endpoints endpoints) {
    this.endpoints = endpoints;
    this.sqs = EmulatorClients.of(endpoints).sqs();
    this.queues = new QueueDepth(sqs, endpoints.queueUrl(), endpoints.deadLetterQueueUrl());
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
    return new Backlog(broker(), queues.batches(), queues.deadLetters(), files(), filesLoaded());
  }

  /** Messages that wait in the broker. */
  private long broker() {
    try (BrokerDepth depth =
        BrokerDepth.connect(endpoints.amqpUrl(), LocalQueues.ofRun(endpoints.objects()).names())) {
      return depth.messages();
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

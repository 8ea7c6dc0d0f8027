package millrace.local.run;

import static org.assertj.core.api.Assertions.assertThat;

import com.rabbitmq.client.ConnectionFactory;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import millrace.core.names.Names;
import millrace.local.aws.EmulatorClients;
import millrace.local.deploy.CloudAssembly;
import millrace.local.deploy.CloudAssembly.StackArtifact;
import millrace.local.process.Supervisor;
import millrace.local.state.Checkout;
import millrace.local.state.StateFolder;
import millrace.local.warehouse.WarehouseClient;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.sqs.SqsClient;

/** Two checkouts run at the same time: what one stores, the other does not see. */
class TwoCheckoutsIT {
  private static final String DATABASE = "MILLRACE_DEV";

  @TempDir Path folder;

  /** The stores of a run, without what moves events between them. */
  private static final class Stores implements AutoCloseable {
    private final StateFolder state;
    private final Supervisor supervisor;
    private final PipelinePorts ports;
    private final Components components;
    private final StackArtifact stack;

    Stores(Path state) throws Exception {
      Checkout checkout = Checkout.find(System.getenv(), Path.of("").toAbsolutePath());
      this.state = StateFolder.open(state, "test");
      stack = CloudAssembly.read(checkout.assembly()).stack(Names.of("dev").dataStack());
      ports = PipelinePorts.choose(this.state);
      components =
          new Components(checkout, this.state, PipelineOptions.kept("parquet"), ports, stack);
      supervisor = new Supervisor(this.state, sentence -> {});
    }

    void start() {
      supervisor.start(components.ministack());
      supervisor.start(components.broker());
      supervisor.start(components.warehouse());
    }

    SqsClient sqs() {
      return new EmulatorClients(components.awsEndpoint(), stack.region(), stack.account()).sqs();
    }

    WarehouseClient warehouse() {
      return new WarehouseClient(
          URI.create("http://127.0.0.1:" + ports.warehouse()), DATABASE, "RAW");
    }

    /** Whether a queue of this name is there. */
    boolean brokerHas(String queue) throws Exception {
      var factory = new ConnectionFactory();
      factory.setUri(components.amqpUrl());
      try (var connection = factory.newConnection();
          var channel = connection.createChannel()) {
        channel.queueDeclarePassive(queue);
        return true;
      } catch (java.io.IOException notFound) {
        return false;
      }
    }

    void declare(String queue) throws Exception {
      var factory = new ConnectionFactory();
      factory.setUri(components.amqpUrl());
      try (var connection = factory.newConnection();
          var channel = connection.createChannel()) {
        channel.queueDeclare(queue, true, false, false, null);
      }
    }

    List<Integer> ports() {
      return List.of(ports.ministack(), ports.lambda(), ports.broker(), ports.warehouse());
    }

    @Override
    public void close() {
      supervisor.close();
      state.close();
    }
  }

  @Test
  void twoCheckoutsShareNeitherPortsNorFilesNorNames() throws Exception {
    try (Stores one = new Stores(folder.resolve("one"));
        Stores other = new Stores(folder.resolve("other"));
        Parallel parallel = new Parallel()) {
      var first = parallel.start(() -> started(one));
      var second = parallel.start(() -> started(other));
      first.join();
      second.join();

      assertThat(Stream.of(one, other).flatMap(each -> each.ports().stream()))
          .doesNotHaveDuplicates();
      one.declare("mine");
      assertThat(one.brokerHas("mine")).isTrue();
      assertThat(other.brokerHas("mine")).isFalse();
      try (SqsClient mine = one.sqs();
          SqsClient theirs = other.sqs()) {
        String url = mine.createQueue(request -> request.queueName("mine")).queueUrl();
        var unused = mine.sendMessage(request -> request.queueUrl(url).messageBody("m"));
        assertThat(mine.listQueues().queueUrls()).containsExactly(url);
        assertThat(theirs.listQueues().queueUrls()).isEmpty();
      }
      try (WarehouseClient mine = one.warehouse();
          WarehouseClient theirs = other.warehouse()) {
        for (WarehouseClient each : List.of(mine, theirs)) {
          var unused = each.query("create database if not exists " + DATABASE);
          unused = each.query("create schema if not exists " + DATABASE + ".RAW");
          unused = each.query("create table raw.t as select '" + (each == mine) + "' as mine");
        }
        assertThat(mine.query("select mine from raw.t").single()).isEqualTo("true");
        assertThat(theirs.query("select mine from raw.t").single()).isEqualTo("false");
      }
      for (String mine :
          List.of("aws/queues/mine", "broker", "warehouse", "tmp/warehouse", "logs/broker.log")) {
        assertThat(folder.resolve("one").resolve(mine)).exists();
      }
      assertThat(folder.resolve("other/aws/queues/mine")).doesNotExist();
      try (Stream<Path> temporary = Files.list(folder.resolve("one/tmp/warehouse"))) {
        assertThat(temporary).as("what the warehouse would leave in /tmp").isNotEmpty();
      }
    }
  }

  private static boolean started(Stores stores) {
    stores.start();
    return true;
  }
}

package millrace.local.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.protobuf.ByteString;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import millrace.aws.Emulator;
import millrace.core.batch.BatchBody;
import millrace.core.batch.BatchFrame;
import millrace.core.batch.FrameLimits;
import millrace.event.v1.Event;
import millrace.rabbitmq.BrokerAddress;
import millrace.rabbitmq.BrokerHarness;
import millrace.rabbitmq.QueueSettings;
import millrace.rabbitmq.RabbitServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceAccessMode;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.Message;

/** The consumer as a process, killed where it hurts: nothing is lost and repeats are bounded. */
// the emulator's credentials
@ResourceLock(value = Resources.SYSTEM_PROPERTIES, mode = ResourceAccessMode.READ)
class ConsumerKillIT {
  private static final SqsClient SQS = Emulator.get().clients().sqs();
  private static final int EVENTS = 1_500;
  private static final int PREFETCH = 200;
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  enum Broker {
    RABBITMQ,
    QPID
  }

  @TempDir Path folder;

  private final String bucket = Emulator.get().bucket("kill");
  private final String queueUrl =
      SQS.createQueue(q -> q.queueName(Emulator.uniqueName("kill"))).queueUrl();
  private final QueueSettings settings = BrokerHarness.settings(PREFETCH, 32 << 20, 100);
  private final Set<String> arrived = new HashSet<>();
  private final List<AutoCloseable> open = new ArrayList<>();
  private int arrivals;

  @AfterEach
  void close() throws Exception {
    for (AutoCloseable each : open.reversed()) {
      each.close();
    }
  }

  @ParameterizedTest
  @EnumSource
  void death_between_acceptance_and_acknowledgement_repeats_and_does_not_lose(Broker kind)
      throws Exception {
    String amqpUrl = start(kind);
    Set<String> published = publish(harness(amqpUrl), EVENTS);

    Process first = consumer(amqpUrl);
    assertThat(first.waitFor(60, TimeUnit.SECONDS)).as("halts by itself").isTrue();
    assertThat(first.exitValue()).isEqualTo(137);
    Process second = consumer(amqpUrl);
    readUntilAllArrived(published);
    stop(second);
    readAll();

    assertThat(arrived).isEqualTo(published);
    assertThat(arrivals - EVENTS)
        .as("repeats: the batches that were accepted and not acknowledged")
        .isBetween(1, PREFETCH);
  }

  @ParameterizedTest
  @EnumSource
  void kills_at_any_moment_repeat_at_most_a_prefetch_each(Broker kind) throws Exception {
    String amqpUrl = start(kind);
    BrokerHarness harness = harness(amqpUrl);
    Set<String> published = publish(harness, EVENTS);
    Files.createFile(folder.resolve("halted"));

    int kills = 2;
    for (int i = 1; i <= kills; i++) {
      Process consumer = consumer(amqpUrl);
      int enough = Math.min(EVENTS - 1, arrived.size() + 200 * i);
      await(() -> readSome() && arrived.size() >= enough);
      consumer.destroyForcibly().waitFor();
    }
    Process last = consumer(amqpUrl);
    readUntilAllArrived(published);
    stop(last);
    readAll();

    assertThat(arrived).isEqualTo(published);
    assertThat(arrivals - EVENTS).isBetween(0, kills * PREFETCH);
    assertThat(harness.deadLetters()).as("healthy events in the dead letters").isZero();
  }

  @Test
  void a_broker_that_is_killed_and_comes_back_loses_nothing() throws Exception {
    assumeTrue(RabbitServer.get().isPresent(), RabbitServer.ABSENT);
    RabbitServer server = RabbitServer.get().orElseThrow();
    assumeTrue(server.isLocal(), "kills the installed server");
    Set<String> published = publish(harness(server.amqpUrl()), EVENTS);
    Files.createFile(folder.resolve("halted"));

    Process consumer = consumer(server.amqpUrl());
    await(() -> readSome() && arrived.size() > 300);
    server.kill();
    server.launch();
    readUntilAllArrived(published);
    stop(consumer);
    readAll();

    assertThat(arrived).isEqualTo(published);
    assertThat(arrivals - EVENTS).isBetween(0, PREFETCH);
  }

  @Test
  void the_health_check_says_whether_the_consumer_lives() throws Exception {
    String amqpUrl = start(Broker.QPID);
    assertThat(health(amqpUrl)).as("before it runs").isEqualTo(1);

    Process consumer = consumer(amqpUrl);
    await(() -> Files.exists(folder.resolve("heartbeat")));
    assertThat(health(amqpUrl)).isZero();

    stop(consumer);
  }

  @Test
  void a_configuration_that_cannot_work_ends_with_2_and_says_all_of_it() throws Exception {
    ProcessBuilder builder = command(List.of());
    builder.environment().keySet().removeIf(k -> k.startsWith("MILLRACE_"));
    Process process = builder.redirectError(folder.resolve("log").toFile()).start();

    assertThat(process.waitFor()).isEqualTo(2);
    assertThat(Files.readString(folder.resolve("log")))
        .contains("MILLRACE_BUCKET: missing")
        .contains("MILLRACE_CONSUMER_QUEUES: missing");
  }

  private String start(Broker kind) {
    if (kind == Broker.QPID) {
      LocalBroker broker = LocalBroker.start(0, null);
      open.add(broker);
      return broker.amqpUrl();
    }
    assumeTrue(RabbitServer.get().isPresent(), RabbitServer.ABSENT);
    return RabbitServer.get().orElseThrow().amqpUrl();
  }

  private BrokerHarness harness(String amqpUrl) {
    var harness = new BrokerHarness(BrokerAddress.parse(amqpUrl), settings);
    open.add(harness);
    return harness;
  }

  private static Set<String> publish(BrokerHarness harness, int count) {
    List<Event> events =
        IntStream.range(0, count)
            .mapToObj(
                i ->
                    Event.newBuilder()
                        .setId("e" + i)
                        .setSource("orders")
                        .setType("orders.v1.OrderCreated")
                        .setPayload(ByteString.copyFromUtf8("payload " + i))
                        .build())
            .toList();
    harness.publishAll(events);
    return events.stream().map(Event::getId).collect(Collectors.toSet());
  }

  private Process consumer(String amqpUrl) throws IOException {
    ProcessBuilder builder = command(List.of());
    builder.environment().putAll(environment(amqpUrl));
    Process process =
        builder
            .redirectError(
                ProcessBuilder.Redirect.appendTo(folder.resolve("consumer.log").toFile()))
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    open.add(process::destroyForcibly);
    return process;
  }

  private int health(String amqpUrl) throws Exception {
    ProcessBuilder builder = command(List.of("--health"));
    builder.environment().putAll(environment(amqpUrl));
    return builder.inheritIO().start().waitFor();
  }

  private Map<String, String> environment(String amqpUrl) {
    var environment = new java.util.HashMap<>(Emulator.get().environment());
    environment.putAll(
        Map.of(
            "MILLRACE_ENV",
            "dev",
            "MILLRACE_BUCKET",
            bucket,
            "MILLRACE_QUEUE_URL",
            queueUrl,
            "MILLRACE_AMQP_URL",
            amqpUrl,
            "MILLRACE_CONSUMER_QUEUES",
            settings.queue() + "=orders:" + settings.routingKey(),
            "MILLRACE_CONSUMER_PREFETCH",
            Integer.toString(PREFETCH),
            "MILLRACE_CONSUMER_BATCH_EVENTS",
            "50",
            "MILLRACE_CONSUMER_BATCH_AGE",
            "200ms",
            "MILLRACE_CONSUMER_HEARTBEAT_FILE",
            folder.resolve("heartbeat").toString(),
            "MILLRACE_HALT_AFTER_ACCEPT",
            folder.resolve("halted").toString()));
    return environment;
  }

  private static ProcessBuilder command(List<String> arguments) {
    String classPath =
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    var command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Xmx256m",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                classPath,
                "millrace.consumer.ConsumerMain"));
    command.addAll(arguments);
    return new ProcessBuilder(command);
  }

  private static void stop(Process consumer) throws Exception {
    consumer.destroy();
    assertThat(consumer.waitFor(60, TimeUnit.SECONDS)).as("ends on SIGTERM").isTrue();
    assertThat(consumer.exitValue()).as("drained").isZero();
  }

  private void readUntilAllArrived(Set<String> published) {
    await(() -> readSome() && arrived.containsAll(published));
  }

  private void readAll() throws Exception {
    int empty = 0;
    while (empty < 3) {
      int before = arrivals;
      readSome();
      empty = arrivals == before ? empty + 1 : 0;
    }
  }

  /** Always true. */
  private boolean readSome() {
    List<Message> messages =
        SQS.receiveMessage(r -> r.queueUrl(queueUrl).maxNumberOfMessages(10)).messages();
    for (Message message : messages) {
      try {
        var body = (BatchBody.Inline) BatchBody.parse(message.body());
        for (Event event : BatchFrame.decode(body.frame(), FrameLimits.QUEUE).events()) {
          arrived.add(event.getId());
          arrivals++;
        }
      } catch (Exception bad) {
        throw new AssertionError("not a batch", bad);
      }
      SQS.deleteMessage(d -> d.queueUrl(queueUrl).receiptHandle(message.receiptHandle()));
    }
    return true;
  }

  private void await(BooleanSupplier condition) {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > deadline) {
        throw new AssertionError("gave up with " + arrived.size() + " events:\n" + log());
      }
    }
  }

  private String log() {
    try {
      return Files.readString(folder.resolve("consumer.log"));
    } catch (IOException none) {
      return "no log";
    }
  }
}

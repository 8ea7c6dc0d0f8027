package millrace.consumer;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import millrace.aws.AwsClients;
import millrace.aws.S3ObjectStore;
import millrace.aws.SecretsManagerSecrets;
import millrace.aws.SqsBatchQueue;
import millrace.aws.log.LibraryLogs;
import millrace.core.config.SecretSource;
import millrace.core.failed.MillraceFailure;
import millrace.core.failed.MillraceFailure.SetupFailure;
import millrace.core.log.Log;
import millrace.core.receive.DeliveryQueue;
import millrace.rabbitmq.BrokerAddress;
import millrace.rabbitmq.RabbitDeliveryQueue;

/**
 * The consumer as a process; see {@link ConsumerConfig} for its environment. {@code --health} says
 * by its exit code whether another one is alive.
 *
 * <p>Exit codes: 0 stopped and drained; 1 broker, SQS or S3 lost, everything unacknowledged is with
 * the broker; 2 set-up. One JSON line on standard output says that all queues are open, all others
 * go to standard error.
 */
public final class ConsumerMain {
  /** What closing connections may take after the time for draining is over. */
  private static final int GRACE_SECONDS = 4;

  private ConsumerMain() {}

  public static void main(String[] arguments) throws InterruptedException {
    var log = new Log(Consumer.STEP, System.err::println, InstantSource.system());
    LibraryLogs.into(() -> log);
    try {
      ConsumerConfig config = ConsumerConfig.of(System.getenv());
      if (List.of(arguments).equals(List.of("--health"))) {
        System.exit(
            Heartbeat.healthy(config.heartbeat(), InstantSource.system().instant()) ? 0 : 1);
      } else if (arguments.length > 0) {
        throw new SetupFailure("usage: ConsumerMain [--health]");
      }
      Runtime.getRuntime().halt(run(config, log));
    } catch (SetupFailure failure) {
      log.error(String.valueOf(failure.getMessage()));
      System.exit(Consumer.SETUP);
    } catch (MillraceFailure failure) {
      log.error(String.valueOf(failure.getMessage()));
      System.exit(Consumer.ENVIRONMENT_LOST);
    }
  }

  private static int run(ConsumerConfig config, Log log) throws InterruptedException {
    var aws = AwsClients.of(System.getenv());
    BrokerAddress broker =
        config
            .brokerSecret()
            .map(
                name ->
                    credentials(
                        config.broker(), new SecretsManagerSecrets(aws.secretsManager()), name))
            .orElse(config.broker());
    var consumer =
        new Consumer(
            config,
            new S3ObjectStore(aws.s3(), config.bucket()),
            new SqsBatchQueue(aws.sqs(), config.queueUrl()),
            InstantSource.system(),
            log);
    var ended = new CountDownLatch(1);
    var exitCode = new int[] {Consumer.ENVIRONMENT_LOST};
    Runtime.getRuntime()
        .addShutdownHook(new Thread(() -> drain(consumer, config, ended, exitCode), "stop"));
    List<DeliveryQueue> queues =
        config.queues().stream()
            .<DeliveryQueue>map(q -> new RabbitDeliveryQueue(broker, q, InstantSource.system()))
            .toList();
    exitCode[0] = consumer.run(queues, () -> sayReady(queues.size()));
    ended.countDown();
    return exitCode[0];
  }

  /** What is published before has no queue to go to, and the broker refuses it. */
  private static void sayReady(int queues) {
    System.out.println("{\"ready\":true,\"queues\":" + queues + "}");
    System.out.flush();
  }

  /** On SIGTERM. A JVM that ends by a signal says 143; halting says how the draining went. */
  private static void drain(
      Consumer consumer, ConsumerConfig config, CountDownLatch ended, int[] exitCode) {
    consumer.stop();
    try {
      if (!ended.await(config.stopTimeout().toSeconds() + GRACE_SECONDS, TimeUnit.SECONDS)) {
        Runtime.getRuntime().halt(Consumer.ENVIRONMENT_LOST);
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
    Runtime.getRuntime().halt(exitCode[0]);
  }

  /** A secret as Secrets Manager writes it for brokers: JSON with username and password. */
  static BrokerAddress credentials(BrokerAddress broker, SecretSource secrets, String name) {
    Map<String, String> values = new HashMap<>();
    try (JsonParser json = new JsonFactory().createParser(secrets.secret(name))) {
      json.nextToken();
      while (json.nextToken() == JsonToken.FIELD_NAME) {
        String field = json.currentName();
        if (json.nextToken().isScalarValue()) {
          values.put(field, json.getText());
        } else {
          json.skipChildren();
        }
      }
    } catch (IOException notJson) {
      // its message would quote the secret
      throw new SetupFailure("secret " + name + " is not JSON");
    }
    String user = values.get("username");
    String password = values.get("password");
    if (user == null || password == null) {
      throw new SetupFailure("secret " + name + " needs username and password");
    }
    return broker.withCredentials(user, password);
  }
}

package millrace.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.protobuf.ByteString;
import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.spi.ToolProvider;
import millrace.aws.Emulator;
import millrace.core.batch.BatchBody;
import millrace.core.batch.BatchFrame;
import millrace.core.batch.FrameLimits;
import millrace.core.names.ConsumerImage;
import millrace.event.v1.Event;
import millrace.local.broker.LocalBroker;
import millrace.rabbitmq.BrokerAddress;
import millrace.rabbitmq.BrokerHarness;
import millrace.rabbitmq.QueueSettings;
import org.cyclonedx.Version;
import org.cyclonedx.parsers.JsonParser;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.Message;

/** The image as it is on scratch: unpacked, looked at, and run with nothing else around it. */
@EnabledOnOs(value = OS.LINUX, disabledReason = "the image takes this machine's libraries")
class ImageIT {
  private static final Path ROOT = Path.of(System.getenv("MILLRACE_HOME"));
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @TempDir private static Path folder;
  private static UnpackedImage image;
  private static ImageBuild.Made made;

  @BeforeAll
  static void build() throws Exception {
    Path tar = ROOT.resolve("functions/image/target/millrace-consumer.tar");
    made = new ImageBuild(ROOT, false, () -> "", line -> {}).run(ImageRequest.of(Map.of(), tar));
    image = new UnpackedImage(tar, folder);
    System.out.println(tar + ": " + made.bytes() + " bytes, " + made.digest());
  }

  @Test
  void the_image_starts_the_consumer_in_exec_form_as_a_user_that_is_not_root() {
    JsonNode config = image.config().get("config");

    assertThat(config.get("User").textValue()).isEqualTo("65532:65532");
    var entryPoint = new ArrayList<String>();
    config.get("Entrypoint").forEach(word -> entryPoint.add(word.textValue()));
    assertThat(entryPoint)
        .isEqualTo(ConsumerImage.entryPoint())
        .startsWith("java")
        .endsWith("millrace.consumer.ConsumerMain");
    assertThat(image.config().get("architecture").textValue())
        .isEqualTo(ImageBuild.ownArchitecture());
  }

  @Test
  void there_is_no_shell_no_package_manager_and_no_other_jar_than_the_consumer_needs()
      throws IOException {
    assertThat(image.files())
        .noneMatch(file -> file.matches(".*/(sh|bash|busybox|apt|apk|dpkg|javac|keytool|jcmd)"))
        .noneMatch(file -> file.matches("/app/libs/(dynamodb|kms|protovalidate|cel|guava|junit).*"))
        .noneMatch(
            file -> file.matches("/app/libs/(netty|apache-client|httpclient|cdk|parquet).*"));
    var jars = new TreeSet<String>();
    image.files().stream().filter(file -> file.startsWith("/app/libs/")).forEach(jars::add);
    String classPath = Files.readString(image.file(ConsumerImage.CLASS_PATH_FILE));
    assertThat(classPath.split(":")).containsExactlyInAnyOrderElementsOf(jars);
    assertThat(classPath).startsWith("/app/libs/millrace-consumer-");
  }

  @Test
  void every_service_module_of_the_sdk_is_called_by_the_consumer() throws IOException {
    assertThat(SdkModules.in(image.files().stream().filter(f -> f.endsWith(".jar")).toList()))
        .isEqualTo(
            SdkModules.calledBy(
                List.of(
                    ROOT.resolve("functions/consumer/target/classes"),
                    ROOT.resolve("functions/rabbitmq/target/classes"),
                    ROOT.resolve("functions/aws/target/classes/millrace/aws/S3ObjectStore.class"),
                    ROOT.resolve("functions/aws/target/classes/millrace/aws/SqsBatchQueue.class"),
                    ROOT.resolve(
                        "functions/aws/target/classes/millrace/aws/SecretsManagerSecrets.class"))));
  }

  @Test
  void nothing_may_be_written_but_tmp() throws IOException {
    for (String file : image.files()) {
      assertThat(Files.getPosixFilePermissions(image.file(file)))
          .as(file)
          .doesNotContain(PosixFilePermission.GROUP_WRITE, PosixFilePermission.OTHERS_WRITE);
    }
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(image.file("/tmp"))))
        .isEqualTo("rwxrwxrwx");
    assertThat(Files.size(image.file("/opt/java/lib/security/cacerts")))
        .as("a file and not the link that some JDKs have")
        .isGreaterThan(100_000);
  }

  @Test
  void the_bill_of_materials_is_valid_and_names_every_jar_and_native_library() throws Exception {
    byte[] bom = Files.readAllBytes(image.file(ConsumerImage.BOM));
    assertThat(new JsonParser().validate(bom, Version.VERSION_16)).isEmpty();

    var named = new TreeSet<String>();
    for (JsonNode component : JSON.readTree(bom).get("components")) {
      named.add(component.get("name").textValue());
    }
    for (String file : image.files()) {
      String name = file.substring(file.lastIndexOf('/') + 1);
      if (name.endsWith(".jar") && file.startsWith("/app") && !name.contains("consumer")) {
        assertThat(named).as(file).contains(name.replaceFirst("-[0-9].*", ""));
      } else if (name.contains(".so") && !file.startsWith("/opt/java")) {
        assertThat(named).as(file).contains(name);
      }
    }
    assertThat(named).contains("java");
  }

  @Test
  void the_runtime_has_the_modules_that_jdeps_finds() {
    ConsumerJars jars = ConsumerJars.built(ROOT);
    var said = new StringWriter();
    var print = new PrintWriter(said, true);
    var arguments =
        new ArrayList<>(
            List.of("--multi-release", "base", "--ignore-missing-deps", "--print-module-deps"));
    arguments.add("-q");
    arguments.add("--class-path");
    arguments.add(
        String.join(File.pathSeparator, jars.all().stream().map(Path::toString).toList()));
    jars.all().forEach(jar -> arguments.add(jar.toString()));

    int code =
        ToolProvider.findFirst("jdeps")
            .orElseThrow()
            .run(print, print, arguments.toArray(String[]::new));

    assertThat(code).as(said.toString()).isZero();
    var needed = new TreeSet<>(List.of(said.toString().strip().split(",")));
    // the AMQP client's JSON-RPC, which nothing of ours calls
    needed.remove("java.desktop");
    assertThat(needed).containsExactlyElementsOf(new TreeSet<>(LinkedRuntime.MODULES));
  }

  @Test
  void without_its_settings_the_entry_point_says_all_of_them_and_ends_with_2() throws Exception {
    assumeTrue(image.canBeRun(), "no process can have another root here");
    Process process =
        image.run(ConsumerImage.entryPoint(), Map.of()).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

    assertThat(process.waitFor()).as(said).isEqualTo(2);
    assertThat(said).contains("MILLRACE_BUCKET: missing").contains("MILLRACE_AMQP_URL: missing");
  }

  @Test
  void the_image_carries_events_from_a_broker_to_sqs_and_drains_when_it_is_stopped()
      throws Exception {
    assumeTrue(image.canBeRun(), "no process can have another root here");
    SqsClient sqs = Emulator.get().clients().sqs();
    String queueUrl = sqs.createQueue(q -> q.queueName(Emulator.uniqueName("image"))).queueUrl();
    QueueSettings settings = BrokerHarness.settings(100, 32 << 20, 100);
    try (var broker = LocalBroker.start(0, null);
        var harness = new BrokerHarness(BrokerAddress.parse(broker.amqpUrl()), settings)) {
      Map<String, String> environment = environment(broker.amqpUrl(), queueUrl, settings);
      for (int i = 0; i < 10; i++) {
        harness.publish(
            Event.newBuilder()
                .setId("e" + i)
                .setSource("orders")
                .setType("orders.v1.OrderCreated")
                .setPayload(ByteString.copyFromUtf8("payload " + i))
                .build());
      }
      Path log = folder.resolve("log");
      Process consumer =
          image
              .run(ConsumerImage.entryPoint(), environment)
              .redirectErrorStream(true)
              .redirectOutput(log.toFile())
              .start();
      try {
        var arrived = new TreeSet<String>();
        await(log, () -> arrived.addAll(receive(sqs, queueUrl)) && arrived.size() == 10);

        // the process's own view of its files
        Path process = Path.of("/proc", Long.toString(consumer.pid()));
        assertThat(Files.readString(process.resolve("maps")))
            .contains(ConsumerImage.ZSTD)
            .doesNotContain("/tmp/libzstd");
        assertThat(Files.exists(process.resolve("root/tmp/heartbeat"))).isTrue();
        if (System.getProperty("user.name").equals("root")) {
          assertThat(Files.readString(process.resolve("status"))).contains("Uid:\t65532\t65532");
        }
      } finally {
        consumer.destroy();
        assertThat(consumer.waitFor(60, TimeUnit.SECONDS)).isTrue();
      }
      assertThat(consumer.exitValue()).as(Files.readString(log)).isZero();
      assertThat(Files.readString(log)).contains("DRAINED");
    }
  }

  @Test
  void the_health_check_runs_without_a_shell_and_finds_no_life() throws Exception {
    assumeTrue(image.canBeRun(), "no process can have another root here");
    Map<String, String> environment =
        environment("amqp://u:p@127.0.0.1:1", "none", BrokerHarness.settings(1, 1 << 20, 1));

    Process health =
        image.run(ConsumerImage.healthCheck(), environment).redirectErrorStream(true).start();
    String said = new String(health.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

    assertThat(health.waitFor()).as(said).isEqualTo(1);
    assertThat(said).isEmpty();
  }

  private static Map<String, String> environment(
      String amqpUrl, String queueUrl, QueueSettings settings) {
    var environment = new HashMap<>(Emulator.get().environment());
    environment.putAll(
        Map.of(
            "MILLRACE_ENV", "dev",
            "MILLRACE_BUCKET", "none",
            "MILLRACE_QUEUE_URL", queueUrl,
            "MILLRACE_AMQP_URL", amqpUrl,
            "MILLRACE_CONSUMER_QUEUES", settings.queue() + "=orders:" + settings.routingKey(),
            "MILLRACE_CONSUMER_BATCH_AGE", "200ms",
            "MILLRACE_CONSUMER_HEARTBEAT_FILE", "/tmp/heartbeat"));
    return environment;
  }

  private static List<String> receive(SqsClient sqs, String queueUrl) {
    var ids = new ArrayList<String>();
    for (Message message :
        sqs.receiveMessage(r -> r.queueUrl(queueUrl).maxNumberOfMessages(10)).messages()) {
      try {
        var body = (BatchBody.Inline) BatchBody.parse(message.body());
        BatchFrame.decode(body.frame(), FrameLimits.QUEUE)
            .events()
            .forEach(event -> ids.add(event.getId()));
      } catch (Exception bad) {
        throw new AssertionError("not a batch", bad);
      }
      sqs.deleteMessage(d -> d.queueUrl(queueUrl).receiptHandle(message.receiptHandle()));
    }
    return ids;
  }

  private static void await(Path log, BooleanSupplier condition) throws IOException {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > deadline) {
        throw new AssertionError("gave up:\n" + Files.readString(log));
      }
    }
  }
}

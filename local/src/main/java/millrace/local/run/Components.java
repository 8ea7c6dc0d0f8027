package millrace.local.run;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import millrace.core.names.EnvironmentKeys;
import millrace.core.names.Names;
import millrace.local.aws.MiniStackCommand;
import millrace.local.deploy.CloudAssembly.StackArtifact;
import millrace.local.deploy.StackOutputs;
import millrace.local.process.ClassArchive;
import millrace.local.process.Component;
import millrace.local.process.JavaProcess;
import millrace.local.process.PythonProcess;
import millrace.local.state.Checkout;
import millrace.local.state.StateFolder;
import millrace.local.warehouse.WarehouseProcess;

/** How each child of the pipeline is started. Nothing here starts anything. */
final class Components {
  // Measured: what each needs at full speed with a million events, and some air.
  private static final int BROKER_HEAP = 256;
  private static final int CONSUMER_HEAP = 192;
  private static final int LAMBDA_HEAP = 512;

  private final Checkout checkout;
  private final StateFolder state;
  private final PipelineOptions options;
  private final PipelinePorts ports;
  private final StackArtifact stack;
  private final Names names;
  private final MiniStackCommand ministack;

  Components(
      Checkout checkout,
      StateFolder state,
      PipelineOptions options,
      PipelinePorts ports,
      StackArtifact stack) {
    this.checkout = checkout;
    this.state = state;
    this.options = options;
    this.ports = ports;
    this.stack = stack;
    this.names = Names.of(options.environment());
    this.ministack =
        new MiniStackCommand(
            state.folder("aws"),
            stack.account(),
            stack.region(),
            ports.ministack(),
            Map.of(names.writerFunction(), URI.create("http://127.0.0.1:" + ports.lambda() + "/")));
  }

  URI awsEndpoint() {
    return ministack.endpoint();
  }

  /** Folder that holds the bucket's objects. */
  Path objects(String bucket) {
    return ministack.objects(bucket);
  }

  /** URL of the broker, with user and virtual host. */
  URI amqpUrl() {
    return options
        .broker()
        .orElseGet(() -> URI.create("amqp://guest:guest@127.0.0.1:" + ports.broker() + "/%2F"));
  }

  Component ministack() {
    state.folder("aws/tmp");
    return Component.of(
            Pipeline.MINISTACK,
            ministack.data(),
            PythonProcess.command(
                checkout,
                ministack.endpoint().resolve("/_ministack/health").toString(),
                ports.ministack(),
                List.of("emulator")))
        .with(ministack.environment())
        .with(Map.of("PYTHONPATH", checkout.home().resolve("local").toString()));
  }

  Component broker() {
    List<String> arguments = new ArrayList<>(List.of("--port", Integer.toString(ports.broker())));
    if (options.keep()) {
      // What was confirmed to a publisher outlives a restart of the broker.
      arguments.addAll(List.of("--store", state.folder("broker").toString()));
    }
    return java(
        Pipeline.BROKER,
        BROKER_HEAP,
        kept(Pipeline.BROKER),
        "millrace.local.broker.BrokerMain",
        arguments,
        Map.of());
  }

  Component warehouse() {
    return WarehouseProcess.component(checkout, state, ports.warehouse());
  }

  /**
   * The Lambda host.
   *
   * @param function environment of the deployed function, so that the handler sees what
   *     infrastructure sets
   */
  Component lambda(Map<String, String> function) {
    Map<String, String> environment = new TreeMap<>(aws());
    environment.putAll(function);
    environment.put("AWS_LAMBDA_FUNCTION_NAME", names.writerFunction());
    return java(
        Pipeline.LAMBDA,
        LAMBDA_HEAP,
        kept(Pipeline.LAMBDA),
        "millrace.local.lambda.LambdaHostMain",
        List.of("--port", Integer.toString(ports.lambda()), "--handler", Names.WRITER_HANDLER),
        environment);
  }

  Component consumer(String bucket, String queueUrl, LocalQueues queues) {
    Map<String, String> environment = new TreeMap<>(aws());
    environment.put(EnvironmentKeys.ENVIRONMENT, options.environment());
    environment.put(EnvironmentKeys.BUCKET, bucket);
    environment.put(EnvironmentKeys.QUEUE_URL, queueUrl);
    environment.put(EnvironmentKeys.AMQP_URL, amqpUrl().toString());
    environment.put(EnvironmentKeys.CONSUMER_QUEUES, queues.consumerSetting());
    // A person waits: rather small files soon than large ones late.
    environment.put("MILLRACE_CONSUMER_BATCH_AGE", "1s");
    environment.put(
        "MILLRACE_CONSUMER_HEARTBEAT_FILE", state.path().resolve("consumer.heartbeat").toString());
    return java(
            Pipeline.CONSUMER,
            CONSUMER_HEAP,
            // It halts at its end; the demo speaks to broker and queue with the same libraries.
            ClassArchive.of(checkout.classArchives(), "demo", JavaProcess.classPath()),
            "millrace.consumer.ConsumerMain",
            List.of(),
            environment)
        .onFirstStart(options.consumerFirstStart())
        .stopWithin(Duration.ofSeconds(30));
  }

  Component pipes(StackOutputs outputs) {
    Map<String, String> environment = new TreeMap<>(aws());
    environment.put("PYTHONPATH", checkout.home().resolve("local").toString());
    return Component.of(
            Pipeline.PIPES,
            checkout.home(),
            PythonProcess.command(
                checkout,
                List.of(
                    "warehouse",
                    "pipes",
                    "--warehouse-port",
                    Integer.toString(ports.warehouse()),
                    "--aws-endpoint",
                    awsEndpoint().toString(),
                    "--topic-arn",
                    outputs.topicArn(),
                    "--objects",
                    ministack.data().resolve("s3").toString())))
        .with(environment);
  }

  /** Credentials of the emulator; it takes the account from the access key. */
  Map<String, String> aws() {
    return Map.of(
        EnvironmentKeys.ENDPOINT,
        awsEndpoint().toString(),
        EnvironmentKeys.REGION,
        stack.region(),
        "AWS_DEFAULT_REGION",
        stack.region(),
        "AWS_ACCESS_KEY_ID",
        stack.account(),
        "AWS_SECRET_ACCESS_KEY",
        "emulator",
        "AWS_EC2_METADATA_DISABLED",
        "true");
  }

  private ClassArchive kept(String name) {
    return ClassArchive.kept(checkout.classArchives(), name, JavaProcess.classPath());
  }

  private Component java(
      String name,
      int heapMegabytes,
      ClassArchive archive,
      String main,
      List<String> arguments,
      Map<String, String> environment) {
    return Component.of(
            name,
            state.path(), // libraries leave files where they run
            JavaProcess.command(checkout.java(), heapMegabytes, archive, main, arguments))
        .with(environment);
  }
}

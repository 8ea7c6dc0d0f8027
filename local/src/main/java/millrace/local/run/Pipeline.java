package millrace.local.run;

import java.math.BigInteger;
import java.net.URI;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import millrace.core.failed.MillraceFailure.SetupFailure;
import millrace.core.names.Names;
import millrace.local.Progress;
import millrace.local.aws.EmulatorClients;
import millrace.local.aws.EmulatorState;
import millrace.local.deploy.AssemblyDeployer;
import millrace.local.deploy.CloudAssembly;
import millrace.local.deploy.CloudAssembly.StackArtifact;
import millrace.local.deploy.DeployException;
import millrace.local.deploy.StackOutputs;
import millrace.local.model.Dbt;
import millrace.local.process.Component;
import millrace.local.process.Shutdown;
import millrace.local.process.Supervisor;
import millrace.local.release.MigratedWarehouse;
import millrace.local.release.WarehouseMigrations;
import millrace.local.state.Checkout;
import millrace.local.state.Endpoints;
import millrace.local.state.FileTrees;
import millrace.local.state.RunSettings;
import millrace.local.state.StateFolder;
import millrace.local.warehouse.WarehouseClient;
import millrace.local.warehouse.WarehouseProcess;
import software.amazon.awssdk.services.lambda.LambdaClient;

/**
 * The whole path on one machine: the synthesized stack on MiniStack, the consumer and the writer of
 * the cloud, and the stand-ins of broker, warehouse and Snowpipe. Everything starts as soon as what
 * it needs is there.
 */
public final class Pipeline implements AutoCloseable {
  public static final String MINISTACK = "ministack";
  public static final String LAMBDA = "lambda";
  public static final String BROKER = "broker";
  public static final String CONSUMER = "consumer";
  public static final String WAREHOUSE = "warehouse";
  public static final String PIPES = "pipes";

  /** File of the ports that a run would like to have again. */
  public static final String PORTS = PipelinePorts.FILE;

  private static final Duration DEPLOY_PATIENCE = Duration.ofSeconds(60);

  private final Checkout checkout;
  private final StateFolder state;
  private final PipelineOptions options;
  private final Names names;
  private final StackArtifact stack;
  private final Progress progress;
  private final PipelinePorts ports;
  private final Components components;
  private final Supervisor supervisor;
  private final CountDownLatch stopAsked = new CountDownLatch(1);
  private volatile LocalQueues queues = new LocalQueues(List.of());
  private final Control control;
  private final Endpoints endpoints;

  private Pipeline(
      Checkout checkout, StateFolder state, PipelineOptions options, Progress progress) {
    this.checkout = checkout;
    this.state = state;
    this.options = options;
    this.progress = progress;
    this.names = Names.of(options.environment());
    this.stack = assembled(checkout, names);
    this.ports = PipelinePorts.choose(state);
    this.components = new Components(checkout, state, options, ports, stack);
    this.supervisor = new Supervisor(state, progress);
    this.control = new Control(new BigInteger(160, new SecureRandom()).toString(36));
    // From the first child on, whatever ends this process ends the children too.
    Shutdown.onEnd(this::close);
    try {
      this.endpoints = startAll().withControl(control.url(), control.token());
    } catch (RuntimeException e) {
      close();
      throw e;
    }
    control.onGet("/components", supervisor::statuses);
    control.onPost("/contracts", nothing -> followContracts());
    control.onPost("/drain", seconds -> drain(Duration.ofSeconds(Long.parseLong(seconds))));
    control.onPost(
        "/stop",
        nothing -> {
          stopAsked.countDown();
          return Map.of();
        });
    state.writePrivately(Endpoints.FILE, endpoints.toJson());
  }

  private static StackArtifact assembled(Checkout checkout, Names names) {
    try {
      return CloudAssembly.read(checkout.assembly()).stack(names.dataStack());
    } catch (DeployException e) {
      throw new SetupFailure(String.valueOf(e.getMessage()), e);
    }
  }

  /**
   * Starts everything and returns when events can be published.
   *
   * @param state folder that this process holds; it stays open when the pipeline is closed
   * @throws SetupFailure when a part does not start; nothing is left running then
   */
  public static Pipeline start(
      Checkout checkout, StateFolder state, PipelineOptions options, Progress progress) {
    checkout.requirePython();
    new RunSettings(options.environment(), options.format()).agreeWith(state);
    return new Pipeline(checkout, state, options, progress);
  }

  private Endpoints startAll() {
    try (Parallel parallel = new Parallel()) {
      var broker = parallel.start(this::startBroker);
      var deployed = parallel.start(this::startMiniStackAndDeploy);
      var warehouse = parallel.start(() -> startWarehouse(deployed.join()));
      var lambda = parallel.start(() -> startLambda(deployed.join()));
      var consumer =
          parallel.start(
              () -> {
                StackOutputs outputs = deployed.join();
                broker.join();
                queues = LocalQueues.ofRun(components.objects(outputs.bucketName()));
                return start(components.consumer(outputs.bucketName(), outputs.queueUrl(), queues));
              });
      var pipes =
          parallel.start(
              () -> {
                warehouse.join();
                return start(components.pipes(deployed.join()));
              });
      try {
        lambda.join();
        consumer.join();
        pipes.join();
        EmulatorState.save(components.awsEndpoint());
        return endpoints(deployed.join());
      } catch (RuntimeException e) {
        supervisor.close(); // what still waits for a ready line fails now
        throw e;
      }
    }
  }

  private boolean start(Component component) {
    supervisor.start(component);
    progress.say(component.name() + ": ready");
    return true;
  }

  private boolean startBroker() {
    if (options.broker().isPresent()) {
      progress.say("broker: yours, at " + AmqpUrls.withoutPassword(options.broker().get()));
      return true;
    }
    return start(components.broker());
  }

  /** The warehouse with every migration applied, by a copy where this run begins with nothing. */
  private boolean startWarehouse(StackOutputs outputs) {
    var migrations =
        new WarehouseMigrations(
            checkout,
            checkout.home().resolve("snowflake/migrations"),
            options.environment(),
            stack.account(),
            outputs.bucketName(),
            outputs.topicArn(),
            options.format());
    Path data = WarehouseProcess.data(state);
    boolean empty = FileTrees.isEmpty(data);
    MigratedWarehouse migrated = MigratedWarehouse.of(migrations);
    if (empty && migrated.copyTo(data)) {
      start(components.warehouse());
      progress.say("warehouse: has the migrations, by a copy from an earlier run");
      return true;
    }
    start(components.warehouse());
    migrations.apply(ports.warehouse(), state.log("migrations"));
    progress.say("warehouse: migrations applied");
    if (empty) {
      try (WarehouseClient client = warehouse("PUBLIC")) {
        client.checkpoint();
      }
      migrated.keep(data);
    }
    return true;
  }

  private StackOutputs startMiniStackAndDeploy() {
    supervisor.start(components.ministack(), this::afterMiniStackDied);
    progress.say(MINISTACK + ": ready");
    return deploy();
  }

  /**
   * It has its objects, its messages and the state that was saved; only a file that was stored in
   * its last moment may have been announced to nobody.
   */
  private void afterMiniStackDied() {
    try {
      int missed = new MissedFiles(clients(), stack.region(), deploy(), names, ports).announce();
      progress.say("pipes: " + missed + " files announced again");
    } catch (RuntimeException e) {
      progress.say(
          "stack: "
              + e.getMessage()
              + "; nothing is lost, ./millrace down and ./millrace up go on with it");
    }
  }

  private StackOutputs deploy() {
    try {
      StackOutputs outputs =
          new AssemblyDeployer(components.awsEndpoint(), DEPLOY_PATIENCE, sentence -> {})
              .deploy(
                  checkout.assembly(), names.dataStack(), Map.of("EventFormat", options.format()));
      EmulatorState.save(components.awsEndpoint()); // before anything is stored in it
      progress.say("stack: " + names.dataStack() + " deployed");
      return outputs;
    } catch (DeployException e) {
      throw new SetupFailure(
          e.getMessage()
              + " If an earlier start was cut off here, ./millrace reset --state "
              + state.path().getFileName()
              + " starts over.",
          e);
    }
  }

  private boolean startLambda(StackOutputs outputs) {
    return start(components.lambda(deployedEnvironment(outputs.writerName())));
  }

  /** A function's environment as the template sets it, with every reference resolved. */
  private Map<String, String> deployedEnvironment(String function) {
    try (LambdaClient lambda = clients().lambda()) {
      return lambda
          .getFunctionConfiguration(request -> request.functionName(function))
          .environment()
          .variables();
    }
  }

  private EmulatorClients clients() {
    return new EmulatorClients(components.awsEndpoint(), stack.region(), stack.account());
  }

  private Endpoints endpoints(StackOutputs outputs) {
    return new Endpoints(
        options.environment(),
        ProcessHandle.current().pid(),
        "",
        "",
        components.amqpUrl().toString(),
        components.awsEndpoint().toString(),
        stack.region(),
        stack.account(),
        outputs.bucketName(),
        outputs.queueUrl(),
        outputs.deadLetterQueueUrl(),
        outputs.topicArn(),
        outputs.writerName(),
        components.objects(outputs.bucketName()),
        ports.warehouse());
  }

  public Endpoints endpoints() {
    return endpoints;
  }

  public StateFolder state() {
    return state;
  }

  public PipelineOptions options() {
    return options;
  }

  /** The children: their state, their memory, and a way to kill one. */
  public Supervisor supervisor() {
    return supervisor;
  }

  /** A client whose statements see one schema without naming it, such as {@code marts}. */
  public WarehouseClient warehouse(String schema) {
    return new WarehouseClient(
        URI.create("http://127.0.0.1:" + ports.warehouse()), names.database(), schema);
  }

  /** dbt against this pipeline's warehouse. */
  public Dbt dbt() {
    return new Dbt(checkout, state.path(), options.environment(), ports.warehouse());
  }

  /** Folder of the bucket's objects. */
  public Path objects() {
    return endpoints.objects();
  }

  /**
   * A source that was not there before has no queue yet: the consumer declares it when it starts
   * again, and until then the broker refuses the source's events.
   */
  private synchronized Map<String, Object> followContracts() {
    LocalQueues now = LocalQueues.ofRun(endpoints.objects());
    if (!now.equals(queues)) {
      supervisor.replace(components.consumer(endpoints.bucket(), endpoints.queueUrl(), now));
      queues = now;
      progress.say("consumer: receives from " + String.join(", ", now.sources()));
    }
    return Map.of("sources", now.sources());
  }

  /** Waits until another process asks this run to end. */
  public void awaitStopRequest() throws InterruptedException {
    stopAsked.await();
  }

  /**
   * Lets everything on its way arrive: the broker's queues become empty, the consumer ends, batches
   * and files follow.
   *
   * @return what is left when the time is over; empty after a full drain
   */
  public Backlog drain(Duration patience) {
    try (BacklogReader reader = new BacklogReader(endpoints)) {
      return Drain.of(
              new Drain.Steps() {
                @Override
                public Backlog backlog() {
                  return reader.read();
                }

                @Override
                public void stopConsumer() {
                  supervisor.stop(CONSUMER);
                }
              },
              progress)
          .run(patience);
    }
  }

  /** Stops all children; the data stays. */
  @Override
  public void close() {
    state.delete(Endpoints.FILE);
    control.close();
    supervisor.close();
  }
}

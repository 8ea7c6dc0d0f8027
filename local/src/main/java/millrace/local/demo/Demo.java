package millrace.local.demo;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import millrace.aws.S3ObjectStore;
import millrace.core.contract.ContractSet;
import millrace.core.failed.MillraceFailure.EnvironmentFailure;
import millrace.core.names.Names;
import millrace.local.Progress;
import millrace.local.aws.EmulatorClients;
import millrace.local.demo.Account.Oversold;
import millrace.local.demo.Account.Repeats;
import millrace.local.generate.ExpectedTotals;
import millrace.local.generate.ExpectedTotals.OversoldCard;
import millrace.local.generate.GeneratorSettings;
import millrace.local.model.Dbt;
import millrace.local.model.DbtAhead;
import millrace.local.model.DbtResults;
import millrace.local.process.ComponentStatus;
import millrace.local.publish.EventPublisher;
import millrace.local.run.BrokerDepth;
import millrace.local.run.LocalQueues;
import millrace.local.run.Pipeline;
import millrace.local.run.PipelineOptions;
import millrace.local.run.QueueDepth;
import millrace.local.state.Checkout;
import millrace.local.state.Endpoints;
import millrace.local.state.StateFolder;
import millrace.local.warehouse.WarehouseClient;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.sqs.SqsClient;

/**
 * One run of the whole pipeline on this machine: start, publish, kill the consumer once at the
 * worst moment, wait, model, account. The children end with it; what they stored stays readable.
 */
public final class Demo {
  private static final String BUSINESS_TEST = "cards_sold_never_exceed_cards_produced";
  private static final int IN_FLIGHT = 2_000;

  /**
   * What the account reads, with all that it is made of: every type deduplicated, three marts and
   * the audit. The other marts read the same rows and would double the time of dbt.
   */
  private static final List<String> ACCOUNTED =
      List.of(
          "+dim_card",
          "+fct_orders",
          "+fct_batch_performance",
          "+oversold_cards",
          "+event_conflicts",
          "event_conflict_versions");

  /**
   * Above so many events one model at a time: models that run at once share the memory of the
   * warehouse, which a million events need. Below, while one model computes dbt prepares the next.
   */
  private static final long EVENTS_FOR_ONE_THREAD = 200_000;

  private static final Duration LOOK_EVERY = Duration.ofMillis(700);

  private final Checkout checkout;
  private final DemoSettings settings;
  private final Progress progress;
  private final InstantSource clock;
  private final LongSupplier nanoTime;
  private final ContractSet contracts = ContractSet.builtIn();

  public Demo(
      Checkout checkout,
      DemoSettings settings,
      Progress progress,
      InstantSource clock,
      LongSupplier nanoTime) {
    this.checkout = checkout;
    this.settings = settings;
    this.progress = progress;
    this.clock = clock;
    this.nanoTime = nanoTime;
  }

  /**
   * @param state folder that this process holds; emptied first
   */
  public Account run(StateFolder state) throws InterruptedException {
    long startedAt = nanoTime.getAsLong();
    // Ports and dbt's reading of the project hold for the next run too; everything else is new.
    state.clear(Pipeline.PORTS, Dbt.READ);
    Path killed = state.path().resolve("consumer-killed");
    var options =
        PipelineOptions.once(settings.format())
            .consumerFirstStart(Map.of("MILLRACE_HALT_AFTER_ACCEPT", killed.toString()));
    progress.say("starting everything on free ports of this machine");
    try (Pipeline pipeline = Pipeline.start(checkout, state, options, progress)) {
      return run(pipeline, killed, startedAt);
    }
  }

  private Account run(Pipeline pipeline, Path killed, long startedAt) throws InterruptedException {
    Endpoints endpoints = pipeline.endpoints();
    EmulatorClients clients = EmulatorClients.of(endpoints);
    String database = Names.of(endpoints.environment()).database();
    var publisher =
        new DemoPublisher(
            new GeneratorSettings(settings.events(), settings.seed(), now()), progress, nanoTime);
    try (WarehouseClient marts = pipeline.warehouse("MARTS");
        S3Client s3 = clients.s3();
        SqsClient sqs = clients.sqs()) {
      var warehouse = new WarehouseFigures(marts, database, contracts);
      var store = new StoreFigures(new S3ObjectStore(s3, endpoints.bucket()));
      var sources = LocalQueues.of(contracts);
      var queues = new QueueDepth(sqs, endpoints.queueUrl(), endpoints.deadLetterQueueUrl());
      long modelStart;
      Optional<Duration> firstMartRow;
      DbtResults results;
      try (BrokerDepth depth = BrokerDepth.connect(endpoints.amqpUrl(), sources.names())) {
        publish(publisher, endpoints, depth, queues);
        try (DbtAhead dbt = pipeline.dbt().ahead()) {
          load(pipeline, publisher, depth, queues, store, warehouse);
          modelStart = nanoTime.getAsLong();
          FirstMart firstMart = new FirstMart(warehouse, nanoTime, startedAt, LOOK_EVERY);
          firstMart.start();
          results = model(pipeline.dbt(), dbt);
          firstMartRow = firstMart.await();
        }
      }
      Duration modelled = Duration.ofNanos(nanoTime.getAsLong() - modelStart);
      progress.say("reading the account from every step's own store");
      return account(
          pipeline,
          publisher,
          warehouse,
          store,
          results,
          killed,
          modelled,
          firstMartRow,
          startedAt);
    }
  }

  private Instant now() {
    return clock.instant();
  }

  private void publish(
      DemoPublisher publisher, Endpoints endpoints, BrokerDepth depth, QueueDepth queues)
      throws InterruptedException {
    progress.say("publishing " + settings.events() + " events to " + Names.EXCHANGE);
    try (EventPublisher amqp = EventPublisher.connect(endpoints.amqpUrl(), IN_FLIGHT, clock)) {
      publisher.publish(amqp, depth, queues, settings.patience());
    }
    progress.say(publisher.confirmed() + " messages confirmed by the broker");
  }

  /**
   * First until all is loaded; then the consumer is stopped, so that what it holds cannot come
   * later.
   */
  private void load(
      Pipeline pipeline,
      DemoPublisher publisher,
      BrokerDepth depth,
      QueueDepth queues,
      StoreFigures store,
      WarehouseFigures warehouse)
      throws InterruptedException {
    LoadWatch watch =
        new LoadWatch(
            () -> {
              // from the end to the start of the path: what moves on meanwhile is counted twice,
              // and never not at all
              WarehouseFigures.Loads loads = warehouse.loads();
              long rows = warehouse.rawRows();
              StoreFigures.Files files = store.files();
              return new LoadWatch.State(
                  publisher.confirmed(),
                  depth.messages(),
                  queues.batches(),
                  queues.deadLetters(),
                  files.rows(),
                  files.storedAt().size(),
                  loads.loaded(),
                  rows,
                  loads.firstError());
            },
            settings.patience(),
            progress,
            nanoTime,
            () -> Thread.sleep(LOOK_EVERY));
    watch.await();
    progress.say("all is loaded; draining the consumer");
    pipeline.supervisor().stop(Pipeline.CONSUMER);
    watch.await();
  }

  private String threads() {
    return settings.events() > EVENTS_FOR_ONE_THREAD ? "1" : "4";
  }

  private DbtResults model(Dbt dbt, DbtAhead ahead) {
    progress.say("dbt: building and testing the models of this account");
    var build = new ArrayList<String>(List.of("build", "--select"));
    build.addAll(ACCOUNTED);
    build.addAll(List.of("--exclude", "test_type:unit", "--threads", threads()));
    int code = ahead.run(build);
    DbtResults results = DbtResults.read(dbt.target());
    if (code != 0 || !results.failed().isEmpty()) {
      throw new EnvironmentFailure(
          "dbt failed: "
              + (results.failed().isEmpty() ? "code " + code : String.join("; ", results.failed()))
              + " (log: "
              + dbt.log()
              + ")",
          null);
    }
    return results;
  }

  private Account account(
      Pipeline pipeline,
      DemoPublisher publisher,
      WarehouseFigures warehouse,
      StoreFigures store,
      DbtResults results,
      Path killed,
      Duration modelled,
      Optional<Duration> firstMartRow,
      long startedAt) {
    ExpectedTotals expected = publisher.totals();
    Balance balance = publisher.balance();
    warehouse.failed(balance);
    warehouse.deduplicated(balance);
    Map<String, String> named = warehouse.cardsNamedByTheBusinessTest();
    long rawRows = warehouse.rawRows();
    return new Account(
        new Account.Run(
            settings.events(), settings.seed(), settings.format(), warehouse.exampleEvent()),
        steps(publisher, warehouse, store, results, modelled, rawRows),
        warehouse.samples(),
        warehouse.martTotals(expected),
        warehouse.failedByClass(expected),
        new Repeats(expected.repeats(), rawRows - expected.events(), Files.exists(killed)),
        new Oversold(
            expected.oversold().stream().map(OversoldCard::cardId).toList(),
            List.copyOf(named.keySet()),
            results.warned(BUSINESS_TEST),
            List.copyOf(named.values())),
        balance.books(),
        memory(pipeline),
        firstMartRow,
        Duration.ofNanos(nanoTime.getAsLong() - startedAt));
  }

  private static List<StepFigures> steps(
      DemoPublisher publisher,
      WarehouseFigures warehouse,
      StoreFigures store,
      DbtResults results,
      Duration modelled,
      long rawRows) {
    var batches = store.batches();
    var files = store.files();
    var loads = warehouse.loads();
    var notified = new Latencies();
    var loaded = new Latencies();
    long notices = 0;
    for (WarehouseFigures.LoadedFile file : warehouse.loadedFiles()) {
      Instant stored = files.storedAt().get(file.key());
      if (stored != null) {
        notices++;
        notified.add(Duration.ofMillis(file.notifiedAt() - stored.toEpochMilli()), 1);
        loaded.add(Duration.ofMillis(file.loadedAt() - file.notifiedAt()), 1);
      }
    }
    var steps = new ArrayList<StepFigures>();
    steps.add(
        new StepFigures(
            "receive",
            publisher.confirmed(),
            publisher.confirmed(),
            "messages",
            publisher.bytes(),
            batches.received().p95(),
            "broker's confirms"));
    steps.add(
        new StepFigures(
            "batch",
            batches.events(),
            batches.batches(),
            "batches",
            batches.bytes(),
            batches.sealed().p95(),
            "archive, quarantine"));
    steps.add(
        new StepFigures(
            "write",
            files.rows(),
            files.storedAt().size(),
            "files",
            files.bytes(),
            batches.stored().p95(),
            "bucket listing"));
    steps.add(
        new StepFigures(
            "notify", files.rows(), notices, "notices", -1, notified.p95(), "load history"));
    steps.add(
        new StepFigures(
            "load", rawRows, loads.loaded(), "files", loads.bytes(), loaded.p95(), "raw tables"));
    steps.add(
        new StepFigures(
            "model",
            warehouse.deduplicatedRows(),
            warehouse.martRows(),
            "mart rows",
            -1,
            Optional.of(modelled),
            results.models() + " models"));
    return steps;
  }

  private static Map<String, Long> memory(Pipeline pipeline) {
    var memory = new LinkedHashMap<String, Long>();
    for (ComponentStatus each : pipeline.supervisor().statuses()) {
      memory.put(each.name(), each.peakBytes());
    }
    OwnMemory.peakBytes().ifPresent(bytes -> memory.put("demo", bytes));
    return memory;
  }
}

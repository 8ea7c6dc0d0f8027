package millrace.consumer;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;
import millrace.core.batch.BatchPacker;
import millrace.core.batch.BatchQueue;
import millrace.core.failed.MillraceFailure;
import millrace.core.failed.MillraceFailure.SetupFailure;
import millrace.core.file.ObjectStore;
import millrace.core.log.Log;
import millrace.core.names.Metrics;
import millrace.core.receive.DeliveryQueue;
import millrace.core.retry.Backoff;

/** A pipeline per queue, each on a thread of its own, and what they share. */
final class Consumer {
  /** Its name in the flow, and in the log. */
  static final String STEP = "receive";

  static final int DRAINED = 0;
  static final int ENVIRONMENT_LOST = 1;
  static final int SETUP = 2;

  private static final Backoff BACKOFF =
      new Backoff(Duration.ofMillis(200), Duration.ofSeconds(30), RandomGenerator.getDefault());

  private final ConsumerConfig config;
  private final ObjectStore store;
  private final BatchQueue queue;
  private final InstantSource clock;
  private final Log log;
  private final StopSignal stop;
  private final AtomicInteger exitCode = new AtomicInteger(DRAINED);

  Consumer(
      ConsumerConfig config, ObjectStore store, BatchQueue queue, InstantSource clock, Log log) {
    this.config = config;
    this.store = store;
    this.queue = queue;
    this.clock = clock;
    this.log = log;
    this.stop = new StopSignal(config.stopTimeout());
  }

  /** From any thread; {@link #run} then drains and returns. */
  void stop() {
    stop.request();
  }

  /**
   * Runs until stopped, or until one pipeline cannot go on; returns the exit code.
   *
   * @param whenReceiving called once, when every queue is open
   */
  int run(List<DeliveryQueue> brokerQueues, Runnable whenReceiving) throws InterruptedException {
    var readiness =
        new Readiness(brokerQueues.stream().map(DeliveryQueue::name).toList(), whenReceiving);
    var heartbeat = new Heartbeat(config.heartbeat(), clock);
    var running = new CountDownLatch(brokerQueues.size());
    var reports = new ArrayList<Runnable>();
    Runnable afterAccept =
        config.haltAfterAccept().<Runnable>map(HaltAfterAccept::new).orElse(() -> {});
    for (DeliveryQueue brokerQueue : brokerQueues) {
      var metrics = new ConsumerMetrics();
      reports.add(() -> report(brokerQueue, metrics));
      var pipeline =
          new Pipeline(
              brokerQueue,
              new BatchPacker<>(config.packer(), clock, RandomGenerator.getDefault()),
              store,
              queue,
              new Pipeline.Surroundings(
                  clock,
                  stop,
                  BACKOFF,
                  config.holdLimit(),
                  config.patience(),
                  metrics,
                  log,
                  afterAccept,
                  () -> readiness.opened(brokerQueue.name()),
                  heartbeat.of(brokerQueue.name())));
      Thread.ofPlatform()
          .name("pipeline " + brokerQueue.name())
          .start(() -> runOne(brokerQueue.name(), pipeline, running));
    }
    Instant due = clock.instant().plus(config.metricsEvery());
    do {
      write(heartbeat);
      if (!clock.instant().isBefore(due)) {
        due = clock.instant().plus(config.metricsEvery());
        reports.forEach(Runnable::run);
      }
    } while (!running.await(1, TimeUnit.SECONDS));
    reports.forEach(Runnable::run);
    return exitCode.get();
  }

  private void runOne(String name, Pipeline pipeline, CountDownLatch running) {
    try {
      Pipeline.Ending ending = pipeline.run();
      log.info("ended", "queue", name, "ending", ending);
      switch (ending) {
        case DRAINED -> {}
        case GIVEN_BACK, BROKER_LOST -> exitCode.accumulateAndGet(ENVIRONMENT_LOST, Math::max);
      }
    } catch (SetupFailure failure) {
      exitCode.accumulateAndGet(SETUP, Math::max);
      log.error(String.valueOf(failure.getMessage()), "queue", name);
    } catch (RuntimeException | Error fault) {
      exitCode.accumulateAndGet(ENVIRONMENT_LOST, Math::max);
      // not its message, which may quote a value
      log.error(
          "fault in the pipeline: " + fault.getClass().getName(),
          "queue",
          name,
          "at",
          place(fault));
    } finally {
      // one that is missing must not go unnoticed: the process ends and is started again
      stop.request();
      running.countDown();
    }
  }

  private void report(DeliveryQueue brokerQueue, ConsumerMetrics metrics) {
    Map<String, Long> values = new LinkedHashMap<>(metrics.take());
    try {
      values.put(Metrics.BACKLOG, brokerQueue.backlog());
    } catch (MillraceFailure unknown) {
      log.warn(
          "backlog unknown",
          "queue",
          brokerQueue.name(),
          "reason",
          String.valueOf(unknown.getMessage()));
    }
    log.raw(MetricsReport.line(clock.instant(), config.environment(), brokerQueue.name(), values));
  }

  private void write(Heartbeat heartbeat) {
    try {
      heartbeat.write();
    } catch (IOException failure) {
      log.warn("heartbeat cannot be written", "reason", String.valueOf(failure.getMessage()));
    }
  }

  private static String place(Throwable fault) {
    StackTraceElement[] trace = fault.getStackTrace();
    return trace.length == 0 ? "" : trace[0].toString();
  }
}

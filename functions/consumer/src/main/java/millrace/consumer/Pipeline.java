package millrace.consumer;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import millrace.core.batch.Batch;
import millrace.core.batch.BatchAttributes;
import millrace.core.batch.BatchCalls;
import millrace.core.batch.BatchCalls.Outgoing;
import millrace.core.batch.BatchPacker;
import millrace.core.batch.BatchQueue;
import millrace.core.batch.BatchQueue.Outcome;
import millrace.core.batch.SealedBatch;
import millrace.core.event.TraceContext;
import millrace.core.failed.MillraceFailure.EnvironmentFailure;
import millrace.core.failed.MillraceFailure.SetupFailure;
import millrace.core.file.ObjectStore;
import millrace.core.log.Log;
import millrace.core.receive.Deliveries;
import millrace.core.receive.Delivery;
import millrace.core.receive.DeliveryQueue;
import millrace.core.retry.Backoff;
import org.jspecify.annotations.Nullable;

/**
 * From one queue of the broker to SQS. One thread, so that the order of effects is the order of the
 * code: a delivery is acknowledged only after SQS has accepted the batch that carries it.
 *
 * <p>While SQS does not accept, nothing is received: the broker stops at its prefetch.
 */
public final class Pipeline {
  /** Longest wait without a sign of life. */
  private static final Duration TICK = Duration.ofSeconds(1);

  private final DeliveryQueue broker;
  private final BatchPacker<Delivery> packer;
  private final ObjectStore store;
  private final BatchQueue queue;
  private final Surroundings with;

  /** Tries in a row that failed, of storing and sending; and since when. */
  private int failures;

  private @Nullable Instant failingSince;

  private boolean draining;
  private boolean gaveBack;

  /**
   * What a pipeline shares with its process.
   *
   * @param holdLimit how long SQS may refuse before everything unacknowledged goes back to the
   *     broker; below its own limit of 30 minutes, after which it would close the channel
   * @param patience how long the broker may be away before the process gives up
   * @param afterAccept called between acceptance and acknowledgement, the point where a crash makes
   *     repeats
   * @param opened called each time the queue is open
   * @param beat called at least every {@link #TICK}, and in every wait
   */
  public record Surroundings(
      InstantSource clock,
      Stop stop,
      Backoff backoff,
      Duration holdLimit,
      Duration patience,
      ConsumerMetrics metrics,
      Log log,
      Runnable afterAccept,
      Runnable opened,
      Runnable beat) {}

  /** How a pipeline ended. */
  public enum Ending {
    /** Everything received was handed on and acknowledged. */
    DRAINED,
    /** Stopped in time, but SQS did not accept: the rest is with the broker again. */
    GIVEN_BACK,
    /** The broker was away for longer than the patience. */
    BROKER_LOST
  }

  public Pipeline(
      DeliveryQueue broker,
      BatchPacker<Delivery> packer,
      ObjectStore store,
      BatchQueue queue,
      Surroundings surroundings) {
    this.broker = broker;
    this.packer = packer;
    this.store = store;
    this.queue = queue;
    this.with = surroundings;
  }

  /**
   * Runs until stopped, over as many sessions with the broker as it takes.
   *
   * @throws SetupFailure when the queue cannot be used as it is
   */
  public Ending run() {
    boolean everOpened = false;
    Instant awaySince = with.clock.instant();
    int away = 0;
    while (!with.stop.requested()) {
      try (Deliveries session = broker.open()) {
        everOpened = true;
        away = 0;
        gaveBack = false;
        with.log.info("receiving", "queue", broker.name());
        with.opened.run();
        while (!with.stop.requested()) {
          turn(session);
        }
        return drain(session);
      } catch (EnvironmentFailure failure) {
        awaySince = away == 0 ? with.clock.instant() : awaySince;
        away++;
        lose(failure);
      } catch (SetupFailure failure) {
        // A broker that restarts may refuse what it will allow again in a minute.
        if (!everOpened) {
          throw failure;
        }
        awaySince = away == 0 ? with.clock.instant() : awaySince;
        away++;
        lose(failure);
      }
      if (Duration.between(awaySince, with.clock.instant()).compareTo(with.patience) > 0) {
        return Ending.BROKER_LOST;
      }
      pause(with.backoff.after(away));
    }
    return gaveBack ? Ending.GIVEN_BACK : Ending.DRAINED;
  }

  /** The pipeline: receive, batch, store, send, acknowledge. */
  private void turn(Deliveries session) {
    with.beat.run();
    List<Outgoing<Delivery>> open = batch(receive(session));
    while (!open.isEmpty()) {
      Sent sent = send(store(BatchCalls.group(open).getFirst()));
      acknowledge(sent, session);
      open = rest(open, sent);
      if (!sent.again().isEmpty() && !hold(sent.reason())) {
        gaveBack = true;
        return;
      }
    }
  }

  private Ending drain(Deliveries session) {
    session.stop();
    draining = true;
    turn(session);
    return gaveBack ? Ending.GIVEN_BACK : Ending.DRAINED;
  }

  private Optional<Delivery> receive(Deliveries session) {
    if (draining) {
      return Optional.empty();
    }
    Duration wait =
        packer.nextDue().map(due -> Duration.between(with.clock.instant(), due)).orElse(TICK);
    wait = wait.isNegative() ? Duration.ZERO : wait;
    Optional<Delivery> delivery = session.next(wait.compareTo(TICK) > 0 ? TICK : wait);
    delivery.ifPresent(d -> with.metrics.received(d.redelivered()));
    return delivery;
  }

  private List<Outgoing<Delivery>> batch(Optional<Delivery> delivery) {
    var sealed = new ArrayList<SealedBatch<Delivery>>();
    delivery.ifPresent(d -> sealed.addAll(packer.add(d.event(), d)));
    sealed.addAll(draining ? packer.sealAll() : packer.sealDue());
    return sealed.stream().map(Outgoing::of).toList();
  }

  /**
   * What a message refers to is stored before the message is sent, else the writer finds nothing.
   */
  private Stored store(List<Outgoing<Delivery>> call) {
    var ready = new ArrayList<Outgoing<Delivery>>();
    var failed = new ArrayList<Outgoing<Delivery>>();
    String reason = "";
    for (Outgoing<Delivery> outgoing : call) {
      SealedBatch<Delivery> batch = outgoing.batch();
      try {
        if (batch.byReference()) {
          store.putIfAbsent(
              batch.objectKey(), batch.frame(), BatchAttributes.of(batch.batch().header()));
        }
        ready.add(outgoing);
      } catch (EnvironmentFailure failure) {
        failed.add(outgoing);
        reason = String.valueOf(failure.getMessage());
      }
    }
    return new Stored(ready, failed, reason);
  }

  private Sent send(Stored stored) {
    var accepted = new ArrayList<Outgoing<Delivery>>();
    var refused = new ArrayList<Outgoing<Delivery>>();
    var again = new ArrayList<>(stored.failed());
    String reason = stored.reason();
    List<Outcome> outcomes = stored.ready().isEmpty() ? List.of() : queue.send(messages(stored));
    for (int i = 0; i < outcomes.size(); i++) {
      Outgoing<Delivery> outgoing = stored.ready().get(i);
      switch (outcomes.get(i)) {
        case Outcome.Accepted ignored -> accepted.add(outgoing);
        case Outcome.Retry retry -> {
          again.add(outgoing);
          reason = retry.reason();
        }
        case Outcome.Refused fault -> {
          refused(outgoing.batch(), fault.reason());
          refused.add(outgoing);
        }
      }
    }
    return new Sent(accepted, refused, again, reason);
  }

  private void refused(SealedBatch<Delivery> refused, String reason) {
    Batch batch = refused.batch();
    with.log.warn(
        "SQS refuses a batch",
        Log.SOURCE,
        batch.header().getSource(),
        Log.BATCH,
        batch.header().getBatchId(),
        "events",
        batch.events().size(),
        // of the first event: a batch has as many as its producers
        Log.TRACE,
        TraceContext.of(batch.events().getFirst().getTraceparent())
            .map(TraceContext::traceId)
            .orElse(null),
        "reason",
        reason);
  }

  private void acknowledge(Sent sent, Deliveries session) {
    for (Outgoing<Delivery> accepted : sent.accepted()) {
      with.metrics.accepted(accepted.batch().tokens().size());
    }
    if (!sent.accepted().isEmpty()) {
      failures = 0;
      failingSince = null;
      with.afterAccept.run();
      session.acknowledge(deliveries(sent.accepted()));
    }
    List<Delivery> refused =
        deliveries(sent.refused().stream().filter(o -> o.batch().byReference()).toList());
    if (!refused.isEmpty()) {
      with.metrics.deadLettered(refused.size());
      session.deadLetter(refused);
    }
  }

  /**
   * What is still to be sent: failed first, to keep the order; a refused body tries as reference.
   */
  private static List<Outgoing<Delivery>> rest(List<Outgoing<Delivery>> open, Sent sent) {
    var rest = new ArrayList<>(sent.again());
    for (Outgoing<Delivery> refused : sent.refused()) {
      if (!refused.batch().byReference()) {
        rest.add(Outgoing.of(refused.batch().asReference()));
      }
    }
    rest.addAll(open.subList(sent.size(), open.size()));
    return rest;
  }

  /**
   * Waits before the next try.
   *
   * @return false when the process must end now
   * @throws EnvironmentFailure when it has waited long enough: the broker gets everything back
   */
  private boolean hold(String reason) {
    Instant now = with.clock.instant();
    Instant since = failingSince == null ? now : failingSince;
    failingSince = since;
    failures++;
    with.metrics.retried();
    if (with.stop.overdue()) {
      return false;
    }
    if (Duration.between(since, now).compareTo(with.holdLimit) >= 0) {
      throw new EnvironmentFailure(
          "SQS has accepted nothing for " + with.holdLimit + ", last: " + reason, null);
    }
    Duration pause = with.backoff.after(failures);
    with.log.warn(
        "waiting for SQS",
        "queue",
        broker.name(),
        "failures",
        failures,
        "pause_ms",
        pause.toMillis(),
        "reason",
        reason);
    pause(pause);
    return true;
  }

  /** Everything unacknowledged is with the broker again and will be delivered again. */
  private void lose(RuntimeException failure) {
    gaveBack |= packer.openEvents() > 0;
    packer.discard();
    failures = 0;
    failingSince = null;
    with.metrics.sessionLost();
    with.log.warn(
        "session lost", "queue", broker.name(), "reason", String.valueOf(failure.getMessage()));
  }

  private void pause(Duration duration) {
    boolean wasRequested = with.stop.requested();
    Duration left = duration;
    while (left.isPositive() && with.stop.requested() == wasRequested) {
      Duration step = left.compareTo(TICK) > 0 ? TICK : left;
      with.stop.pause(step);
      with.beat.run();
      left = left.minus(step);
    }
  }

  private static List<BatchQueue.Message> messages(Stored stored) {
    return stored.ready().stream().map(Outgoing::message).toList();
  }

  private static List<Delivery> deliveries(List<Outgoing<Delivery>> batches) {
    return batches.stream().flatMap(o -> o.batch().tokens().stream()).toList();
  }

  /**
   * A call whose frames are where their messages point to.
   *
   * @param failed could not be stored, for the reason
   */
  private record Stored(
      List<Outgoing<Delivery>> ready, List<Outgoing<Delivery>> failed, String reason) {}

  /** What became of one call; the reason is that of the last failure. */
  private record Sent(
      List<Outgoing<Delivery>> accepted,
      List<Outgoing<Delivery>> refused,
      List<Outgoing<Delivery>> again,
      String reason) {
    int size() {
      return accepted.size() + refused.size() + again.size();
    }
  }
}

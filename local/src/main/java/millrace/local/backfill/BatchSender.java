package millrace.local.backfill;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import millrace.core.batch.BatchAttributes;
import millrace.core.batch.BatchCalls.Outgoing;
import millrace.core.batch.BatchQueue;
import millrace.core.batch.BatchQueue.Outcome;
import millrace.core.batch.SealedBatch;
import millrace.core.failed.MillraceFailure.EnvironmentFailure;
import millrace.core.file.ObjectStore;
import millrace.core.retry.Backoff;
import millrace.local.backfill.Throttle.Pause;

/** Hands batches to the queue; returns when the queue has accepted. */
public final class BatchSender {
  /** With a back-off of up to 30 s, a few minutes: then a person should know. */
  private static final int TRIES = 20;

  private final ObjectStore store;
  private final BatchQueue queue;
  private final Backoff backoff;
  private final Pause pause;

  public BatchSender(ObjectStore store, BatchQueue queue, Backoff backoff, Pause pause) {
    this.store = store;
    this.queue = queue;
    this.backoff = backoff;
    this.pause = pause;
  }

  /** With what an account wants: longer waits the longer it refuses. */
  public static Backoff patience(RandomGenerator random) {
    return new Backoff(Duration.ofMillis(200), Duration.ofSeconds(30), random);
  }

  /**
   * @throws EnvironmentFailure when the queue did not accept after many tries
   */
  public <T> void send(SealedBatch<T> batch) throws InterruptedException {
    Outgoing<T> outgoing = Outgoing.of(batch);
    String reason = "";
    for (int attempt = 1; attempt <= TRIES; attempt++) {
      Outcome outcome = stored(outgoing.batch()).orElseGet(sent(outgoing.message()));
      switch (outcome) {
        case Outcome.Accepted _ -> {
          return;
        }
        case Outcome.Retry retry -> reason = retry.reason();
        case Outcome.Refused refused -> {
          if (outgoing.batch().byReference()) {
            throw new EnvironmentFailure(
                "the queue refuses a batch: " + refused.reason() + "; go on with --resume", null);
          }
          reason = refused.reason();
          outgoing = Outgoing.of(batch.asReference());
        }
      }
      pause.of(backoff.after(attempt));
    }
    throw new EnvironmentFailure(
        "the queue took no batch in " + TRIES + " tries, last: " + reason + "; go on with --resume",
        null);
  }

  /** Puts the frame where the message refers to, before the message; empty when it lies there. */
  private Optional<Outcome> stored(SealedBatch<?> batch) {
    if (!batch.byReference()) {
      return Optional.empty();
    }
    try {
      var unused =
          store.putIfAbsent(
              batch.objectKey(), batch.frame(), BatchAttributes.of(batch.batch().header()));
      return Optional.empty();
    } catch (EnvironmentFailure failure) {
      return Optional.of(new Outcome.Retry(String.valueOf(failure.getMessage())));
    }
  }

  private Supplier<Outcome> sent(BatchQueue.Message message) {
    return () -> queue.send(List.of(message)).getFirst();
  }
}

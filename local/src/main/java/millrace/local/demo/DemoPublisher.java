package millrace.local.demo;

import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import millrace.core.failed.FailureClass;
import millrace.core.failed.MillraceFailure.EnvironmentFailure;
import millrace.local.Progress;
import millrace.local.generate.EventGenerator;
import millrace.local.generate.ExpectedTotals;
import millrace.local.generate.GeneratedEvent;
import millrace.local.generate.GeneratorSettings;
import millrace.local.generate.IdentitySet;
import millrace.local.publish.EventPublisher;
import millrace.local.publish.EventPublisher.Outcome;
import millrace.local.publish.OutgoingEvent;
import millrace.local.run.BrokerDepth;
import millrace.local.run.QueueDepth;
import org.jspecify.annotations.Nullable;

/**
 * Publishes what the generator makes, no faster than consumer and writer take it, and remembers
 * what was confirmed.
 */
final class DemoPublisher {
  /** The broker of a laptop keeps what waits in memory. */
  private static final long MOST_MESSAGES = 20_000;

  /** So does its SQS; in AWS a queue has no end. */
  private static final long MOST_BATCHES = 150;

  private static final int LOOK_EVERY = 2_000;
  private static final Duration PAUSE = Duration.ofMillis(100);
  private static final Duration SAY_EVERY = Duration.ofSeconds(3);
  private static final Duration CONFIRM_PATIENCE = Duration.ofSeconds(60);

  private final int events;
  private final Progress progress;
  private final LongSupplier nanoTime;
  private final IdentitySet identities;
  private final EventGenerator generator;
  private final AtomicLong confirmed = new AtomicLong();
  private final AtomicLong bytes = new AtomicLong();
  private long withoutIdentity;

  /** The first one, from a thread of the connection; empty without one. */
  private volatile String refusal = "";

  DemoPublisher(GeneratorSettings settings, Progress progress, LongSupplier nanoTime) {
    this.events = settings.events();
    this.progress = progress;
    this.nanoTime = nanoTime;
    this.generator = new EventGenerator(settings);
    this.identities = new IdentitySet(settings.events() + settings.events() / 100);
  }

  /**
   * Publishes everything; returns when the broker has confirmed all of it.
   *
   * @param patience how long nothing may be taken before it gives up
   */
  void publish(
      EventPublisher publisher, BrokerDepth messages, QueueDepth batches, Duration patience)
      throws InterruptedException {
    long handedOver = 0;
    long saidAt = nanoTime.getAsLong();
    while (generator.hasNext()) {
      GeneratedEvent next = generator.next();
      remember(next);
      publisher.publish(next.event(), this::done);
      if (++handedOver % LOOK_EVERY == 0) {
        requireNoRefusal();
        awaitRoom(messages, batches, patience);
        if (nanoTime.getAsLong() - saidAt > SAY_EVERY.toNanos()) {
          saidAt = nanoTime.getAsLong();
          progress.say(
              String.format(Locale.ROOT, "%,d of %,d events published", handedOver, events));
        }
      }
    }
    if (!publisher.awaitOutcomes(CONFIRM_PATIENCE)) {
      throw new EnvironmentFailure("the broker did not confirm every event", null);
    }
    requireNoRefusal();
  }

  private void awaitRoom(BrokerDepth messages, QueueDepth batches, Duration patience)
      throws InterruptedException {
    long since = nanoTime.getAsLong();
    while (true) {
      @Nullable EnvironmentFailure unknown = null;
      try {
        if (messages.messages() <= MOST_MESSAGES && batches.batches() <= MOST_BATCHES) {
          return;
        }
      } catch (EnvironmentFailure restarting) {
        // a store that was killed comes back; if not, patience ends
        unknown = restarting;
      }
      if (nanoTime.getAsLong() - since > patience.toNanos()) {
        throw new EnvironmentFailure(
            "nothing takes what is published: see the logs of consumer and lambda", unknown);
      }
      Thread.sleep(PAUSE);
    }
  }

  private void remember(GeneratedEvent next) {
    if (next.failure().filter(FailureClass.NO_IDENTITY::equals).isEmpty()) {
      OutgoingEvent event = next.event();
      identities.add(event.source(), event.type(), event.messageId());
    } else if (!next.isRepeat()) {
      withoutIdentity++;
    }
  }

  private void done(OutgoingEvent event, Outcome outcome) {
    switch (outcome) {
      case Outcome.Confirmed _ -> {
        confirmed.incrementAndGet();
        bytes.addAndGet(event.payload().length);
      }
      case Outcome.Refused refused -> refusal = refusal.isEmpty() ? refused.reason() : refusal;
    }
  }

  private void requireNoRefusal() {
    if (!refusal.isEmpty()) {
      throw new EnvironmentFailure("an event was not published: " + refusal, null);
    }
  }

  /** Messages that the broker has confirmed so far. */
  long confirmed() {
    return confirmed.get();
  }

  long bytes() {
    return bytes.get();
  }

  ExpectedTotals totals() {
    return generator.totals();
  }

  Balance balance() {
    return new Balance(identities, withoutIdentity);
  }
}

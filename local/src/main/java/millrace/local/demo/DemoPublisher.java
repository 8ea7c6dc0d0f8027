package millrace.local.demo;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import millrace.core.failed.FailureClass;
import millrace.core.failed.MillraceFailure.EnvironmentFailure;
import millrace.local.generate.EventGenerator;
import millrace.local.generate.ExpectedTotals;
import millrace.local.generate.GeneratedEvent;
import millrace.local.generate.GeneratorSettings;
import millrace.local.generate.IdentitySet;
import millrace.local.publish.EventPublisher;
import millrace.local.publish.EventPublisher.Outcome;
import millrace.local.publish.OutgoingEvent;
import millrace.local.run.BrokerDepth;

/**
 * Publishes what the generator makes, no faster than the consumer takes it, and remembers what was
 * confirmed.
 */
final class DemoPublisher {
  /** The broker of a laptop keeps what waits in memory. */
  private static final long MOST_WAITING = 20_000;

  private static final int LOOK_EVERY = 2_000;
  private static final Duration PAUSE = Duration.ofMillis(100);
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final IdentitySet identities;
  private final EventGenerator generator;
  private final AtomicLong confirmed = new AtomicLong();
  private final AtomicLong bytes = new AtomicLong();
  private long withoutIdentity;

  /** The first one, from a thread of the connection; empty without one. */
  private volatile String refusal = "";

  DemoPublisher(GeneratorSettings settings) {
    this.generator = new EventGenerator(settings);
    this.identities = new IdentitySet(settings.events() + settings.events() / 100);
  }

  /** Publishes everything; returns when the broker has confirmed all of it. */
  void publish(EventPublisher publisher, BrokerDepth depth) throws InterruptedException {
    long handedOver = 0;
    while (generator.hasNext()) {
      GeneratedEvent next = generator.next();
      remember(next);
      publisher.publish(next.event(), this::done);
      if (++handedOver % LOOK_EVERY == 0) {
        requireNoRefusal();
        while (depth.messages() > MOST_WAITING) {
          Thread.sleep(PAUSE);
        }
      }
    }
    if (!publisher.awaitOutcomes(PATIENCE)) {
      throw new EnvironmentFailure("the broker did not confirm every event", null);
    }
    requireNoRefusal();
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

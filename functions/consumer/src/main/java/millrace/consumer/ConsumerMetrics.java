package millrace.consumer;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import millrace.core.names.Metrics;

/** What one queue's pipeline has done since it was asked last. */
public final class ConsumerMetrics {
  private final LongAdder eventsReceived = new LongAdder();
  private final LongAdder eventsRedelivered = new LongAdder();
  private final LongAdder eventsAccepted = new LongAdder();
  private final LongAdder eventsDeadLettered = new LongAdder();
  private final LongAdder batchesAccepted = new LongAdder();
  private final LongAdder callsRetried = new LongAdder();
  private final LongAdder sessionsLost = new LongAdder();

  void received(boolean redelivered) {
    eventsReceived.increment();
    if (redelivered) {
      eventsRedelivered.increment();
    }
  }

  void accepted(int events) {
    batchesAccepted.increment();
    eventsAccepted.add(events);
  }

  void deadLettered(int events) {
    eventsDeadLettered.add(events);
  }

  void retried() {
    callsRetried.increment();
  }

  void sessionLost() {
    sessionsLost.increment();
  }

  /** Values by metric name, each counted from the call before. */
  public Map<String, Long> take() {
    var values = new LinkedHashMap<String, Long>();
    values.put(Metrics.EVENTS_RECEIVED, eventsReceived.sumThenReset());
    values.put(Metrics.EVENTS_REDELIVERED, eventsRedelivered.sumThenReset());
    values.put(Metrics.EVENTS_ACCEPTED, eventsAccepted.sumThenReset());
    values.put(Metrics.EVENTS_DEAD_LETTERED, eventsDeadLettered.sumThenReset());
    values.put(Metrics.BATCHES_ACCEPTED, batchesAccepted.sumThenReset());
    values.put(Metrics.CALLS_RETRIED, callsRetried.sumThenReset());
    values.put(Metrics.SESSIONS_LOST, sessionsLost.sumThenReset());
    return values;
  }
}

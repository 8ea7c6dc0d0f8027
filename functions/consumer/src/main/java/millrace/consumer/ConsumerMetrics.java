package millrace.consumer;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

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
    values.put("EventsReceived", eventsReceived.sumThenReset());
    values.put("EventsRedelivered", eventsRedelivered.sumThenReset());
    values.put("EventsAccepted", eventsAccepted.sumThenReset());
    values.put("EventsDeadLettered", eventsDeadLettered.sumThenReset());
    values.put("BatchesAccepted", batchesAccepted.sumThenReset());
    values.put("CallsRetried", callsRetried.sumThenReset());
    values.put("SessionsLost", sessionsLost.sumThenReset());
    return values;
  }
}

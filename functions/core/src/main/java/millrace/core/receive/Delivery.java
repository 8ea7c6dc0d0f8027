package millrace.core.receive;

import millrace.event.v1.Event;

/**
 * One event as handed out by a queue, with what its acknowledgement needs.
 *
 * @param event undecoded
 * @param tag names the delivery within its {@link Deliveries} and nowhere else
 * @param bytes what it counts against the memory of the receiver
 * @param redelivered whether it was handed out before: it may already be on its way
 */
public record Delivery(Event event, long tag, int bytes, boolean redelivered) {}

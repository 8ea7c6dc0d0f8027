package millrace.rabbitmq;

/**
 * One queue to receive from.
 *
 * @param queue its name
 * @param source of events that name none themselves
 * @param routingKey pattern that binds it to the exchange
 * @param topology whether it may be declared
 * @param prefetch most messages handed out and not yet settled; bounds the repeats after a crash
 * @param prefetchBytes most bytes of these; bounds memory where messages are large
 * @param deliveryLimit how often a message is handed out before it goes to the dead letters
 */
public record QueueSettings(
    String queue,
    String source,
    String routingKey,
    Topology topology,
    int prefetch,
    int prefetchBytes,
    int deliveryLimit) {
  /** Whether exchange, queue and dead letters are ours to declare. */
  public enum Topology {
    /** Declare them; where the broker does not let us, they must be there. */
    DECLARE,
    /** Somebody else declares them, dead letters included: only look whether the queue is there. */
    PASSIVE
  }

  /** Where deliveries go that the pipeline cannot take. */
  public String deadLetterQueue() {
    return queue + ".dead-letters";
  }
}

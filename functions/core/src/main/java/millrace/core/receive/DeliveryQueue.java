package millrace.core.receive;

/** A queue of the broker: RabbitMQ, or its twin in memory. */
public interface DeliveryQueue {
  String name();

  /**
   * Begins to receive.
   *
   * @throws millrace.core.failed.MillraceFailure.EnvironmentFailure when the broker does not answer
   * @throws millrace.core.failed.MillraceFailure.SetupFailure when the queue or the right to use it
   *     is missing
   */
  Deliveries open();

  /** How many messages wait for delivery. */
  long backlog();
}

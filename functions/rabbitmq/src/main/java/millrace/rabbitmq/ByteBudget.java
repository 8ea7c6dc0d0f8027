package millrace.rabbitmq;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Command;
import com.rabbitmq.client.TrafficListener;
import java.util.concurrent.Semaphore;

/**
 * Bounds the bytes of unsettled deliveries. AMQP's prefetch counts messages only, and a prefetch of
 * thousands of large messages is more than any heap; so the thread that reads the connection waits
 * here, and the broker is slowed down by TCP.
 */
final class ByteBudget implements TrafficListener {
  /** What the objects around a small payload take. */
  private static final int OVERHEAD = 512;

  private static final int OPEN = 1 << 30;

  private final int total;
  private final Semaphore left;

  ByteBudget(int total) {
    this.total = total;
    this.left = new Semaphore(total);
  }

  /** What a body takes; one larger than the budget takes all of it and travels alone. */
  int cost(byte[] body) {
    return (int) Math.min(total, (long) body.length + OVERHEAD);
  }

  void release(int cost) {
    left.release(cost);
  }

  boolean exhausted() {
    return left.hasQueuedThreads();
  }

  /** Lets the reading thread pass, so that the connection can be closed. */
  void open() {
    left.release(OPEN);
  }

  @Override
  public void read(Command inbound) {
    if (inbound.getMethod() instanceof AMQP.Basic.Deliver) {
      left.acquireUninterruptibly(cost(inbound.getContentBody()));
    }
  }

  @Override
  public void write(Command outbound) {}
}

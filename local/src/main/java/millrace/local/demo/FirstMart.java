package millrace.local.demo;

import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;
import millrace.core.failed.MillraceFailure.EnvironmentFailure;
import millrace.local.warehouse.WarehouseException;

/**
 * Looks, while the models are built, when a mart has its first row: the tests after it take as long
 * again.
 */
final class FirstMart {
  private final WarehouseFigures warehouse;
  private final LongSupplier nanoTime;
  private final long startedAt;
  private final Duration lookEvery;
  private final Thread thread = new Thread(this::look, "first-mart");
  private volatile Optional<Duration> reached = Optional.empty();

  FirstMart(WarehouseFigures warehouse, LongSupplier nanoTime, long startedAt, Duration lookEvery) {
    this.warehouse = warehouse;
    this.nanoTime = nanoTime;
    this.startedAt = startedAt;
    this.lookEvery = lookEvery;
  }

  void start() {
    thread.setDaemon(true);
    thread.start();
  }

  private void look() {
    try {
      while (!hasRow()) {
        Thread.sleep(lookEvery);
      }
      reached = Optional.of(Duration.ofNanos(nanoTime.getAsLong() - startedAt));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private boolean hasRow() {
    try {
      return warehouse.hasMartRow();
    } catch (EnvironmentFailure | WarehouseException notYet) {
      return false;
    }
  }

  /** When the first row was seen, counted from the start; the models are built by now. */
  Optional<Duration> await() throws InterruptedException {
    thread.join(lookEvery.multipliedBy(3));
    thread.interrupt();
    return reached;
  }
}

package millrace.local.demo;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;
import millrace.core.failed.MillraceFailure;
import millrace.local.run.Dbt;
import millrace.local.warehouse.WarehouseException;

/**
 * Builds the models once while the rest is still loading, so that there is something to see early.
 */
final class FirstMart {
  private final WarehouseFigures warehouse;
  private final Dbt dbt;
  private final LongSupplier nanoTime;
  private final long startedAt;
  private final Duration lookEvery;
  private final Thread thread = new Thread(this::build, "first-mart");
  private volatile Optional<Duration> reached = Optional.empty();

  FirstMart(
      WarehouseFigures warehouse,
      Dbt dbt,
      LongSupplier nanoTime,
      long startedAt,
      Duration lookEvery) {
    this.warehouse = warehouse;
    this.dbt = dbt;
    this.nanoTime = nanoTime;
    this.startedAt = startedAt;
    this.lookEvery = lookEvery;
  }

  void start() {
    thread.setDaemon(true);
    thread.start();
  }

  private void build() {
    try {
      while (!warehouse.hasRowsOfEveryType()) {
        Thread.sleep(lookEvery);
      }
      if (dbt.quietly(List.of("run", "--select", "+path:models/marts")) == 0
          && warehouse.martRows() > 0) {
        reached = Optional.of(Duration.ofNanos(nanoTime.getAsLong() - startedAt));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (MillraceFailure | WarehouseException e) {
      // The build after the load says what is wrong with models or warehouse, if it lasts.
      return;
    }
  }

  /**
   * When the first row of a mart was there, counted from the start; waits for the end of the build.
   */
  Optional<Duration> await() throws InterruptedException {
    thread.join();
    return reached;
  }
}

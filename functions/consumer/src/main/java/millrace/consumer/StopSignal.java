package millrace.consumer;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** {@link Stop} of a process: requested once, from any thread. */
final class StopSignal implements Stop {
  private final Duration drainTime;
  private final CountDownLatch requested = new CountDownLatch(1);
  private volatile long requestedAt;

  StopSignal(Duration drainTime) {
    this.drainTime = drainTime;
  }

  void request() {
    synchronized (requested) {
      if (!requested()) {
        requestedAt = System.nanoTime();
        requested.countDown();
      }
    }
  }

  void await() throws InterruptedException {
    requested.await();
  }

  @Override
  public boolean requested() {
    return requested.getCount() == 0;
  }

  @Override
  public boolean overdue() {
    return requested() && System.nanoTime() - requestedAt >= drainTime.toNanos();
  }

  @Override
  public void pause(Duration duration) {
    try {
      if (requested()) {
        // tries while draining are spaced, too
        Thread.sleep(duration);
      } else if (requested.await(duration.toNanos(), TimeUnit.NANOSECONDS)) {
        return;
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      request();
    }
  }
}

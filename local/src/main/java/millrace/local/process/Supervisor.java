package millrace.local.process;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import millrace.core.failed.MillraceFailure.SetupFailure;
import millrace.core.retry.Backoff;
import millrace.local.Progress;
import millrace.local.state.StateFolder;

/**
 * Starts child processes, starts them again when they die, and stops them in the reverse order of
 * their start. A child is started only after those it needs are ready, so the reverse order is the
 * order of need, also where several are started at once.
 */
public final class Supervisor implements AutoCloseable {
  private static final long LOG_LIMIT_BYTES = 8L << 20;
  private static final long MEASURE_EVERY_MILLIS = 500;
  private static final Backoff USUAL =
      new Backoff(Duration.ofMillis(200), Duration.ofSeconds(10), RandomGenerator.getDefault());

  private final StateFolder state;
  private final Progress progress;
  private final Backoff backoff;
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("supervisor").factory());
  private final List<Child> children = new ArrayList<>();
  private boolean closed;

  public Supervisor(StateFolder state, Progress progress) {
    this(state, progress, USUAL);
  }

  Supervisor(StateFolder state, Progress progress, Backoff backoff) {
    this.state = state;
    this.progress = progress;
    this.backoff = backoff;
    var unused =
        timer.scheduleWithFixedDelay(
            () -> snapshot().forEach(Child::measure),
            MEASURE_EVERY_MILLIS,
            MEASURE_EVERY_MILLIS,
            TimeUnit.MILLISECONDS);
  }

  /**
   * Starts a component and waits until it is ready.
   *
   * @return its ready line
   * @throws SetupFailure with its last words when it does not become ready
   */
  public JsonNode start(Component component) {
    return start(component, () -> {});
  }

  /**
   * As {@link #start(Component)}, with what must be done each time the component is there again
   * after a death.
   */
  public JsonNode start(Component component, Runnable afterRestart) {
    Child child;
    synchronized (this) {
      if (closed) {
        throw new SetupFailure(component.name() + " cannot start: the run is being stopped");
      }
      if (children.stream().anyMatch(other -> other.component().name().equals(component.name()))) {
        throw new IllegalStateException(component.name() + " runs already");
      }
      child = new Child(component, state, progress, backoff, timer, log(component), afterRestart);
      children.add(child);
    }
    try {
      return child.startAndWait();
    } catch (SetupFailure e) {
      synchronized (this) {
        children.remove(child);
      }
      throw e;
    }
  }

  private LogFile log(Component component) {
    try {
      return new LogFile(state.log(component.name()), LOG_LIMIT_BYTES);
    } catch (IOException e) {
      throw new SetupFailure("cannot write the log of " + component.name() + ": " + e.getMessage());
    }
  }

  /** Kills the component's process as a crash would; it is started again. */
  public void kill(String name) {
    child(name).kill();
  }

  /** Stops one component for good and returns what is known of it. */
  public ComponentStatus stop(String name) {
    Child child = child(name);
    child.stop();
    return child.status();
  }

  /**
   * Stops a component and starts it again with other settings.
   *
   * @throws SetupFailure with its last words when it does not become ready
   */
  public void replace(Component component) {
    Child before = child(component.name());
    before.stop();
    synchronized (this) {
      children.remove(before);
    }
    JsonNode unused = start(component);
  }

  public boolean isReady(String name) {
    return child(name).isReady();
  }

  /** Every component in the order of its start, also those that are stopped. */
  public List<ComponentStatus> statuses() {
    return snapshot().stream().map(Child::status).toList();
  }

  private Child child(String name) {
    return snapshot().stream()
        .filter(child -> child.component().name().equals(name))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("no component '" + name + "'"));
  }

  private synchronized List<Child> snapshot() {
    return List.copyOf(children);
  }

  /** Stops all, the last started first. Safe to call twice and from a shutdown hook. */
  @Override
  public void close() {
    synchronized (this) {
      closed = true;
    }
    for (Child child : snapshot().reversed()) {
      child.stop();
    }
    timer.shutdownNow();
  }
}

package millrace.core.receive;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import millrace.core.failed.MillraceFailure.EnvironmentFailure;
import millrace.event.v1.Event;

/** A broker with one queue, in memory; a lost connection is one call away. */
public final class InMemoryBroker implements DeliveryQueue {
  private final String name;
  private final int prefetch;

  /** Called instead of waiting; a test moves its clock here, or publishes. */
  private final Consumer<Duration> onWait;

  private final Deque<Stored> ready = new ArrayDeque<>();
  private final List<Event> deadLetters = new ArrayList<>();
  private final List<Session> sessions = new ArrayList<>();
  private boolean down;

  private record Stored(Event event, boolean redelivered) {}

  public InMemoryBroker(String name, int prefetch, Consumer<Duration> onWait) {
    this.name = name;
    this.prefetch = prefetch;
    this.onWait = onWait;
  }

  public void publish(Event event) {
    ready.add(new Stored(event, false));
  }

  public List<Event> deadLetters() {
    return List.copyOf(deadLetters);
  }

  /** Every connection breaks; new ones are taken. */
  public void breakConnections() {
    sessions.forEach(Session::end);
  }

  /** Every connection breaks, and none is taken until {@link #up}. */
  public void down() {
    down = true;
    breakConnections();
  }

  public void up() {
    down = false;
  }

  /** Handed out and not settled. */
  public int unsettled() {
    return sessions.stream().mapToInt(s -> s.unsettled.size()).sum();
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public Deliveries open() {
    if (down) {
      throw new EnvironmentFailure("the broker does not answer", null);
    }
    var session = new Session();
    sessions.add(session);
    return session;
  }

  @Override
  public long backlog() {
    if (down) {
      throw new EnvironmentFailure("the broker does not answer", null);
    }
    return ready.size();
  }

  private final class Session implements Deliveries {
    private final TreeMap<Long, Stored> unsettled = new TreeMap<>();
    private long tags;
    private boolean stopped;
    private boolean ended;

    @Override
    public Optional<Delivery> next(Duration wait) {
      checkAlive();
      if (stopped) {
        return Optional.empty();
      }
      if (ready.isEmpty() || unsettled.size() >= prefetch) {
        onWait.accept(wait);
        checkAlive();
      }
      if (ready.isEmpty() || unsettled.size() >= prefetch) {
        return Optional.empty();
      }
      Stored stored = ready.remove();
      unsettled.put(++tags, stored);
      int bytes = stored.event().getSerializedSize();
      return Optional.of(new Delivery(stored.event(), tags, bytes, stored.redelivered()));
    }

    @Override
    public void acknowledge(List<Delivery> accepted) {
      checkAlive();
      accepted.forEach(this::settle);
    }

    @Override
    public void deadLetter(List<Delivery> refused) {
      checkAlive();
      for (Delivery delivery : refused) {
        settle(delivery);
        deadLetters.add(delivery.event());
      }
    }

    private void settle(Delivery delivery) {
      if (unsettled.remove(delivery.tag()) == null) {
        throw new IllegalArgumentException("delivery " + delivery.tag() + " is settled already");
      }
    }

    @Override
    public void stop() {
      stopped = true;
    }

    @Override
    public void close() {
      end();
    }

    /** What is not settled goes back to the front, in order. */
    private void end() {
      ended = true;
      for (Map.Entry<Long, Stored> open : unsettled.descendingMap().entrySet()) {
        ready.addFirst(new Stored(open.getValue().event(), true));
      }
      unsettled.clear();
    }

    private void checkAlive() {
      if (ended) {
        throw new EnvironmentFailure("the connection is lost", null);
      }
    }
  }

  /** Everything that waits or is handed out. */
  public List<Event> held() {
    var held = new ArrayList<Event>();
    sessions.forEach(s -> s.unsettled.values().forEach(stored -> held.add(stored.event())));
    ready.forEach(stored -> held.add(stored.event()));
    return Collections.unmodifiableList(held);
  }
}

package millrace.consumer;

import com.google.protobuf.ByteString;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import millrace.core.TestClock;
import millrace.core.batch.Batch;
import millrace.core.batch.BatchBody;
import millrace.core.batch.BatchFrame;
import millrace.core.batch.BatchPacker;
import millrace.core.batch.BatchQueue;
import millrace.core.batch.FrameLimits;
import millrace.core.batch.InMemoryBatchQueue;
import millrace.core.batch.PackerLimits;
import millrace.core.failed.MillraceFailure.EnvironmentFailure;
import millrace.core.file.InMemoryObjectStore;
import millrace.core.file.ObjectStore;
import millrace.core.log.Log;
import millrace.core.receive.Deliveries;
import millrace.core.receive.Delivery;
import millrace.core.receive.DeliveryQueue;
import millrace.core.receive.InMemoryBroker;
import millrace.core.retry.Backoff;
import millrace.event.v1.Event;
import org.jspecify.annotations.Nullable;

/** A pipeline on twins in memory that writes down every effect, in the order in which they come. */
final class Rig {
  static final Instant START = Instant.parse("2026-11-21T10:00:00Z");

  final TestClock clock = new TestClock(START);
  final InMemoryBatchQueue sqs = new InMemoryBatchQueue();
  final InMemoryObjectStore s3 = new InMemoryObjectStore();
  final List<String> effects = new ArrayList<>();
  final List<String> log = new ArrayList<>();
  final ConsumerMetrics metrics = new ConsumerMetrics();
  final Deque<EnvironmentFailure> s3Failures = new ArrayDeque<>();

  /** Called instead of each wait for the broker, after the clock has moved. */
  Consumer<Rig> onIdle = rig -> rig.stop.request();

  /** Called at each pause of the back-off. */
  Consumer<Rig> onPause = rig -> {};

  /** Called when SQS is asked, before it answers. */
  Consumer<Rig> onSend = rig -> {};

  Runnable afterAccept = () -> {};
  Runnable opened = () -> {};
  PackerLimits limits =
      new PackerLimits(PackerLimits.DEFAULT_BYTES, 3, Duration.ofSeconds(5), Long.MAX_VALUE, 1_000);
  Duration holdLimit = Duration.ofMinutes(20);
  final TestStop stop = new TestStop();
  final InMemoryBroker broker;

  Rig(int prefetch) {
    broker = new InMemoryBroker("millrace.orders", prefetch, this::idle);
  }

  Rig() {
    this(1_000);
  }

  Pipeline.Ending run() {
    return new Pipeline(
            new Recording(broker),
            new BatchPacker<>(limits, clock, new Random(1)),
            new RecordingStore(),
            this::send,
            new Pipeline.Surroundings(
                clock,
                stop,
                new Backoff(Duration.ofSeconds(1), Duration.ofSeconds(30), new Random(2)),
                holdLimit,
                Duration.ofMinutes(10),
                metrics,
                new Log("receive", log::add, clock),
                afterAccept,
                () -> opened.run(),
                () -> {}))
        .run();
  }

  /** The effects, a line each; what is received one after the other stands in one line. */
  String story() {
    var lines = new ArrayList<String>();
    for (String effect : effects) {
      boolean goesOn =
          effect.startsWith("receive ")
              && !lines.isEmpty()
              && lines.getLast().startsWith("receive ");
      lines.add(goesOn ? lines.removeLast() + effect.substring("receive".length()) : effect);
    }
    return String.join("\n", lines) + "\n";
  }

  /** What a writer would find behind the messages that SQS accepted. */
  List<Event> arrived() throws Exception {
    List<Event> events = new ArrayList<>();
    for (BatchQueue.Message message : sqs.messages()) {
      byte[] frame =
          switch (BatchBody.parse(message.body())) {
            case BatchBody.Inline inline -> inline.frame();
            case BatchBody.Reference r -> s3.get(r.key()).orElseThrow().bytes();
            case BatchBody.UnknownVersion unknown -> throw new AssertionError(unknown);
            case BatchBody.Unreadable unreadable -> throw new AssertionError(unreadable);
          };
      Batch batch = BatchFrame.decode(frame, FrameLimits.QUEUE);
      events.addAll(batch.events());
    }
    return events;
  }

  void publish(String source, String... ids) {
    for (String id : ids) {
      broker.publish(event(source, id, 10));
    }
  }

  static Event event(String source, String id, int payloadBytes) {
    byte[] payload = new byte[payloadBytes];
    new Random(id.hashCode()).nextBytes(payload);
    return Event.newBuilder()
        .setId(id)
        .setSource(source)
        .setPayload(ByteString.copyFrom(payload))
        .build();
  }

  private void idle(Duration wait) {
    clock.advance(wait);
    onIdle.accept(this);
  }

  private List<BatchQueue.Outcome> send(List<BatchQueue.Message> messages) {
    onSend.accept(this);
    List<BatchQueue.Outcome> outcomes = sqs.send(messages);
    effects.add(
        "send "
            + messages.stream().map(Rig::summary).collect(Collectors.joining(", "))
            + " -> "
            + outcomes.stream()
                .map(o -> o.getClass().getSimpleName())
                .collect(Collectors.joining(", ")));
    return outcomes;
  }

  private static String summary(BatchQueue.Message message) {
    String how = message.body().startsWith("m1r:") ? "reference of " : "";
    return how + message.attributes().get("count") + " " + message.attributes().get("source");
  }

  private static String ids(List<Delivery> deliveries) {
    return deliveries.stream().map(d -> d.event().getId()).collect(Collectors.joining(" "));
  }

  /** Time for draining that a test lets run out. */
  final class TestStop implements Stop {
    private boolean requested;
    boolean overdue;
    final List<Duration> pauses = new ArrayList<>();

    void request() {
      requested = true;
    }

    @Override
    public boolean requested() {
      return requested;
    }

    @Override
    public boolean overdue() {
      return requested && overdue;
    }

    @Override
    public void pause(Duration duration) {
      pauses.add(duration);
      clock.advance(duration);
      onPause.accept(Rig.this);
    }
  }

  private final class RecordingStore implements ObjectStore {
    @Override
    public PutOutcome putIfAbsent(String key, byte[] bytes, Map<String, String> metadata) {
      EnvironmentFailure failure = s3Failures.poll();
      effects.add("store " + key.substring(0, 8) + (failure == null ? "" : " -> failed"));
      if (failure != null) {
        throw failure;
      }
      return s3.putIfAbsent(key, bytes, metadata);
    }

    @Override
    public ReplaceOutcome replace(String key, byte[] bytes, @Nullable String expectedTag) {
      throw new UnsupportedOperationException("a consumer replaces nothing");
    }

    @Override
    public Optional<Found> get(String key) {
      return s3.get(key);
    }

    @Override
    public Stream<Listed> list(String prefix) {
      return s3.list(prefix);
    }
  }

  private final class Recording implements DeliveryQueue {
    private final DeliveryQueue queue;

    Recording(DeliveryQueue queue) {
      this.queue = queue;
    }

    @Override
    public String name() {
      return queue.name();
    }

    @Override
    public long backlog() {
      return queue.backlog();
    }

    @Override
    public Deliveries open() {
      Deliveries session = queue.open();
      effects.add("open");
      return new Deliveries() {
        @Override
        public Optional<Delivery> next(Duration wait) {
          Optional<Delivery> delivery = session.next(wait);
          delivery.ifPresent(d -> effects.add("receive " + d.event().getId()));
          return delivery;
        }

        @Override
        public void acknowledge(List<Delivery> accepted) {
          session.acknowledge(accepted);
          effects.add("acknowledge " + ids(accepted));
        }

        @Override
        public void deadLetter(List<Delivery> refused) {
          session.deadLetter(refused);
          effects.add("dead-letter " + ids(refused));
        }

        @Override
        public void stop() {
          session.stop();
          effects.add("stop");
        }

        @Override
        public void close() {
          session.close();
          effects.add("close");
        }
      };
    }
  }
}

package millrace.core.batch;

import com.google.protobuf.CodedOutputStream;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import millrace.core.event.Times;
import millrace.event.v1.BatchHeader;
import millrace.event.v1.Event;

/**
 * Packs events into batches of one source each. Every event leaves in exactly one batch, in the
 * order in which it came; its token travels with it, so that it can be acknowledged last.
 *
 * <p>For one thread.
 *
 * @param <T> token of one event
 */
public final class BatchPacker<T> {
  private final PackerLimits limits;
  private final InstantSource clock;
  private final RandomGenerator random;

  /** By source; in the order opened, which is the order in which they come of age. */
  private final Map<String, Open<T>> open = new LinkedHashMap<>();

  private long openBytes;
  private int openEvents;

  public BatchPacker(PackerLimits limits, InstantSource clock, RandomGenerator random) {
    this.limits = limits;
    this.clock = clock;
    this.random = random;
  }

  /** Adds an event and returns the batches that this closes, which may hold other events. */
  public List<SealedBatch<T>> add(Event event, T token) {
    String source = event.getSource();
    if (source.isEmpty()) {
      throw new IllegalArgumentException("an event without source belongs to no batch");
    }
    var sealed = new ArrayList<SealedBatch<T>>();
    int bytes = delimitedBytes(event);
    Open<T> batch = open.get(source);
    if (batch != null && batch.bytes + bytes > limits.maxBytes()) {
      seal(batch, sealed);
      batch = null;
    }
    if (batch == null) {
      batch = new Open<>(source, clock.instant());
      open.put(source, batch);
    }
    batch.add(event, token, bytes);
    openBytes += bytes;
    openEvents++;
    if (batch.bytes >= limits.maxBytes() || batch.events.size() >= limits.maxEvents()) {
      seal(batch, sealed);
    }
    while (openBytes > limits.maxOpenBytes() || openEvents >= limits.maxOpenEvents()) {
      seal(largest(), sealed);
    }
    return sealed;
  }

  /** Closes the batches whose first event has waited long enough. */
  public List<SealedBatch<T>> sealDue() {
    if (open.isEmpty()) {
      return List.of();
    }
    Instant now = clock.instant();
    var sealed = new ArrayList<SealedBatch<T>>();
    for (Open<T> batch : List.copyOf(open.values())) {
      if (now.isBefore(due(batch))) {
        break;
      }
      seal(batch, sealed);
    }
    return sealed;
  }

  /** Closes every batch, as before a stop. */
  public List<SealedBatch<T>> sealAll() {
    var sealed = new ArrayList<SealedBatch<T>>();
    for (Open<T> batch : List.copyOf(open.values())) {
      seal(batch, sealed);
    }
    return sealed;
  }

  /** Forgets what is open: for events that their transport is going to deliver again. */
  public void discard() {
    open.clear();
    openBytes = 0;
    openEvents = 0;
  }

  /** When {@link #sealDue} will next have something to close; empty while nothing is open. */
  public Optional<Instant> nextDue() {
    return open.isEmpty() ? Optional.empty() : Optional.of(due(open.values().iterator().next()));
  }

  public int openEvents() {
    return openEvents;
  }

  private Instant due(Open<T> batch) {
    return batch.firstAt.plus(limits.maxAge());
  }

  private Open<T> largest() {
    return open.values().stream().max(Comparator.comparingLong(b -> b.bytes)).orElseThrow();
  }

  private void seal(Open<T> batch, List<SealedBatch<T>> into) {
    open.remove(batch.source);
    openBytes -= batch.bytes;
    openEvents -= batch.events.size();
    encode(batch.source, clock.instant(), batch.events, batch.tokens, into);
  }

  /** Encodes in one piece where the queue takes it, else in two halves, each tried again. */
  private void encode(
      String source,
      Instant sealedTime,
      List<Event> events,
      List<T> tokens,
      List<SealedBatch<T>> into) {
    BatchHeader header =
        BatchHeader.newBuilder()
            .setBatchId(BatchIds.create(sealedTime, random))
            .setSource(source)
            .setSealedTime(Times.timestamp(sealedTime))
            .setCount(events.size())
            .build();
    var batch = new Batch(header, events);
    byte[] frame = BatchFrame.encode(batch);
    boolean inline = SealedBatch.fitsInline(batch, frame);
    if (inline || events.size() == 1) {
      into.add(new SealedBatch<>(batch, frame, !inline, tokens));
      return;
    }
    int half = middle(events);
    encode(source, sealedTime, events.subList(0, half), tokens.subList(0, half), into);
    int all = events.size();
    encode(source, sealedTime, events.subList(half, all), tokens.subList(half, all), into);
  }

  /** Where to cut so that both parts have events and about as many bytes. */
  private static int middle(List<Event> events) {
    long total = events.stream().mapToLong(BatchPacker::delimitedBytes).sum();
    long before = 0;
    for (int i = 0; i < events.size() - 1; i++) {
      before += delimitedBytes(events.get(i));
      if (before * 2 >= total) {
        return i + 1;
      }
    }
    return events.size() - 1;
  }

  private static int delimitedBytes(Event event) {
    int size = event.getSerializedSize();
    return CodedOutputStream.computeUInt32SizeNoTag(size) + size;
  }

  private static final class Open<T> {
    final String source;
    final Instant firstAt;
    final List<Event> events = new ArrayList<>();
    final List<T> tokens = new ArrayList<>();
    long bytes;

    Open(String source, Instant firstAt) {
      this.source = source;
      this.firstAt = firstAt;
    }

    void add(Event event, T token, int eventBytes) {
      events.add(event);
      tokens.add(token);
      bytes += eventBytes;
    }
  }
}

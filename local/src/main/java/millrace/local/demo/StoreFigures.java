package millrace.local.demo;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import millrace.core.batch.BadBatchException;
import millrace.core.batch.Batch;
import millrace.core.batch.BatchFrame;
import millrace.core.batch.FrameLimits;
import millrace.core.event.Times;
import millrace.core.file.ObjectKeys;
import millrace.core.file.ObjectStore;
import millrace.core.file.ObjectStore.Listed;
import millrace.event.v1.Event;

/**
 * What the bucket says of a run: the listing of its files, and the batches that archive and
 * quarantine keep.
 */
final class StoreFigures {
  private final ObjectStore store;

  StoreFigures(ObjectStore store) {
    this.store = store;
  }

  /**
   * Files of rows.
   *
   * @param storedAt when each was stored, by key
   * @param rows that the keys state
   */
  record Files(Map<String, Instant> storedAt, long rows, long bytes) {}

  Files files() {
    var storedAt = new HashMap<String, Instant>();
    long rows = 0;
    long bytes = 0;
    for (String prefix : List.of(ObjectKeys.EVENTS, ObjectKeys.FAILED)) {
      try (Stream<Listed> listed = store.list(prefix)) {
        for (Listed each : (Iterable<Listed>) listed::iterator) {
          storedAt.put(each.key(), each.storedAt());
          rows += ObjectKeys.rows(each.key()).orElse(0);
          bytes += each.bytes();
        }
      }
    }
    return new Files(storedAt, rows, bytes);
  }

  /**
   * Batches as they were received, from the archive and from quarantine: an event lies in one of
   * them.
   *
   * @param received from publishing to receiving; producers state whole seconds only
   * @param sealed from receiving to sealing
   * @param stored from sealing to storing
   */
  record Batches(
      long batches,
      long events,
      long bytes,
      Latencies received,
      Latencies sealed,
      Latencies stored) {}

  Batches batches() {
    Set<String> ids = new HashSet<>();
    var received = new Latencies();
    var sealed = new Latencies();
    var stored = new Latencies();
    long events = 0;
    long bytes = 0;
    for (String prefix : List.of(ObjectKeys.ARCHIVE, ObjectKeys.QUARANTINE)) {
      try (Stream<Listed> listed = store.list(prefix)) {
        for (Listed each : (Iterable<Listed>) listed::iterator) {
          bytes += each.bytes();
          for (Batch batch : frames(each.key())) {
            ids.add(batch.header().getBatchId());
            events += batch.events().size();
            Instant sealedAt = Times.instant(batch.header().getSealedTime());
            stored.add(Duration.between(sealedAt, each.storedAt()), batch.events().size());
            for (Event event : batch.events()) {
              Instant receivedAt = Times.instant(event.getReceivedTime());
              sealed.add(Duration.between(receivedAt, sealedAt), 1);
              if (event.hasPublishedTime()) {
                received.add(
                    Duration.between(Times.instant(event.getPublishedTime()), receivedAt), 1);
              }
            }
          }
        }
      }
    }
    return new Batches(ids.size(), events, bytes, received, sealed, stored);
  }

  private List<Batch> frames(String key) {
    try {
      byte[] object = store.get(key).orElseThrow().bytes();
      return BatchFrame.decodeAll(object, FrameLimits.ARCHIVE);
    } catch (BadBatchException e) {
      throw new IllegalStateException("the archive object " + key + " cannot be read", e);
    }
  }
}

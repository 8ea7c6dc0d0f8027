package millrace.local.trace;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import millrace.core.batch.BadBatchException;
import millrace.core.batch.Batch;
import millrace.core.batch.BatchFrame;
import millrace.core.batch.BatchIds;
import millrace.core.batch.FrameLimits;
import millrace.core.failed.MillraceFailure.EnvironmentFailure;
import millrace.core.file.ObjectKeys;
import millrace.core.file.ObjectStore;
import millrace.core.file.ObjectStore.Listed;
import millrace.event.v1.Event;

/** Batches in the objects of archive and quarantine. */
public final class StoredFrames {
  private final ObjectStore store;

  public StoredFrames(ObjectStore store) {
    this.store = store;
  }

  /** A batch and the object that holds it. */
  public record Stored(String key, Batch batch) {}

  /**
   * The batches of one object, in order.
   *
   * @throws EnvironmentFailure when the object is missing or damaged
   */
  public List<Batch> batches(String key) {
    byte[] object =
        store
            .get(key)
            .orElseThrow(() -> new EnvironmentFailure("there is no object " + key, null))
            .bytes();
    try {
      return BatchFrame.decodeAll(object, FrameLimits.ARCHIVE);
    } catch (BadBatchException e) {
      throw new EnvironmentFailure("the object " + key + " is damaged: " + e.getMessage(), e);
    }
  }

  /** Keys of objects whose names begin so. */
  public List<String> keys(String prefix) {
    try (Stream<Listed> listed = store.list(prefix)) {
      return listed.map(Listed::key).toList();
    }
  }

  /** The event at a position of a quarantine object, counted over all its frames. */
  public Optional<Event> event(String key, int row) {
    var events = new ArrayList<Event>();
    batches(key).forEach(batch -> events.addAll(batch.events()));
    return row >= 0 && row < events.size() ? Optional.of(events.get(row)) : Optional.empty();
  }

  /**
   * Where the archive keeps a batch: the id tells the day, so only the objects of that day are
   * read.
   */
  public Optional<Stored> archived(String source, String batchId) {
    return BatchIds.sealedTime(batchId)
        .flatMap(
            sealedTime -> {
              String prefix = ObjectKeys.archive(source, Days.utc(sealedTime), Days.ANY);
              return keys(prefix.substring(0, prefix.lastIndexOf('/') + 1)).stream()
                  .flatMap(key -> batches(key).stream().map(batch -> new Stored(key, batch)))
                  .filter(stored -> stored.batch().header().getBatchId().equals(batchId))
                  .findFirst();
            });
  }
}

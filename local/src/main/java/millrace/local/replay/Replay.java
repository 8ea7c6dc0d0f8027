package millrace.local.replay;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import millrace.core.batch.Batch;
import millrace.core.batch.BatchQueue;
import millrace.core.batch.BatchQueue.Outcome;
import millrace.core.failed.MillraceFailure.EnvironmentFailure;
import millrace.core.file.ObjectStore;
import millrace.local.Progress;
import millrace.local.replay.ReplayFrames.Replayed;
import millrace.local.trace.StoredFrames;

/** Sends stored batches through the writer again. */
public final class Replay {
  private static final int TRIES = 5;

  private final ObjectStore store;
  private final BatchQueue queue;
  private final Progress progress;

  public Replay(ObjectStore store, BatchQueue queue, Progress progress) {
    this.store = store;
    this.queue = queue;
    this.progress = progress;
  }

  /** What was, or would be, sent. */
  public record Sent(int objects, int batches, long events) {}

  /**
   * @param keys archive or quarantine objects
   * @param dryRun only counts
   * @throws EnvironmentFailure when the queue did not take a batch; calling again repeats no file
   */
  public Sent send(List<String> keys, boolean dryRun) {
    int batches = 0;
    long events = 0;
    int objects = 0;
    var waiting = new ArrayList<Replayed>();
    for (String key : keys) {
      List<Batch> stored = new StoredFrames(store).batches(key);
      for (Replayed message : ReplayFrames.of(key, stored)) {
        batches++;
        events += message.events();
        if (!dryRun) {
          enqueue(waiting, message);
        }
      }
      objects++;
      if (objects % 20 == 0) {
        progress.say(objects + " of " + keys.size() + " objects, " + events + " events");
      }
    }
    flush(waiting);
    return new Sent(objects, batches, events);
  }

  private void enqueue(List<Replayed> waiting, Replayed message) {
    int bytes = waiting.stream().mapToInt(each -> each.message().bytes()).sum();
    if (waiting.size() == BatchQueue.MAX_MESSAGES
        || bytes + message.message().bytes() > BatchQueue.MAX_BYTES) {
      flush(waiting);
    }
    if (message.isReference()) {
      // the frame lies before the message that refers to it
      var unused = store.putIfAbsent(message.key(), message.frame(), Map.of());
    }
    waiting.add(message);
  }

  private void flush(List<Replayed> waiting) {
    List<BatchQueue.Message> left = new ArrayList<>();
    waiting.forEach(each -> left.add(each.message()));
    String reason = "";
    for (int attempt = 0; attempt < TRIES && !left.isEmpty(); attempt++) {
      List<Outcome> outcomes = queue.send(List.copyOf(left));
      for (int i = outcomes.size() - 1; i >= 0; i--) {
        switch (outcomes.get(i)) {
          case Outcome.Accepted _ -> left.remove(i);
          case Outcome.Retry retry -> reason = retry.reason();
          case Outcome.Refused refused -> throw notSent(refused.reason());
        }
      }
    }
    if (!left.isEmpty()) {
      throw notSent(reason);
    }
    waiting.clear();
  }

  private static EnvironmentFailure notSent(String reason) {
    return new EnvironmentFailure(
        "the queue did not take a batch: " + reason + "; replay again, nothing is written twice",
        null);
  }
}

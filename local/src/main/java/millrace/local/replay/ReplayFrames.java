package millrace.local.replay;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import millrace.core.batch.Batch;
import millrace.core.batch.BatchAttributes;
import millrace.core.batch.BatchBody;
import millrace.core.batch.BatchFrame;
import millrace.core.batch.BatchQueue;
import millrace.core.file.ObjectKeys;
import millrace.core.names.Digests;

/**
 * Makes messages of stored batches. A batch keeps its id, its sealed time and all events that its
 * object has of it, and says where it was read: so the same replay gives the same files, and no
 * replay of some of its events can find the key of another taken.
 */
public final class ReplayFrames {
  private static final int MOST_FRAME_BYTES = 700_000;

  private ReplayFrames() {}

  /**
   * A message, and the object it refers to where the frame is too large for one.
   *
   * @param frame empty when the message carries it
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  public record Replayed(BatchQueue.Message message, String key, byte[] frame, int events) {
    public boolean isReference() {
      return frame.length > 0;
    }
  }

  /**
   * @param key archive or quarantine object that holds the batches
   */
  public static List<Replayed> of(String key, List<Batch> batches) {
    var messages = new ArrayList<Replayed>();
    for (Batch stored : batches) {
      var batch =
          new Batch(stored.header().toBuilder().setReplayedFrom(key).build(), stored.events());
      messages.add(message(batch));
    }
    return messages;
  }

  private static Replayed message(Batch batch) {
    byte[] frame = BatchFrame.encode(batch);
    Map<String, String> attributes = BatchAttributes.of(batch.header());
    if (frame.length <= MOST_FRAME_BYTES) {
      var message = new BatchQueue.Message(BatchBody.inline(frame), attributes);
      return new Replayed(message, "", new byte[0], batch.events().size());
    }
    String digest = Digests.sha256(frame);
    // not the key of the first run, whose object has another header
    String key =
        ObjectKeys.batch(batch.header().getBatchId() + "-replay-" + digest.substring(0, 16));
    var message = new BatchQueue.Message(BatchBody.reference(key, digest), attributes);
    return new Replayed(message, key, frame, batch.events().size());
  }
}

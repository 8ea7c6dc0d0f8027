package millrace.core.batch;

import java.util.ArrayList;
import java.util.List;

/** Groups batches into as few calls of the queue as its limits allow, keeping their order. */
public final class BatchCalls {
  private BatchCalls() {}

  /**
   * A batch with its message, made once: a retry must send the same bytes, and base64 of a MiB is
   * not free.
   */
  public record Outgoing<T>(SealedBatch<T> batch, BatchQueue.Message message) {
    public static <T> Outgoing<T> of(SealedBatch<T> batch) {
      return new Outgoing<>(batch, batch.message());
    }
  }

  public static <T> List<List<Outgoing<T>>> group(List<Outgoing<T>> batches) {
    var calls = new ArrayList<List<Outgoing<T>>>();
    var call = new ArrayList<Outgoing<T>>();
    long bytes = 0;
    for (Outgoing<T> batch : batches) {
      int size = batch.message().bytes();
      boolean full = call.size() == BatchQueue.MAX_MESSAGES || bytes + size > BatchQueue.MAX_BYTES;
      if (full && !call.isEmpty()) {
        calls.add(List.copyOf(call));
        call.clear();
        bytes = 0;
      }
      call.add(batch);
      bytes += size;
    }
    if (!call.isEmpty()) {
      calls.add(List.copyOf(call));
    }
    return calls;
  }
}

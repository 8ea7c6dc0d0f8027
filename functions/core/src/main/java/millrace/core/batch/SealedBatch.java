package millrace.core.batch;

import java.util.List;
import millrace.core.file.ObjectKeys;
import millrace.core.names.Digests;

/**
 * A closed batch on its way to the queue, with what it takes to acknowledge its events.
 *
 * @param <T> token of one event: what its acknowledgement needs
 */
public final class SealedBatch<T> {
  private final Batch batch;
  private final byte[] frame;
  private final boolean byReference;
  private final List<T> tokens;

  SealedBatch(Batch batch, byte[] frame, boolean byReference, List<T> tokens) {
    if (tokens.size() != batch.events().size()) {
      throw new IllegalArgumentException("as many tokens as events");
    }
    this.batch = batch;
    this.frame = frame;
    this.byReference = byReference;
    this.tokens = List.copyOf(tokens);
  }

  public Batch batch() {
    return batch;
  }

  /** The encoded batch; not to be changed. */
  public byte[] frame() {
    return frame;
  }

  /** Whether the frame must lie in the object store before the message is sent. */
  public boolean byReference() {
    return byReference;
  }

  /** Tokens of the events, in their order. */
  public List<T> tokens() {
    return tokens;
  }

  /** Where the frame lies when the message carries a reference. */
  public String objectKey() {
    return ObjectKeys.batch(batch.header().getBatchId());
  }

  /** The same batch, its frame carried by the object store. */
  public SealedBatch<T> asReference() {
    return new SealedBatch<>(batch, frame, true, tokens);
  }

  public BatchQueue.Message message() {
    String body =
        byReference
            ? BatchBody.reference(objectKey(), Digests.sha256(frame))
            : BatchBody.inline(frame);
    return new BatchQueue.Message(body, BatchAttributes.of(batch.header()));
  }

  /** Whether the queue takes the frame within the message. */
  static boolean fitsInline(Batch batch, byte[] frame) {
    int attributes = new BatchQueue.Message("", BatchAttributes.of(batch.header())).bytes();
    return (long) BatchBody.inlineLength(frame.length) + attributes <= BatchQueue.MAX_BYTES;
  }

  @Override
  public String toString() {
    return "batch " + batch.header().getBatchId() + " of " + batch.events().size();
  }
}

package millrace.writer;

import com.google.protobuf.ByteString;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import millrace.core.batch.Batch;
import millrace.core.batch.BatchAttributes;
import millrace.core.batch.BatchFrame;
import millrace.core.batch.BatchIds;
import millrace.core.event.Times;
import millrace.core.failed.FailedEvent;
import millrace.core.failed.FailureClass;
import millrace.core.names.Digests;
import millrace.event.v1.BatchHeader;
import millrace.event.v1.Event;
import millrace.event.v1.IdOrigin;

/**
 * What a message brought.
 *
 * <p>Two deliveries with the same {@link #identity()} are the same one, delivered twice.
 */
sealed interface Delivery {
  /**
   * What is known of the message's events: of an unreadable one, a batch with its bytes as the only
   * event.
   */
  Batch batch();

  /** What the file id is made of. */
  Batch identity();

  /** A batch. */
  record Readable(Batch batch) implements Delivery {
    @Override
    public Batch identity() {
      return batch;
    }
  }

  /**
   * Bytes that are no batch.
   *
   * @param reason one sentence without any of the bytes
   */
  record Unreadable(Batch batch, String reason) implements Delivery {
    /**
     * The content, because a damaged body may claim the id of a batch that was written long ago.
     */
    @Override
    public Batch identity() {
      String digest = Digests.sha256(batch.events().getFirst().getPayload().toByteArray());
      return new Batch(
          batch.header().toBuilder().setBatchId("bytes:" + digest).build(), batch.events());
    }

    FailedEvent failedEvent() {
      return new FailedEvent(
          null,
          IdOrigin.ID_ORIGIN_UNSPECIFIED,
          batch.header().getSource(),
          null,
          batch.header().getBatchId(),
          0,
          null,
          FailureClass.BAD_BATCH,
          reason,
          batch.events().getFirst());
    }
  }

  /** A body that cannot be read. */
  static Unreadable ofBody(QueueMessage message, String reason) {
    return unreadable(
        message,
        message.body().getBytes(StandardCharsets.UTF_8),
        "application/vnd.millrace.batch-body",
        reason);
  }

  /** A frame that cannot be read. */
  static Unreadable ofFrame(QueueMessage message, byte[] frame, String reason) {
    return unreadable(message, frame, "application/vnd.millrace.batch-frame", reason);
  }

  /** A batch that claims the id of another one in the same invocation. */
  static Unreadable ofImpostor(Batch batch) {
    QueueMessage message =
        new QueueMessage(
            "",
            "",
            BatchAttributes.of(batch.header()),
            Times.instant(batch.header().getSealedTime()));
    return ofFrame(
        message, BatchFrame.encode(batch), "another batch with other events has the same id");
  }

  private static Unreadable unreadable(
      QueueMessage message, byte[] bytes, String contentType, String reason) {
    String batchId = message.attributes().getOrDefault(BatchAttributes.BATCH_ID, "unknown");
    String source = message.attributes().getOrDefault(BatchAttributes.SOURCE, "unknown");
    Instant sealed = BatchIds.sealedTime(batchId).orElse(message.sentAt());
    Event event =
        Event.newBuilder()
            .setSource(source)
            .setReceivedTime(Times.timestamp(message.sentAt()))
            .setContentType(contentType)
            .setPayload(ByteString.copyFrom(bytes))
            .build();
    BatchHeader header =
        BatchHeader.newBuilder()
            .setBatchId(batchId)
            .setSource(source)
            .setSealedTime(Times.timestamp(sealed))
            .setCount(1)
            .build();
    return new Unreadable(new Batch(header, List.of(event)), reason);
  }
}

package millrace.writer;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import millrace.core.batch.BadBatchException;
import millrace.core.batch.Batch;
import millrace.core.batch.BatchAttributes;
import millrace.core.batch.BatchBody;
import millrace.core.batch.BatchFrame;
import millrace.core.batch.BatchIds;
import millrace.core.batch.FrameLimits;
import millrace.core.event.Times;
import millrace.core.failed.MillraceFailure.EnvironmentFailure;
import millrace.core.file.ObjectStore;
import millrace.core.log.Log;
import millrace.core.names.Digests;
import millrace.event.v1.Event;
import org.jspecify.annotations.Nullable;

/**
 * Turns messages into deliveries, or leaves them to be retried where the environment or this
 * version is at fault.
 */
final class ReceiveBatches {
  /**
   * Most bytes of events that one invocation holds; the messages beyond wait for the next one. Rows
   * take about eight times as much memory as the events they are read from, and the function has
   * 1.7 GB.
   */
  static final long MAX_EVENT_BYTES = 96L << 20;

  private final ObjectStore store;
  private final FrameLimits limits;
  private final long maxEventBytes;
  private final Log log;

  ReceiveBatches(ObjectStore store, FrameLimits limits, long maxEventBytes, Log log) {
    this.store = store;
    this.limits = limits;
    this.maxEventBytes = maxEventBytes;
    this.log = log;
  }

  /**
   * @param deliveries what can be worked on, with the message that brought it
   * @param retried ids of the messages that stay in the queue
   */
  record Received(List<Brought> deliveries, List<String> retried) {}

  /** A delivery and its message, which is acknowledged last. */
  record Brought(String messageId, Delivery delivery) {}

  Received receive(List<QueueMessage> messages) {
    var deliveries = new ArrayList<Brought>();
    var retried = new ArrayList<String>();
    long bytes = 0;
    for (QueueMessage message : messages) {
      if (bytes >= maxEventBytes) {
        retried.add(message.id());
        continue;
      }
      Optional<Delivery> delivery = receive(message);
      if (delivery.isEmpty()) {
        retried.add(message.id());
        continue;
      }
      bytes += delivery.get().batch().events().stream().mapToLong(Event::getSerializedSize).sum();
      deliveries.add(new Brought(message.id(), delivery.get()));
    }
    return new Received(deliveries, retried);
  }

  private Optional<Delivery> receive(QueueMessage message) {
    return switch (BatchBody.parse(message.body())) {
      case BatchBody.Inline inline -> Optional.of(decode(message, inline.frame()));
      case BatchBody.Reference reference -> fetch(message, reference);
      case BatchBody.Unreadable unreadable ->
          Optional.of(Delivery.ofBody(message, unreadable.reason()));
      case BatchBody.UnknownVersion unknown -> {
        log.warn(
            "a body of version " + unknown.prefix() + " will be retried: deploy a newer writer",
            names(message));
        yield Optional.empty();
      }
    };
  }

  private Optional<Delivery> fetch(QueueMessage message, BatchBody.Reference reference) {
    try {
      Optional<ObjectStore.Found> object = store.get(reference.key());
      if (object.isEmpty()) {
        log.warn(
            "will be retried: refers to " + reference.key() + ", which is not there",
            names(message));
        return Optional.empty();
      }
      byte[] frame = object.get().bytes();
      return Optional.of(
          Digests.sha256(frame).equals(reference.sha256())
              ? decode(message, frame)
              : Delivery.ofFrame(
                  message, frame, "the object is not the one that the reference names"));
    } catch (EnvironmentFailure failure) {
      log.warn("will be retried: " + failure.getMessage(), names(message));
      return Optional.empty();
    }
  }

  /** By the message's attributes, which are there when its body cannot be read. */
  private static @Nullable Object[] names(QueueMessage message) {
    return new @Nullable Object[] {
      Log.SOURCE,
      message.attributes().get(BatchAttributes.SOURCE),
      Log.BATCH,
      message.attributes().get(BatchAttributes.BATCH_ID),
      "queue_message",
      message.id()
    };
  }

  private Delivery decode(QueueMessage message, byte[] frame) {
    try {
      Batch batch = BatchFrame.decode(frame, limits);
      checkHeader(batch);
      return new Delivery.Readable(batch);
    } catch (BadBatchException bad) {
      return Delivery.ofFrame(message, frame, String.valueOf(bad.getMessage()));
    }
  }

  /** What folders and metadata are made of has to be trusted further than what an event holds. */
  private static void checkHeader(Batch batch) throws BadBatchException {
    if (BatchIds.sealedTime(batch.header().getBatchId()).isEmpty()) {
      throw new BadBatchException("the batch id is not a UUIDv7");
    }
    if (!batch.header().hasSealedTime() || !Times.isValid(batch.header().getSealedTime())) {
      throw new BadBatchException("the header has no sealed time within the years 1 to 9999");
    }
    for (Event event : batch.events()) {
      if (!event.hasReceivedTime() || !Times.isValid(event.getReceivedTime())) {
        throw new BadBatchException("an event has no received time within the years 1 to 9999");
      }
    }
  }
}

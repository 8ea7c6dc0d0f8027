package millrace.writer;

import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import millrace.core.batch.Batch;
import millrace.core.batch.BatchFrame;
import millrace.core.batch.FrameLimits;
import millrace.core.contract.ContractSet;
import millrace.core.contract.ContractSource;
import millrace.core.event.TraceContext;
import millrace.core.failed.FailedEventColumns;
import millrace.core.failed.MillraceFailure;
import millrace.core.failed.MillraceFailure.EnvironmentFailure;
import millrace.core.file.FileFormat;
import millrace.core.file.FileId;
import millrace.core.file.NdjsonEncoder;
import millrace.core.file.ObjectKeys;
import millrace.core.file.ObjectStore;
import millrace.core.log.Log;
import millrace.core.row.Row;
import millrace.core.row.RowReader;
import millrace.core.row.RowSchema;

/**
 * The write step. Messages are received as deliveries; the deliveries of one source and day are a
 * group; the events of a group are read; what was read is stored. A message is acknowledged when
 * everything it brought is stored.
 */
public final class WriteBatches {
  /**
   * Version of the bytes that this code writes: part of every file id. Raise it when the golden
   * files test fails for a reason that is wanted, so that a replay gets keys of its own.
   */
  public static final int WRITER_VERSION = 4;

  /**
   * A group takes a second or two; a store that is slow takes a few more. The rest of the group is
   * retried then.
   */
  static final Duration LAST_START = Duration.ofSeconds(10);

  /** Batches that a line about a group names. */
  private static final int MOST_NAMED = 10;

  private final ReceiveBatches receiving;
  private final ObjectStore store;
  private final ContractSource contracts;
  private final WriterKeys keys;
  private final RowFormats formats;
  private final WriterMetrics metrics;
  private final Log log;

  /**
   * @param log for people; lines name places, never values
   */
  public WriteBatches(
      ObjectStore store,
      ContractSource contracts,
      WriterKeys keys,
      RowFormats formats,
      WriterMetrics metrics,
      Log log) {
    this.receiving =
        new ReceiveBatches(store, FrameLimits.QUEUE, ReceiveBatches.MAX_EVENT_BYTES, log);
    this.store = store;
    this.contracts = contracts;
    this.keys = keys;
    this.formats = formats;
    this.metrics = metrics;
    this.log = log;
  }

  /**
   * Writes what can be written.
   *
   * @param remaining time left for this invocation
   * @return ids of the messages that have to be delivered again
   * @throws MillraceFailure when nothing can be written: no contracts, no key
   */
  public List<String> write(List<QueueMessage> messages, Supplier<Duration> remaining) {
    ContractSet active = contracts.active();
    var reader = new RowReader(active, keys.payloadHash(), keys.personalHash());
    ReceiveBatches.Received received = receiving.receive(messages);
    var retried = new ArrayList<>(received.retried());
    for (Group group : Group.of(received.deliveries())) {
      if (remaining.get().compareTo(LAST_START) < 0) {
        log.info("waits for the next invocation: too little time is left", names(group));
        retried.addAll(group.messageIds());
      } else if (!isWritten(group, active, reader)) {
        retried.addAll(group.messageIds());
      }
    }
    metrics.invocation(messages.size(), retried.size());
    return retried;
  }

  private boolean isWritten(Group group, ContractSet active, RowReader reader) {
    try {
      GroupContent content =
          GroupContent.read(group, fileId(group, active), reader, keys.subjectKeys());
      metrics.group(content, store(group, content, active));
      tellOfFailed(content);
      return true;
    } catch (EnvironmentFailure failure) {
      log.warn("will be retried: " + failure.getMessage(), names(group));
      return false;
    } catch (MillraceFailure failure) {
      throw failure;
    } catch (RuntimeException defect) {
      // Ours to fix; other groups go on. The message of an exception may quote a value, its place
      // does not.
      log.error(
          "will be retried: " + defect.getClass().getName() + " at " + place(defect), names(group));
      return false;
    }
  }

  private FileId fileId(Group group, ContractSet active) {
    List<Batch> identities = group.deliveries().stream().map(Delivery::identity).toList();
    return FileId.of(identities, active.digest(), WRITER_VERSION, formats.standard());
  }

  /**
   * Stores the objects of a group, one at a time. The order matters where the environment fails in
   * between: bytes lie before the rows that point to them, and rows that somebody reads come last.
   */
  private WriterMetrics.Stored store(Group group, GroupContent content, ContractSet active) {
    var metadata = new ObjectMetadata(group, active.digest());
    var stored = new WriterMetrics.Stored();
    if (!content.quarantined().isEmpty()) {
      byte[] frames = frames(content.quarantined());
      put(
          content.quarantineKey(),
          frames,
          metadata.of(frames, content.quarantinedEvents()),
          stored);
    }
    if (!content.failedRows().isEmpty()) {
      int rows = content.failedRows().size();
      byte[] file =
          NdjsonEncoder.gzip()
              .encode("raw.failed_events", FailedEventColumns.COLUMNS, content.failedRows());
      put(
          ObjectKeys.failed(group.day(), content.id(), rows),
          file,
          metadata.of(file, rows),
          stored);
    }
    if (!content.archived().isEmpty()) {
      byte[] frames = frames(content.archived());
      int events = content.archived().stream().mapToInt(batch -> batch.events().size()).sum();
      put(
          ObjectKeys.archive(group.source(), group.day(), content.id()),
          frames,
          metadata.of(frames, events),
          stored);
    }
    content
        .rowsByType()
        .forEach((type, rows) -> storeRows(group, content.id(), type, rows, metadata, stored));
    return stored;
  }

  private void storeRows(
      Group group,
      FileId id,
      String type,
      List<Row> rows,
      ObjectMetadata metadata,
      WriterMetrics.Stored stored) {
    RowSchema schema = rows.getFirst().schema();
    FileFormat format = formats.of(schema.contract());
    byte[] file =
        formats
            .encoder(format)
            .encode(type, schema.columns(), rows.stream().map(Row::values).toList());
    String key = ObjectKeys.eventFile(format, group.source(), type, group.day(), id, rows.size());
    put(key, file, metadata.of(file, rows), stored);
  }

  private void put(
      String key, byte[] bytes, Map<String, String> metadata, WriterMetrics.Stored stored) {
    switch (store.putIfAbsent(key, bytes, metadata)) {
      case CREATED -> stored.created(bytes.length);
      case ALREADY_THERE ->
          stored.alreadyThere(); // by an earlier try, whose answer was lost or whose group failed
        // later
    }
  }

  private static byte[] frames(List<Batch> batches) {
    var frames = new ByteArrayOutputStream();
    batches.forEach(batch -> frames.writeBytes(BatchFrame.encode(batch)));
    return frames.toByteArray();
  }

  /** One line per class, about its first event: a flood of bad events is no flood of lines. */
  private void tellOfFailed(GroupContent content) {
    content
        .firstFailed()
        .forEach(
            (failureClass, first) ->
                log.warn(
                    "events failed",
                    Log.SOURCE,
                    first.source(),
                    "class",
                    failureClass,
                    "events",
                    content.failedByClass().get(failureClass),
                    Log.BATCH,
                    first.batchId(),
                    "batch_row",
                    first.batchRow(),
                    Log.TRACE,
                    TraceContext.of(first.event().getTraceparent())
                        .map(TraceContext::traceId)
                        .orElse(null),
                    "reason",
                    first.reason()));
  }

  private static Object[] names(Group group) {
    return new Object[] {
      Log.SOURCE,
      group.source(),
      "day",
      group.day(),
      "queue_messages",
      group.messageIds().size(),
      Log.BATCH,
      group.deliveries().stream()
          .limit(MOST_NAMED)
          .map(delivery -> delivery.batch().header().getBatchId())
          .collect(Collectors.joining(" "))
    };
  }

  private static String place(RuntimeException defect) {
    StackTraceElement[] trace = defect.getStackTrace();
    return trace.length == 0 ? "an unknown place" : trace[0].toString();
  }
}

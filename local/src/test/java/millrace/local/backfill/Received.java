package millrace.local.backfill;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import millrace.core.batch.BadBatchException;
import millrace.core.batch.Batch;
import millrace.core.batch.BatchBody;
import millrace.core.batch.BatchFrame;
import millrace.core.batch.BatchQueue.Message;
import millrace.core.batch.FrameLimits;
import millrace.core.contract.ContractSet;
import millrace.core.event.PayloadHash;
import millrace.core.failed.FailedEvent;
import millrace.core.file.ObjectStore;
import millrace.core.row.MetadataColumn;
import millrace.core.row.Row;
import millrace.core.row.RowReader;
import millrace.core.row.RowReader.Reading;
import millrace.core.treat.PersonalHash;
import millrace.event.v1.Event;
import org.jspecify.annotations.Nullable;

/** What the writer makes of the batches of a queue: its own reading, with its own rules. */
public final class Received {
  private final List<Row> rows = new ArrayList<>();
  private final List<FailedEvent> failed = new ArrayList<>();
  private final Set<String> batchIds = new HashSet<>();

  public static Received of(List<Message> messages, ObjectStore store, ContractSet contracts) {
    var received = new Received();
    var reader =
        new RowReader(
            contracts,
            new PayloadHash("a key of sixteen bytes".getBytes(StandardCharsets.UTF_8)),
            new PersonalHash("another key of bytes".getBytes(StandardCharsets.UTF_8)));
    for (Message message : messages) {
      Batch batch = batch(message, store);
      received.batchIds.add(batch.header().getBatchId());
      for (int i = 0; i < batch.events().size(); i++) {
        Event event = batch.events().get(i);
        switch (reader.read(event, batch.header().getBatchId(), i, Map.of())) {
          case Reading.Accepted accepted -> received.rows.add(accepted.row());
          case Reading.Refused refused -> received.failed.add(refused.failed());
        }
      }
    }
    return received;
  }

  private static Batch batch(Message message, ObjectStore store) {
    byte[] frame =
        switch (BatchBody.parse(message.body())) {
          case BatchBody.Inline inline -> inline.frame();
          case BatchBody.Reference reference -> store.get(reference.key()).orElseThrow().bytes();
          case BatchBody other -> throw new AssertionError(other);
        };
    try {
      return BatchFrame.decode(frame, FrameLimits.QUEUE);
    } catch (BadBatchException unreadable) {
      throw new AssertionError(unreadable);
    }
  }

  /** All of them, repeats too. */
  public List<Row> rows() {
    return rows;
  }

  public List<FailedEvent> failed() {
    return failed;
  }

  public Set<String> batchIds() {
    return batchIds;
  }

  /** One row of each identity, as the models keep it, by the event's id. */
  public Map<String, Row> deduplicated() {
    Map<String, Row> byId = new TreeMap<>();
    rows.forEach(row -> byId.putIfAbsent(String.valueOf(row.get(MetadataColumn.EVENT_ID)), row));
    return byId;
  }

  /** Identities that came with more than one payload: what the audit would name. */
  public Set<String> conflicts() {
    Map<String, @Nullable Object> hashes = new HashMap<>();
    Set<String> conflicts = new HashSet<>();
    for (Row row : rows) {
      String id = String.valueOf(row.get(MetadataColumn.EVENT_ID));
      Object hash = row.get(MetadataColumn.PAYLOAD_HASH);
      Object before = hashes.putIfAbsent(id, hash);
      if (before != null && !before.equals(hash)) {
        conflicts.add(id);
      }
    }
    return conflicts;
  }

  public static @Nullable Object value(Row row, String column) {
    for (int i = 0; i < row.schema().columns().size(); i++) {
      if (row.schema().columns().get(i).name().equals(column)) {
        return row.values()[i];
      }
    }
    throw new AssertionError("no column " + column);
  }
}

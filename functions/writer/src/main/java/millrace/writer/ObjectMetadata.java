package millrace.writer;

import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import millrace.core.event.Times;
import millrace.core.names.Digests;
import millrace.core.row.MetadataColumn;
import millrace.core.row.Row;

/** User metadata of an object: what it was made of, stored in the same PUT as its bytes. */
final class ObjectMetadata {
  /** S3 allows 2 KB for all names and values. So many batch ids take half of it. */
  private static final int MAX_LISTED_BATCHES = 25;

  private final Map<String, String> common;

  ObjectMetadata(Group group, String contractSet) {
    List<String> ids =
        group.deliveries().stream()
            .map(delivery -> delivery.identity().header().getBatchId())
            .toList();
    common = new HashMap<>();
    common.put("writer-version", Integer.toString(WriteBatches.WRITER_VERSION));
    common.put("contract-set", contractSet);
    common.put("batches", Integer.toString(ids.size()));
    if (ids.size() <= MAX_LISTED_BATCHES) {
      common.put("batch-ids", String.join(",", ids));
    } else {
      common.put("batch-first", ids.getFirst());
      common.put("batch-last", ids.getLast());
      common.put("batch-ids-sha256", Digests.sha256(String.join("\n", ids)));
    }
  }

  /**
   * @param rows rows or events in the object
   */
  Map<String, String> of(byte[] bytes, int rows) {
    var metadata = new HashMap<>(common);
    metadata.put("rows", Integer.toString(rows));
    metadata.put("sha256", Digests.sha256(bytes));
    return metadata;
  }

  /** With the span of time in which its events happened. */
  Map<String, String> of(byte[] bytes, List<Row> rows) {
    Map<String, String> metadata = of(bytes, rows.size());
    List<Instant> times =
        rows.stream()
            .map(row -> (Instant) row.get(MetadataColumn.OCCURRED_AT))
            .filter(Objects::nonNull)
            .sorted()
            .toList();
    if (!times.isEmpty()) {
      metadata.put("occurred-first", Times.text(times.getFirst()));
      metadata.put("occurred-last", Times.text(times.getLast()));
    }
    return metadata;
  }
}

package millrace.derive.artifact;

import java.util.LinkedHashMap;
import java.util.Map;

/** What the columns mean that every row has beside its payload, in the words of the warehouse. */
final class MetadataTexts {
  /** Names of staging, which has no underscores in front, in the order of its columns. */
  private static final Map<String, String> STAGING = new LinkedHashMap<>();

  static {
    STAGING.put(
        "event_id", "The producer's id of the event; identity is (source, type, event_id).");
    STAGING.put(
        "id_origin",
        "Where the id comes from (CONTRACT, CLOUDEVENTS_ID, MESSAGE_ID, COORDINATES, RECEIPT,"
            + " CANONICAL_PAYLOAD).");
    STAGING.put("source", "The producing system.");
    STAGING.put("type", "Full name of the protobuf message.");
    STAGING.put("occurred_at", "Event time, UTC.");
    STAGING.put("published_at", "When the broker took the message, UTC; null in the backfill.");
    STAGING.put("received_at", "When the pipeline took the message, UTC; null in the backfill.");
    STAGING.put("schema_version", "Version of the contract the producer used.");
    STAGING.put(
        "payload_hash",
        "Keyed hash of the canonical payload, `<key id>:<hex>`; null in the backfill.");
    STAGING.put("batch_id", "The batch that carried the event; null in the backfill.");
    STAGING.put("batch_row", "Position in the batch.");
    STAGING.put(
        "unknown_fields", "Place of the bytes the contract did not know, when there were any.");
    STAGING.put(
        "traceparent",
        "The producer's W3C trace context, `00-<trace id>-<span id>-<flags>`, where it sent one; null"
            + " in the backfill.");
    STAGING.put("file_name", "The loaded file; null in the backfill.");
    STAGING.put("file_row", "Row in the file.");
    STAGING.put("loaded_at", "When the load of the row began, UTC.");
    STAGING.put("is_backfill", "Whether the row comes from raw.events_backfill.");
    STAGING.put(
        "backfill_fingerprint",
        "Hash of a backfill row's payload, which only makes the order of such rows total.");
    STAGING.put("event_day", "Day of the event time; 1970-01-01 where there is none.");
  }

  private MetadataTexts() {}

  /** Columns of every staging model with their descriptions, in order. */
  static Map<String, String> staging() {
    return STAGING;
  }

  /** Description of a metadata column of a raw table. */
  static String of(String rawColumn) {
    String name = rawColumn.equals("_file") ? "file_name" : rawColumn.substring(1);
    String text = STAGING.get(name);
    if (text == null) {
      throw new IllegalArgumentException("no description of " + rawColumn);
    }
    return text.replace("; null in the backfill", "");
  }
}

package millrace.core.batch;

import java.util.Map;
import millrace.event.v1.BatchHeader;

/** SQS message attributes of a batch: what is known of it even when its body cannot be read. */
public final class BatchAttributes {
  public static final String BATCH_ID = "batch-id";
  public static final String SOURCE = "source";
  public static final String COUNT = "count";
  public static final String CODEC = "codec";

  /** Codec of every frame. */
  public static final String ZSTD = "zstd";

  private BatchAttributes() {}

  public static Map<String, String> of(BatchHeader header) {
    return Map.of(
        BATCH_ID, header.getBatchId(),
        SOURCE, header.getSource(),
        COUNT, Integer.toString(header.getCount()),
        CODEC, ZSTD);
  }
}

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

  private static final int MAX_SOURCE = 256;

  private BatchAttributes() {}

  public static Map<String, String> of(BatchHeader header) {
    return Map.of(
        BATCH_ID, header.getBatchId(),
        SOURCE, printable(header.getSource()),
        COUNT, Integer.toString(header.getCount()),
        CODEC, ZSTD);
  }

  /** Publishers name sources; SQS refuses control characters, and a whole batch with them. */
  private static String printable(String source) {
    var printable = new StringBuilder();
    for (int i = 0; i < Math.min(source.length(), MAX_SOURCE); i++) {
      char c = source.charAt(i);
      printable.append(c >= ' ' && c < 127 ? c : '?');
    }
    return printable.toString();
  }
}

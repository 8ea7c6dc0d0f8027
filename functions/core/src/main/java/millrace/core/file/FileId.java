package millrace.core.file;

import java.util.Collection;
import java.util.TreeSet;
import millrace.core.batch.Batch;
import millrace.core.names.Digests;

/**
 * Identity of the objects that one group of batches becomes: a hash of what decides their bytes,
 * and of nothing else, so that a retry writes the same keys and a replay after a change of contract
 * or code writes new ones.
 *
 * @param value 32 hex digits
 */
public record FileId(String value) {
  /**
   * @param batches the batches of one source and day that are written together
   * @param contractSetDigest digest of the released contracts they are read with
   * @param writerVersion raised when output bytes change
   * @param format default format of the deployment
   */
  public static FileId of(
      Collection<Batch> batches, String contractSetDigest, int writerVersion, FileFormat format) {
    var ids = new TreeSet<String>();
    for (Batch batch : batches) {
      // A replay of part of a batch (its quarantined events) must not find the key of the whole
      // batch taken.
      ids.add(batch.header().getBatchId() + "<" + batch.header().getReplayedFrom());
    }
    String text =
        String.join("\n", ids) + "\n\n" + contractSetDigest + "\n" + writerVersion + "\n" + format;
    return new FileId(Digests.sha256(text).substring(0, 32));
  }

  @Override
  public String toString() {
    return value;
  }
}

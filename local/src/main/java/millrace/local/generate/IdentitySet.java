package millrace.local.generate;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;

/**
 * The identities of published events as 128-bit hashes, 16 bytes each, so that a million of them
 * stay small. Filled first, then frozen and searched. Not thread-safe while it is filled.
 */
public final class IdentitySet {
  private long[] high;
  private long[] low;
  private int size;
  private boolean frozen;
  private final MessageDigest digest = sha256();

  public IdentitySet(int expected) {
    this.high = new long[Math.max(16, expected)];
    this.low = new long[Math.max(16, expected)];
  }

  /** Adds an identity; adding it again changes nothing. */
  public void add(String source, String type, String id) {
    if (frozen) {
      throw new IllegalStateException("the set is frozen");
    }
    if (size == high.length) {
      high = Arrays.copyOf(high, size + size / 2);
      low = Arrays.copyOf(low, size + size / 2);
    }
    ByteBuffer hash = hash(digest, source, type, id);
    high[size] = hash.getLong();
    low[size] = hash.getLong();
    size++;
  }

  /** Ends filling: sorts and drops equal ones. */
  public IdentitySet freeze() {
    if (!frozen) {
      sort();
      int kept = 0;
      for (int i = 0; i < size; i++) {
        if (kept == 0 || high[i] != high[kept - 1] || low[i] != low[kept - 1]) {
          high[kept] = high[i];
          low[kept] = low[i];
          kept++;
        }
      }
      size = kept;
      frozen = true;
    }
    return this;
  }

  public int size() {
    return freeze().size;
  }

  /** Position of an identity in the frozen set, or a negative number. */
  public int position(String source, String type, String id) {
    freeze();
    ByteBuffer hash = hash(digest, source, type, id);
    long wantedHigh = hash.getLong();
    long wantedLow = hash.getLong();
    int from = 0;
    int to = size - 1;
    while (from <= to) {
      int middle = (from + to) >>> 1;
      int order = compare(high[middle], low[middle], wantedHigh, wantedLow);
      if (order == 0) {
        return middle;
      }
      if (order < 0) {
        from = middle + 1;
      } else {
        to = middle - 1;
      }
    }
    return -1;
  }

  /** Heap sort, since it sorts two arrays in step and in place. */
  private void sort() {
    for (int root = size / 2 - 1; root >= 0; root--) {
      sink(root, size);
    }
    for (int end = size - 1; end > 0; end--) {
      swap(0, end);
      sink(0, end);
    }
  }

  private void sink(int start, int end) {
    int root = start;
    while (2 * root + 1 < end) {
      int child = 2 * root + 1;
      if (child + 1 < end && less(child, child + 1)) {
        child++;
      }
      if (!less(root, child)) {
        return;
      }
      swap(root, child);
      root = child;
    }
  }

  private boolean less(int a, int b) {
    return compare(high[a], low[a], high[b], low[b]) < 0;
  }

  private void swap(int a, int b) {
    long h = high[a];
    high[a] = high[b];
    high[b] = h;
    long l = low[a];
    low[a] = low[b];
    low[b] = l;
  }

  private static int compare(long highA, long lowA, long highB, long lowB) {
    int order = Long.compareUnsigned(highA, highB);
    return order != 0 ? order : Long.compareUnsigned(lowA, lowB);
  }

  private static ByteBuffer hash(MessageDigest digest, String... parts) {
    for (String part : parts) {
      digest.update(part.getBytes(StandardCharsets.UTF_8));
      digest.update((byte) 0);
    }
    return ByteBuffer.wrap(digest.digest());
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException("every Java runtime has SHA-256", impossible);
    }
  }
}

package millrace.local.demo;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import millrace.local.generate.IdentitySet;

/**
 * The books of a run. They balance when the published identities without the failed ones are the
 * deduplicated ones: none is missing, none is there that should not be, and none twice. Events
 * without identity can only be counted.
 *
 * <p>Fed one identity at a time, so that the warehouse's own sets never lie in memory.
 */
public final class Balance {
  private static final int EXAMPLES = 5;

  private final IdentitySet published;
  private final long publishedWithoutIdentity;
  private final BitSet failed;
  private final BitSet deduplicated;
  private final List<String> examples = new ArrayList<>();
  private long foreign;
  private long twice;
  private long failedWithoutIdentity;

  /**
   * @param published every identity that was confirmed by the broker, failed ones included
   * @param publishedWithoutIdentity events that have no identity by their contract; not in {@code
   *     published}
   */
  public Balance(IdentitySet published, long publishedWithoutIdentity) {
    this.published = published.freeze();
    this.publishedWithoutIdentity = publishedWithoutIdentity;
    this.failed = new BitSet(published.size());
    this.deduplicated = new BitSet(published.size());
  }

  /** An identity of raw.failed_events; the same event may have failed several times. */
  public void failed(String source, String type, String id) {
    int position = published.position(source, type, id);
    if (position < 0) {
      foreign(source, type, id, "failed, but was never published");
    } else {
      failed.set(position);
    }
  }

  /** How many events of raw.failed_events have no identity. */
  public void failedWithoutIdentity(long events) {
    failedWithoutIdentity += events;
  }

  /** A row after deduplication. */
  public void deduplicated(String source, String type, String id) {
    int position = published.position(source, type, id);
    if (position < 0) {
      foreign(source, type, id, "is in the warehouse, but was never published");
    } else if (deduplicated.get(position)) {
      twice++;
      example(source, type, id, "is in the warehouse twice");
    } else {
      deduplicated.set(position);
    }
  }

  private void foreign(String source, String type, String id, String what) {
    foreign++;
    example(source, type, id, what);
  }

  private void example(String source, String type, String id, String what) {
    if (examples.size() < EXAMPLES) {
      examples.add(source + " " + type + " " + id + " " + what);
    }
  }

  /** Closes the books. */
  public Books books() {
    BitSet accounted = (BitSet) failed.clone();
    accounted.or(deduplicated);
    BitSet both = (BitSet) failed.clone();
    both.and(deduplicated);
    return new Books(
        published.size(),
        failed.cardinality(),
        deduplicated.cardinality(),
        published.size() - accounted.cardinality(),
        both.cardinality(),
        foreign,
        twice,
        publishedWithoutIdentity,
        failedWithoutIdentity,
        List.copyOf(examples));
  }

  /**
   * The books of a run, closed.
   *
   * @param published identities published
   * @param failed identities among the failed events
   * @param deduplicated identities after deduplication
   * @param missing published, neither failed nor deduplicated
   * @param both failed and yet deduplicated
   * @param foreign found, but never published
   * @param twice rows after deduplication whose identity was there already
   * @param publishedWithoutIdentity events published without an identity
   * @param failedWithoutIdentity failed events without an identity
   * @param examples a few of what is wrong
   */
  public record Books(
      long published,
      long failed,
      long deduplicated,
      long missing,
      long both,
      long foreign,
      long twice,
      long publishedWithoutIdentity,
      long failedWithoutIdentity,
      List<String> examples) {
    public boolean balance() {
      return missing == 0
          && both == 0
          && foreign == 0
          && twice == 0
          && publishedWithoutIdentity == failedWithoutIdentity;
    }
  }
}

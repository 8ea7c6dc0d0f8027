package millrace.rabbitmq;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.List;
import java.util.OptionalLong;

/**
 * Which delivery tags of a channel are settled. Tags count up from 1, so one acknowledgement "up to
 * here" settles thousands; it may be used only where everything before is settled too.
 */
final class TagLedger {
  /** Every tag up to this one is settled. */
  private long settledUpTo;

  /** Settled tags above it, as distance from it minus one. */
  private BitSet above = new BitSet();

  /**
   * What to send.
   *
   * @param upTo acknowledge everything up to this tag in one go
   * @param single acknowledge these one by one: something before them is still open
   */
  record Acknowledgement(OptionalLong upTo, List<Long> single) {}

  Acknowledgement accept(Collection<Long> tags) {
    long before = settledUpTo;
    tags.forEach(this::mark);
    advance();
    var single = new ArrayList<Long>();
    long highest = 0;
    for (long tag : tags) {
      if (tag > settledUpTo) {
        single.add(tag);
      } else if (tag > before) {
        highest = Math.max(highest, tag);
      }
    }
    return new Acknowledgement(
        highest == 0 ? OptionalLong.empty() : OptionalLong.of(highest), single);
  }

  /** Settled by other means than an acknowledgement. */
  void settle(long tag) {
    mark(tag);
    advance();
  }

  private void mark(long tag) {
    if (tag <= settledUpTo || above.get(index(tag))) {
      throw new IllegalArgumentException("delivery " + tag + " is settled already");
    }
    above.set(index(tag));
  }

  private void advance() {
    int run = above.nextClearBit(0);
    if (run > 0) {
      settledUpTo += run;
      above = above.get(run, Math.max(run, above.length()));
    }
  }

  private int index(long tag) {
    return Math.toIntExact(tag - settledUpTo - 1);
  }
}

package millrace.writer;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;
import millrace.core.batch.Batch;

/**
 * The deliveries of one source and day: what shares an archive object and fails or succeeds
 * together.
 *
 * @param deliveries without repeats, by batch id: files are a function of the set, not of the order
 *     of arrival
 * @param messageIds the messages that brought them, repeats included
 */
record Group(String source, LocalDate day, List<Delivery> deliveries, List<String> messageIds) {
  private record Key(String source, LocalDate day) {}

  /** Groups by source and day, in that order. */
  static List<Group> of(Collection<ReceiveBatches.Brought> brought) {
    var collected =
        new TreeMap<Key, Collected>(Comparator.comparing(Key::source).thenComparing(Key::day));
    for (ReceiveBatches.Brought one : brought) {
      Batch batch = one.delivery().batch();
      collected
          .computeIfAbsent(new Key(batch.header().getSource(), batch.day()), key -> new Collected())
          .add(one);
    }
    var groups = new ArrayList<Group>();
    collected.forEach(
        (key, of) ->
            groups.add(
                new Group(
                    key.source(), key.day(), List.copyOf(of.byIdentity.values()), of.messageIds)));
    return groups;
  }

  private static final class Collected {
    private final TreeMap<String, Delivery> byIdentity = new TreeMap<>();
    private final List<String> messageIds = new ArrayList<>();

    void add(ReceiveBatches.Brought brought) {
      messageIds.add(brought.messageId());
      Delivery delivery = brought.delivery();
      Delivery known = byIdentity.putIfAbsent(identity(delivery), delivery);
      if (known instanceof Delivery.Readable && !known.batch().equals(delivery.batch())) {
        // Never seen from our packer, whose ids are random. Whoever made it up: both are kept.
        Delivery impostor = Delivery.ofImpostor(delivery.batch());
        byIdentity.put(identity(impostor), impostor);
      }
    }

    private static String identity(Delivery delivery) {
      return delivery.identity().header().getBatchId()
          + "<"
          + delivery.batch().header().getReplayedFrom();
    }
  }
}

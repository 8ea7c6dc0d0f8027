package millrace.local.generate;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.PriorityQueue;
import millrace.contracts.cards.v1.CardCatalogCreated;
import millrace.contracts.manufacturing.v1.ManufacturingBatch;
import millrace.contracts.orders.v1.OrderCreated;
import millrace.local.generate.OrderEvents.Wish;
import millrace.local.publish.OutgoingEvent;

/**
 * Makes the events of a small card business, one after the other and in little memory: the
 * catalogue, a first production batch of every card, then orders and further batches, in the order
 * of time. Equal settings give equal bytes. Apart from the cards oversold on purpose, no order
 * takes a unit before it was made.
 *
 * <p>Counts what the marts have to show on the way; the totals are complete when the last event was
 * handed out.
 */
public final class EventGenerator implements Iterator<GeneratedEvent> {
  private static final int OVERSELLING_ORDERS = 5;
  private static final Duration CATALOGUE_AGE = Duration.ofDays(12);
  private static final Duration FIRST_BATCHES_AGE = Duration.ofDays(10);
  private static final Duration LATE_AGE = Duration.ofDays(8);
  private static final Duration BUSINESS_AGE = Duration.ofDays(3);

  private final GeneratorSettings settings;
  private final Randomness random;
  private final CardEvents cardEvents;
  private final BatchEvents batchEvents;
  private final OrderEvents orderEvents;
  private final FailedEvents failedEvents;
  private final Stock stock;
  private final int[] listPrices;
  private final int cards;
  private final Map<Integer, Integer> overselling = new HashMap<>();
  private final Map<Long, Special> specials = new HashMap<>();
  private final long businessEvents;
  private final PriorityQueue<Repeat> repeats = new PriorityQueue<>();
  private final Tally tally = new Tally();
  private long made;
  private int repeatsPlanned;

  /** An event of the business time that is not drawn by lot. */
  private sealed interface Special {
    record Failure(int index) implements Special {}

    record Overselling(int card) implements Special {}

    record Late() implements Special {}
  }

  private record Repeat(long due, GeneratedEvent event) implements Comparable<Repeat> {
    @Override
    public int compareTo(Repeat other) {
      return Long.compare(due, other.due);
    }
  }

  public EventGenerator(GeneratorSettings settings) {
    this.settings = settings;
    this.random = new Randomness(settings.seed());
    this.cards = settings.cards();
    this.cardEvents = new CardEvents(random);
    this.batchEvents = new BatchEvents(random);
    this.orderEvents = new OrderEvents(random, Math.clamp(settings.events() / 10, 20, 20_000));
    this.failedEvents = new FailedEvents(random);
    this.stock = new Stock(cards);
    this.listPrices = new int[cards];
    this.businessEvents = settings.events() - 2L * cards;
    for (int i = 0; i < cards; i++) {
      listPrices[i] = random.between(1, 40) * 50 - 1;
    }
    while (overselling.size() < settings.oversoldCards()) {
      overselling.put(random.between(0, cards - 1), 0);
    }
    placeSpecials();
  }

  /**
   * The time of the fact is the only thing that makes an order late, so it may come anywhere in the
   * stream.
   */
  private void placeSpecials() {
    var all = new ArrayList<Special>();
    for (int i = 0; i < FailedEvents.count(); i++) {
      all.add(new Special.Failure(i));
    }
    for (int card : overselling.keySet().stream().sorted().toList()) {
      for (int i = 0; i < OVERSELLING_ORDERS; i++) {
        all.add(new Special.Overselling(card));
      }
    }
    for (int i = 0; i < settings.lateOrders(); i++) {
      all.add(new Special.Late());
    }
    for (int i = all.size() - 1; i > 0; i--) {
      int other = random.between(0, i);
      Special swapped = all.get(i);
      all.set(i, all.get(other));
      all.set(other, swapped);
    }
    for (int i = 0; i < all.size(); i++) {
      specials.put((i + 1) * businessEvents / (all.size() + 1), all.get(i));
    }
  }

  @Override
  public boolean hasNext() {
    return made < settings.events() || !repeats.isEmpty();
  }

  @Override
  public GeneratedEvent next() {
    Repeat due = repeats.peek();
    if (due != null && (due.due() <= made || made == settings.events())) {
      repeats.remove();
      tally.repeat();
      return due.event();
    }
    if (made == settings.events()) {
      throw new NoSuchElementException("all " + made + " events were handed out");
    }
    GeneratedEvent event = create(made);
    made++;
    tally.message();
    if (isRepeated()) {
      repeatsPlanned++;
      var repeated = new GeneratedEvent(event.event(), event.failure(), true);
      repeats.add(new Repeat(made + random.between(1, 2_000), repeated));
    }
    return event;
  }

  /**
   * Spread evenly; the 5 MB event is left out, since two of it would be all that a small run shows.
   */
  private boolean isRepeated() {
    long wanted = made * settings.repeats() / settings.events();
    return repeatsPlanned < wanted && made != cards;
  }

  /** What was counted so far; complete after the last event. */
  public ExpectedTotals totals() {
    return tally.totals(overselling.keySet().stream().map(CardEvents::cardId).toList());
  }

  private GeneratedEvent create(long index) {
    Instant now = settings.now();
    if (index < cards) {
      return card(
          (int) index,
          random.within(now.minus(CATALOGUE_AGE), now.minus(CATALOGUE_AGE.minusDays(1))));
    }
    if (index < 2L * cards) {
      return firstBatch(
          (int) index - cards,
          random.within(now.minus(FIRST_BATCHES_AGE), now.minus(FIRST_BATCHES_AGE.minusDays(1))));
    }
    long position = index - 2L * cards;
    Instant time = businessTime(position);
    return switch (specials.get(position)) {
      case null -> business(time);
      case Special.Failure failure -> failed(failedEvents.create(failure.index(), time));
      case Special.Overselling overselling -> overselling(overselling.card(), time);
      case Special.Late _ -> lateOrder();
    };
  }

  /** Rises with the position, so that what was made before comes before in time too. */
  private Instant businessTime(long position) {
    Instant start = settings.now().minus(BUSINESS_AGE);
    long microsPerEvent = BUSINESS_AGE.minusMinutes(1).toNanos() / 1_000 / businessEvents;
    return start.plusNanos(
        (position * microsPerEvent
                + random.between(0, (int) Math.min(Integer.MAX_VALUE - 1, microsPerEvent / 2)))
            * 1_000);
  }

  private GeneratedEvent card(int card, Instant time) {
    CardCatalogCreated.Builder event = cardEvents.create(card, time, listPrices[card]);
    if (card == cards - 1) {
      cardEvents.makeLarge(event);
    }
    return card(event.build());
  }

  private GeneratedEvent firstBatch(int card, Instant time) {
    ManufacturingBatch batch = batchEvents.create(card, time, random.between(4, 20) * 12);
    if (overselling.containsKey(card)) {
      overselling.put(card, BatchEvents.goodUnits(batch));
    } else {
      stock.open(card, BatchEvents.goodUnits(batch));
    }
    return batch(batch);
  }

  private GeneratedEvent business(Instant time) {
    var wishes = new ArrayList<Wish>();
    int card = random.oneIn(6) ? -1 : sellable();
    if (card < 0) {
      return batch(time);
    }
    int lines = random.between(1, 4);
    for (int i = 0; i < lines && card >= 0; i++) {
      wishes.add(new Wish(card, stock.take(card, random.between(1, 4)), listPrices[card]));
      card = sellable();
    }
    return order(orderEvents.create(time, wishes));
  }

  private GeneratedEvent batch(Instant time) {
    int card = random.skewed(cards);
    while (overselling.containsKey(card)) {
      card = random.between(0, cards - 1);
    }
    ManufacturingBatch batch = batchEvents.create(card, time, random.between(4, 40) * 12);
    stock.make(card, BatchEvents.goodUnits(batch));
    return batch(batch);
  }

  /** A card that has units, popular ones first; negative when all is sold out. */
  private int sellable() {
    int wanted = random.skewed(cards);
    return stock.available(wanted) > 0 ? wanted : stock.anyAvailable(wanted);
  }

  private GeneratedEvent lateOrder() {
    Instant now = settings.now();
    Instant time = random.within(now.minus(LATE_AGE), now.minus(BUSINESS_AGE.plusHours(12)));
    int card = random.between(0, cards - 1);
    for (int i = 0; i < cards; i++) {
      int taken = stock.takeReserved((card + i) % cards, 1);
      if (taken > 0) {
        return order(orderEvents.create(time, List.of(wish((card + i) % cards, taken))));
      }
    }
    return batch(time);
  }

  /**
   * A fifth of what there is and a few pieces more: after the last of these orders the card is
   * short.
   */
  private GeneratedEvent overselling(int card, Instant time) {
    int quantity = overselling.getOrDefault(card, 0) / OVERSELLING_ORDERS + 3;
    return order(orderEvents.create(time, List.of(wish(card, quantity))));
  }

  private Wish wish(int card, int quantity) {
    return new Wish(card, quantity, listPrices[card]);
  }

  private GeneratedEvent card(CardCatalogCreated card) {
    tally.card(card);
    return accepted("cards", card);
  }

  private GeneratedEvent batch(ManufacturingBatch batch) {
    tally.batch(batch);
    return accepted("manufacturing", batch);
  }

  private GeneratedEvent order(OrderCreated order) {
    tally.order(order);
    return accepted("orders", order);
  }

  private GeneratedEvent failed(GeneratedEvent event) {
    tally.failed(event.failure().orElseThrow());
    return event;
  }

  private static GeneratedEvent accepted(String source, Message payload) {
    FieldDescriptor id = payload.getDescriptorForType().findFieldByName("event_id");
    return new GeneratedEvent(
        new OutgoingEvent(
            source,
            payload.getDescriptorForType().getFullName(),
            (String) payload.getField(id),
            OutgoingEvent.PROTOBUF,
            payload.toByteArray()),
        Optional.empty(),
        false);
  }
}

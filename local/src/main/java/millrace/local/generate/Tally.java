package millrace.local.generate;

import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import millrace.contracts.cards.v1.CardCatalogCreated;
import millrace.contracts.manufacturing.v1.ManufacturingBatch;
import millrace.contracts.orders.v1.OrderCreated;
import millrace.contracts.orders.v1.OrderLine;
import millrace.core.failed.FailureClass;
import millrace.local.generate.ExpectedTotals.OversoldCard;

/** Counts each generated event once, whatever becomes of its repeats. */
final class Tally {
  private final TreeMap<String, Long> acceptedByType = new TreeMap<>();
  private final EnumMap<FailureClass, Long> failedByClass = new EnumMap<>(FailureClass.class);
  private final TreeMap<String, Long> revenueMinor = new TreeMap<>();
  private final Map<String, Long> soldByCard = new HashMap<>();
  private final Map<String, Long> goodByCard = new HashMap<>();
  private long events;
  private long repeats;
  private long cards;
  private long orders;
  private long orderLines;
  private long manufacturingBatches;
  private long goodUnits;

  void message() {
    events++;
  }

  void repeat() {
    repeats++;
  }

  void failed(FailureClass failure) {
    failedByClass.merge(failure, 1L, Long::sum);
  }

  void card(CardCatalogCreated event) {
    acceptedByType.merge(event.getDescriptorForType().getFullName(), 1L, Long::sum);
    cards++;
  }

  void batch(ManufacturingBatch event) {
    acceptedByType.merge(event.getDescriptorForType().getFullName(), 1L, Long::sum);
    manufacturingBatches++;
    goodUnits += BatchEvents.goodUnits(event);
    goodByCard.merge(event.getCardId(), (long) BatchEvents.goodUnits(event), Long::sum);
  }

  void order(OrderCreated event) {
    acceptedByType.merge(event.getDescriptorForType().getFullName(), 1L, Long::sum);
    orders++;
    for (OrderLine line : event.getLinesList()) {
      orderLines++;
      revenueMinor.merge(
          event.getCurrency(), line.getQuantity() * line.getUnitPriceMinor(), Long::sum);
      soldByCard.merge(line.getCardId(), (long) line.getQuantity(), Long::sum);
    }
  }

  ExpectedTotals totals(List<String> oversoldCards) {
    return new ExpectedTotals(
        events,
        events + repeats,
        acceptedByType,
        failedByClass,
        cards,
        orders,
        orderLines,
        revenueMinor,
        manufacturingBatches,
        goodUnits,
        oversoldCards.stream()
            .sorted()
            .map(
                card ->
                    new OversoldCard(
                        card, soldByCard.getOrDefault(card, 0L), goodByCard.getOrDefault(card, 0L)))
            .toList());
  }
}

package millrace.local.generate;

import java.util.List;
import java.util.Map;
import millrace.core.failed.FailureClass;

/**
 * What the marts have to show, counted while the events were made and without the pipeline.
 *
 * @param events distinct events
 * @param messages events and their repeats
 * @param acceptedByType distinct events that become rows
 * @param failedByClass distinct events that cannot
 * @param cards current rows of dim_card
 * @param orders distinct orders in fct_orders
 * @param orderLines rows of fct_orders
 * @param revenueMinor sum over order lines of quantity times unit price, by currency
 * @param manufacturingBatches rows of fct_batch_performance
 * @param goodUnits sum of produced less scrapped units
 * @param oversold cards sold beyond what was made, by card id
 */
public record ExpectedTotals(
    long events,
    long messages,
    Map<String, Long> acceptedByType,
    Map<FailureClass, Long> failedByClass,
    long cards,
    long orders,
    long orderLines,
    Map<String, Long> revenueMinor,
    long manufacturingBatches,
    long goodUnits,
    List<OversoldCard> oversold) {
  /** A card that the generator sold on purpose beyond its good units. */
  public record OversoldCard(String cardId, long sold, long good) {}

  public ExpectedTotals {
    acceptedByType = Map.copyOf(acceptedByType);
    failedByClass = Map.copyOf(failedByClass);
    revenueMinor = Map.copyOf(revenueMinor);
    oversold = List.copyOf(oversold);
  }

  public long repeats() {
    return messages - events;
  }

  public long failed() {
    return failedByClass.values().stream().mapToLong(Long::longValue).sum();
  }

  public long accepted() {
    return events - failed();
  }
}

package millrace.local.generate;

import java.time.Instant;
import java.util.List;
import java.util.Locale;
import millrace.contracts.manufacturing.v1.Defect;
import millrace.contracts.manufacturing.v1.ManufacturingBatch;
import millrace.core.event.Times;

/** Events of manufacturing: one per completed production batch. */
final class BatchEvents {
  private static final List<String> PLANTS = List.of("plant-1", "plant-2", "plant-3");
  private static final List<String> DEFECTS = List.of("MISCUT", "SMUDGE", "FOLD", "COLOUR_SHIFT");

  private final Randomness random;
  private int made;

  BatchEvents(Randomness random) {
    this.random = random;
  }

  ManufacturingBatch create(int card, Instant completedAt, int planned) {
    int produced = planned - random.between(0, planned / 50);
    int scrapped = random.oneIn(3) ? 0 : random.between(0, produced / 20);
    var event =
        ManufacturingBatch.newBuilder()
            .setEventId(random.uuid())
            .setManufacturingBatchId(String.format(Locale.ROOT, "mb-%07d", ++made))
            .setCardId(CardEvents.cardId(card))
            .setPlannedQuantity(planned)
            .setProducedQuantity(produced)
            .setScrappedQuantity(scrapped)
            .setStartedAt(Times.timestamp(completedAt.minusSeconds(random.between(1_800, 14_400))))
            .setCompletedAt(Times.timestamp(completedAt))
            .setPlant(random.pick(PLANTS))
            .setScrapRate((double) scrapped / produced);
    int unexplained = scrapped;
    while (unexplained > 0) {
      int count = random.between(1, unexplained);
      event.addDefects(Defect.newBuilder().setCode(random.pick(DEFECTS)).setCount(count));
      unexplained -= count;
    }
    return event.build();
  }

  static int goodUnits(ManufacturingBatch batch) {
    return batch.getProducedQuantity() - batch.getScrappedQuantity();
  }
}

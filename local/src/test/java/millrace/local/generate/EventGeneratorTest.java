package millrace.local.generate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Timestamp;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import millrace.contracts.cards.v1.CardCatalogCreated;
import millrace.contracts.manufacturing.v1.ManufacturingBatch;
import millrace.contracts.orders.v1.OrderCreated;
import millrace.contracts.orders.v1.OrderLine;
import millrace.core.contract.ContractSet;
import millrace.core.event.PayloadHash;
import millrace.core.event.Times;
import millrace.core.failed.FailureClass;
import millrace.core.row.RowReader;
import millrace.core.row.RowReader.Reading;
import millrace.core.treat.PersonalCipher;
import millrace.core.treat.PersonalHash;
import millrace.core.treat.SubjectKey;
import millrace.event.v1.Event;
import millrace.event.v1.IdOrigin;
import millrace.local.generate.ExpectedTotals.OversoldCard;
import millrace.local.publish.OutgoingEvent;
import org.junit.jupiter.api.Test;

class EventGeneratorTest {
  private static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");

  private static List<GeneratedEvent> all(EventGenerator generator) {
    var events = new ArrayList<GeneratedEvent>();
    generator.forEachRemaining(events::add);
    return events;
  }

  @Test
  void equalSettingsGiveEqualBytesAndAnotherSeedGivesOthers() {
    List<GeneratedEvent> first = all(new EventGenerator(new GeneratorSettings(400, 7, NOW)));
    List<GeneratedEvent> again = all(new EventGenerator(new GeneratorSettings(400, 7, NOW)));
    List<GeneratedEvent> other = all(new EventGenerator(new GeneratorSettings(400, 8, NOW)));

    assertThat(again).hasSameSizeAs(first);
    for (int i = 0; i < first.size(); i++) {
      assertThat(again.get(i).event().messageId()).isEqualTo(first.get(i).event().messageId());
      assertThat(Arrays.equals(again.get(i).event().payload(), first.get(i).event().payload()))
          .isTrue();
    }
    assertThat(other.getFirst().event().messageId())
        .isNotEqualTo(first.getFirst().event().messageId());
  }

  @Test
  void totalsAreWhatACountOfTheDecodedEventsGives() throws InvalidProtocolBufferException {
    var generator = new EventGenerator(new GeneratorSettings(2_000, 42, NOW));
    List<GeneratedEvent> events = all(generator);
    ExpectedTotals totals = generator.totals();

    Set<String> cards = new HashSet<>();
    Set<String> batches = new HashSet<>();
    Set<String> orders = new HashSet<>();
    Set<String> ids = new HashSet<>();
    var revenue = new TreeMap<String, Long>();
    var failed = new EnumMap<FailureClass, Long>(FailureClass.class);
    long lines = 0;
    long good = 0;
    for (GeneratedEvent each : events) {
      if (!ids.add(each.event().messageId())) {
        assertThat(each.isRepeat()).isTrue();
        continue;
      }
      assertThat(each.isRepeat()).isFalse();
      if (each.failure().isPresent()) {
        failed.merge(each.failure().get(), 1L, Long::sum);
        continue;
      }
      byte[] payload = each.event().payload();
      switch (each.event().source()) {
        case "cards" -> cards.add(CardCatalogCreated.parseFrom(payload).getCardId());
        case "manufacturing" -> {
          var batch = ManufacturingBatch.parseFrom(payload);
          batches.add(batch.getManufacturingBatchId());
          good += batch.getProducedQuantity() - batch.getScrappedQuantity();
        }
        default -> {
          var order = OrderCreated.parseFrom(payload);
          orders.add(order.getOrderId());
          lines += order.getLinesCount();
          long total = 0;
          for (OrderLine line : order.getLinesList()) {
            total += line.getQuantity() * line.getUnitPriceMinor();
          }
          assertThat(order.getTotalAmountMinor()).isEqualTo(total);
          revenue.merge(order.getCurrency(), total, Long::sum);
        }
      }
    }
    assertThat(ids).hasSize(2_000);
    assertThat(totals.events()).isEqualTo(2_000);
    assertThat(totals.messages()).isEqualTo(2_010).isEqualTo(events.size());
    assertThat(totals.cards()).isEqualTo(100).isEqualTo(cards.size());
    assertThat(totals.manufacturingBatches()).isEqualTo(batches.size());
    assertThat(totals.goodUnits()).isEqualTo(good);
    assertThat(totals.orders()).isEqualTo(orders.size());
    assertThat(totals.orderLines()).isEqualTo(lines);
    assertThat(totals.revenueMinor()).isEqualTo(revenue);
    assertThat(totals.failedByClass()).isEqualTo(failed);
    assertThat(totals.failed() + totals.accepted()).isEqualTo(2_000);
  }

  @Test
  void theSmallestRunHasEveryKindOfFailedEventAndOneOversoldCard() {
    var generator = new EventGenerator(new GeneratorSettings(100, 1, NOW));
    List<GeneratedEvent> events = all(generator);

    assertThat(events).hasSize(101);
    assertThat(generator.totals().cards()).isEqualTo(12);
    assertThat(generator.totals().failedByClass())
        .isEqualTo(
            Map.of(
                FailureClass.MALFORMED, 3L,
                FailureClass.UNKNOWN_TYPE, 3L,
                FailureClass.EMPTY, 2L,
                FailureClass.CONTENT_TYPE, 2L,
                FailureClass.NO_IDENTITY, 2L));
    assertThat(generator.totals().oversold()).hasSize(1);
    assertThat(events.stream().filter(e -> e.event().payload().length > 5_000_000)).hasSize(1);
  }

  @Test
  void onlySeededCardsAreEverShortAtAnyMomentInTime() throws InvalidProtocolBufferException {
    for (long seed = 0; seed < 20; seed++) {
      var generator = new EventGenerator(new GeneratorSettings(1_500, seed, NOW));
      assertThat(cardsEverShort(all(generator)))
          .as("seed %d", seed)
          .isEqualTo(
              new TreeSet<>(
                  generator.totals().oversold().stream().map(OversoldCard::cardId).toList()));
    }
  }

  /** Units made at the moment of a sale count as there. */
  private static Set<String> cardsEverShort(List<GeneratedEvent> events)
      throws InvalidProtocolBufferException {
    record Movement(Instant at, String card, int quantity) {}
    var movements = new ArrayList<Movement>();
    for (GeneratedEvent each : events) {
      if (each.isRepeat() || each.failure().isPresent()) {
        continue;
      }
      switch (each.event().source()) {
        case "orders" -> {
          var order = OrderCreated.parseFrom(each.event().payload());
          for (OrderLine line : order.getLinesList()) {
            assertThat(line.getQuantity()).isPositive();
            movements.add(
                new Movement(time(order.getCreatedAt()), line.getCardId(), -line.getQuantity()));
          }
        }
        case "manufacturing" -> {
          var batch = ManufacturingBatch.parseFrom(each.event().payload());
          movements.add(
              new Movement(
                  time(batch.getCompletedAt()),
                  batch.getCardId(),
                  batch.getProducedQuantity() - batch.getScrappedQuantity()));
        }
        default -> {}
      }
    }
    movements.sort(
        Comparator.comparing(Movement::at).thenComparing(movement -> -movement.quantity()));
    var left = new HashMap<String, Integer>();
    var shortCards = new TreeSet<String>();
    for (Movement movement : movements) {
      if (left.merge(movement.card(), movement.quantity(), Integer::sum) < 0) {
        shortCards.add(movement.card());
      }
    }
    return shortCards;
  }

  private static Instant time(Timestamp timestamp) {
    return Times.instant(timestamp);
  }

  @Test
  void theRulesOfTheWriterAgreeWithWhatEachEventIsMeantToBecome() {
    var reader =
        new RowReader(
            ContractSet.builtIn(), new PayloadHash(new byte[16]), new PersonalHash(new byte[16]));
    for (GeneratedEvent each : all(new EventGenerator(new GeneratorSettings(600, 3, NOW)))) {
      OutgoingEvent outgoing = each.event();
      Event event =
          Event.newBuilder()
              .setId(outgoing.messageId())
              .setIdOrigin(IdOrigin.ID_ORIGIN_MESSAGE_ID)
              .setSource(outgoing.source())
              .setType(outgoing.type())
              .setContentType(outgoing.contentType())
              .setReceivedTime(Times.timestamp(NOW))
              .setPayload(com.google.protobuf.ByteString.copyFrom(outgoing.payload()))
              .build();
      var keys = new HashMap<String, SubjectKey>();
      reader
          .subjects(event)
          .forEach(
              name -> keys.put(name, new SubjectKey(new byte[PersonalCipher.KEY_BYTES], null)));
      switch (reader.read(event, "batch", 0, keys)) {
        case Reading.Accepted accepted -> {
          assertThat(each.failure()).isEmpty();
          assertThat(accepted.quarantined()).isNull();
        }
        case Reading.Refused refused ->
            assertThat(each.failure()).contains(refused.failed().failureClass());
      }
    }
  }

  @Test
  void everyTimeLiesBeforeNow() throws InvalidProtocolBufferException {
    for (GeneratedEvent each : all(new EventGenerator(new GeneratorSettings(3_000, 5, NOW)))) {
      if (each.failure().isEmpty() && each.event().source().equals("orders")) {
        Instant at = time(OrderCreated.parseFrom(each.event().payload()).getCreatedAt());
        assertThat(at).isBefore(NOW).isAfter(NOW.minusSeconds(9 * 86_400));
      }
    }
  }

  @Test
  void tooFewEventsAreRefusedWithTheBound() {
    assertThatThrownBy(() -> new GeneratorSettings(99, 1, NOW)).hasMessageContaining("100");
  }
}

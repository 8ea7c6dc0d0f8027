package millrace.local.generate;

import java.time.Instant;
import java.util.List;
import java.util.Locale;
import millrace.contracts.cards.v1.CardCatalogCreated;
import millrace.contracts.cards.v1.Rarity;
import millrace.core.event.Times;

/** Events of the card catalogue. */
final class CardEvents {
  private static final List<String> ADJECTIVES =
      List.of(
          "Amber", "Ashen", "Brass", "Coral", "Dusk", "Ember", "Frost", "Gilded", "Hollow", "Iron",
          "Jade", "Moss", "Night", "Opal", "Quiet", "River", "Salt", "Storm", "Thorn", "Umber",
          "Velvet", "Winter");
  private static final List<String> CREATURES =
      List.of(
          "Badger",
          "Crane",
          "Dragon",
          "Falcon",
          "Golem",
          "Griffin",
          "Heron",
          "Hydra",
          "Ibex",
          "Kraken",
          "Lynx",
          "Manticore",
          "Newt",
          "Owl",
          "Phoenix",
          "Raven",
          "Sphinx",
          "Stag",
          "Turtle",
          "Wyvern",
          "Yak");
  private static final List<String> EDITIONS =
      List.of("2026-spring", "2026-summer", "2026-autumn", "2026-winter");
  private static final List<String> COLOURS = List.of("white", "blue", "black", "red", "green");
  private static final List<String> ARTISTS =
      List.of("Studio North", "Studio Reed", "Studio Tern", "Studio Wharf");

  private static final int LARGE_ATTRIBUTES = 5_000;

  private final Randomness random;

  CardEvents(Randomness random) {
    this.random = random;
  }

  static String cardId(int card) {
    return String.format(Locale.ROOT, "card-%06d", card + 1);
  }

  CardCatalogCreated.Builder create(int card, Instant createdAt, int listPriceMinor) {
    var event =
        CardCatalogCreated.newBuilder()
            .setEventId(random.uuid())
            .setCardId(cardId(card))
            .setCreatedAt(Times.timestamp(createdAt))
            .setName(random.pick(ADJECTIVES) + " " + random.pick(CREATURES))
            .setEdition(random.pick(EDITIONS))
            .setRarity(rarity())
            .setListPriceMinor(listPriceMinor)
            .setCurrency("EUR")
            .putAttributes("colour", random.pick(COLOURS))
            .putAttributes("power", Integer.toString(random.between(0, 12)));
    if (!random.oneIn(10)) {
      event.setArtist(random.pick(ARTISTS));
    }
    return event;
  }

  private Rarity rarity() {
    int lot = random.between(1, 100);
    if (lot <= 60) {
      return Rarity.RARITY_COMMON;
    }
    if (lot <= 85) {
      return Rarity.RARITY_UNCOMMON;
    }
    return lot <= 97 ? Rarity.RARITY_RARE : Rarity.RARITY_MYTHIC;
  }

  /** Thousands of attributes: in all about five times what an SQS message carries. */
  void makeLarge(CardCatalogCreated.Builder event) {
    for (int i = 1; i <= LARGE_ATTRIBUTES; i++) {
      event.putAttributes(String.format(Locale.ROOT, "scan-%04d", i), random.noise(1 << 10));
    }
  }
}

package millrace.local.generate;

import java.time.Instant;
import java.util.List;
import java.util.Locale;
import millrace.contracts.orders.v1.Channel;
import millrace.contracts.orders.v1.Customer;
import millrace.contracts.orders.v1.OrderCreated;
import millrace.contracts.orders.v1.OrderLine;
import millrace.core.event.Times;

/** Events of order taking. */
final class OrderEvents {
  private static final List<Market> MARKETS =
      List.of(
          new Market("DE", "EUR", 100),
          new Market("FR", "EUR", 100),
          new Market("ES", "EUR", 100),
          new Market("US", "USD", 110),
          new Market("GB", "GBP", 86),
          new Market("CH", "CHF", 96),
          new Market("JP", "JPY", 164));
  private static final List<Channel> CHANNELS =
      List.of(Channel.CHANNEL_WEB, Channel.CHANNEL_WEB, Channel.CHANNEL_APP, Channel.CHANNEL_STORE);

  private final Randomness random;
  private final int customers;
  private int made;

  OrderEvents(Randomness random, int customers) {
    this.random = random;
    this.customers = customers;
  }

  /**
   * @param percent price in minor units of the currency per 100 cents of list price
   */
  private record Market(String country, String currency, int percent) {
    long price(int listPriceMinor) {
      return Math.max(1, (long) listPriceMinor * percent / 100);
    }
  }

  /** What somebody wants to buy. */
  record Wish(int card, int quantity, int listPriceMinor) {}

  OrderCreated create(Instant createdAt, List<Wish> wishes) {
    int customer = random.skewed(customers);
    // a customer lives in one country
    Market market = MARKETS.get(customer % MARKETS.size());
    String customerId = String.format(Locale.ROOT, "customer-%06d", customer + 1);
    var event =
        OrderCreated.newBuilder()
            .setEventId(random.uuid())
            .setOrderId(String.format(Locale.ROOT, "order-%08d", ++made))
            .setCreatedAt(Times.timestamp(createdAt))
            .setCurrency(market.currency())
            .setChannel(random.pick(CHANNELS));
    var person =
        Customer.newBuilder()
            .setCustomerId(customerId)
            .setName("Customer " + (customer + 1))
            .setCountryCode(market.country());
    if (customer % 5 != 0) {
      person.setEmail(customerId + "@example.com");
    }
    event.setCustomer(person);
    long total = 0;
    for (Wish wish : wishes) {
      long price = market.price(wish.listPriceMinor());
      event.addLines(
          OrderLine.newBuilder()
              .setLineNumber(event.getLinesCount() + 1)
              .setCardId(CardEvents.cardId(wish.card()))
              .setQuantity(wish.quantity())
              .setUnitPriceMinor(price));
      total += price * wish.quantity();
    }
    event.setTotalAmountMinor(total);
    if (random.oneIn(12)) {
      event.setPromotionCode("WINTER26");
    }
    return event.build();
  }
}

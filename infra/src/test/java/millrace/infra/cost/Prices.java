package millrace.infra.cost;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** The committed unit prices, and which of them a calculation asked for. */
final class Prices {
  private static final Path TABLE = Path.of("../docs/costs/prices.csv");

  /**
   * @param usd for one unit
   * @param basis what it rests on: the words of the table's head
   * @param written when it was written down
   * @param page where to check it
   */
  record Price(double usd, String unit, String basis, LocalDate written, String page) {}

  private final Map<String, Price> prices;
  private final Set<String> asked = new TreeSet<>();

  private Prices(Map<String, Price> prices) {
    this.prices = prices;
  }

  static Prices read() throws IOException {
    Map<String, Price> prices = new LinkedHashMap<>();
    for (String line : Files.readAllLines(TABLE)) {
      if (!line.startsWith("#")) {
        String[] columns = line.split(",", -1);
        prices.put(
            columns[0],
            new Price(
                Double.parseDouble(columns[1]),
                columns[2],
                columns[3],
                LocalDate.parse(columns[4]),
                columns[5]));
      }
    }
    return new Prices(prices);
  }

  double of(String id) {
    asked.add(id);
    Price price = prices.get(id);
    if (price == null) {
      throw new AssertionError("no price of " + id + " in " + TABLE);
    }
    return price.usd();
  }

  Map<String, Price> all() {
    return prices;
  }

  Set<String> asked() {
    return asked;
  }
}

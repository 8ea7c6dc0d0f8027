package millrace.infra.cost;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import millrace.infra.SynthesizedApp;
import org.junit.jupiter.api.Test;

/** The tables of costs in docs/deploy.md are what templates and unit prices give. */
class CostsTest {
  private static final Path GUIDE = Path.of("../docs/deploy.md");
  private static final String BEGIN = "<!-- written by CostsTest -->\n";
  private static final String END = "<!-- end -->\n";
  private static final List<Integer> RATES = List.of(10, 100, 2_000);

  @Test
  void the_guide_says_what_templates_and_prices_give() throws IOException {
    Prices prices = Prices.read();
    String guide = Files.readString(GUIDE);
    int begin = guide.indexOf(BEGIN);
    int end = guide.indexOf(END);
    assertThat(begin).as(BEGIN).isPositive();
    assertThat(end).as(END).isGreaterThan(begin);
    String wanted = guide.substring(0, begin) + BEGIN + tables(prices) + guide.substring(end);
    if (System.getProperty("millrace.approve") != null) {
      Files.writeString(GUIDE, wanted);
    }
    assertThat(Files.readString(GUIDE)).as("approve with -Dmillrace.approve").isEqualTo(wanted);
    assertThat(prices.all().keySet())
        .as("every price is asked for")
        .containsExactlyInAnyOrderElementsOf(prices.asked());
  }

  @Test
  void every_price_has_its_unit_its_page_and_its_day() throws IOException {
    assertThat(Prices.read().all())
        .isNotEmpty()
        .allSatisfy(
            (id, price) -> {
              assertThat(price.usd()).as(id).isPositive();
              assertThat(price.unit()).as(id).isNotBlank();
              assertThat(price.basis()).as(id).isIn("page", "article", "list", "reported");
              assertThat(price.page()).as(id).startsWith("https://aws.amazon.com/");
              assertThat(price.written()).as(id).isAfter(LocalDate.of(2026, 1, 1));
            });
  }

  private static String tables(Prices prices) throws IOException {
    List<Map<String, Double>> columns = new ArrayList<>();
    for (int rate : RATES) {
      columns.add(new MonthlyCosts(environment(sizes(rate)), prices, rate).parts());
    }
    var text = new StringBuilder("\n| USD a month |");
    RATES.forEach(rate -> text.append(" %,d events/s |".formatted(rate)));
    text.append("\n|---|").append("---:|".repeat(RATES.size())).append('\n');
    for (String part : columns.getFirst().keySet()) {
      text.append("| ").append(part).append(" |");
      columns.forEach(column -> text.append(usd(column.get(part))));
      text.append('\n');
    }
    text.append("| **together** |");
    columns.forEach(
        column ->
            text.append(usd(column.values().stream().mapToDouble(Double::doubleValue).sum())));
    text.append("\n\n| USD a month, a choice |");
    RATES.forEach(rate -> text.append(" %,d events/s |".formatted(rate)));
    text.append("\n|---|").append("---:|".repeat(RATES.size())).append('\n');
    choice(text, prices, "`network.egress: endpoints`, 2 zones", network("endpoints", 2));
    choice(text, prices, "`network.egress: endpoints`, 3 zones", network("endpoints", 3));
    choice(text, prices, "`network.egress: nat`", network("nat", 2));
    broker(text, prices, "`broker.managed.deployment: single`, mq.m7g.medium", "single", "medium");
    broker(text, prices, "`broker.managed.deployment: single`, mq.m7g.large", "single", "large");
    broker(text, prices, "`broker.managed.deployment: cluster`, mq.m7g.large", "cluster", "large");
    return text.append('\n').toString();
  }

  private static void choice(
      StringBuilder text, Prices prices, String name, Map<String, Object> change)
      throws IOException {
    SynthesizedApp app = environment(change);
    text.append("| ").append(name).append(" |");
    for (int rate : RATES) {
      text.append(usd(new MonthlyCosts(app, prices, rate).network()));
    }
    text.append('\n');
  }

  private static void broker(
      StringBuilder text, Prices prices, String name, String deployment, String size)
      throws IOException {
    SynthesizedApp app =
        environment(
            Map.of(
                "broker",
                Map.of(
                    "managed", Map.of("deployment", deployment, "instanceType", "mq.m7g." + size)),
                "network",
                Map.of("cidr", "10.41.0.0/16", "zones", 3)));
    text.append("| ").append(name).append(" |");
    for (int rate : RATES) {
      text.append(usd(new MonthlyCosts(app, prices, rate).parts().get("broker")));
    }
    text.append('\n');
  }

  private static Map<String, Object> network(String egress, int zones) {
    return Map.of("network", Map.of("cidr", "10.41.0.0/16", "egress", egress, "zones", zones));
  }

  /** What the smallest sizes do not carry any more. */
  private static Map<String, Object> sizes(int rate) {
    return rate <= 100
        ? Map.of()
        : Map.of(
            "broker",
            Map.of("managed", Map.of("deployment", "single", "instanceType", "mq.m7g.large")));
  }

  /** The repository's staging with a change; at 2,000 events/s with two tasks. */
  @SuppressWarnings("unchecked")
  private static SynthesizedApp environment(Map<String, Object> change) throws IOException {
    if (change.isEmpty()) {
      return SynthesizedApp.of("staging");
    }
    Map<String, Object> staging =
        new ObjectMapper()
            .convertValue(
                new ObjectMapper()
                    .readTree(Path.of("../cdk.json").toFile())
                    .at("/context/environments/staging"),
                Map.class);
    staging.putAll(change);
    if (change.containsKey("broker")) {
      ((Map<String, Object>) staging.get("consumer")).put("minTasks", 2);
    }
    return SynthesizedApp.of(Map.of("env", "staging", "environments", Map.of("staging", staging)));
  }

  private static String usd(double amount) {
    return String.format(Locale.ROOT, " %,.0f |", amount);
  }
}

package millrace.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import millrace.local.text.TextTable;
import millrace.local.warehouse.QueryResult;
import org.jspecify.annotations.Nullable;

/**
 * The cost sheet over all its days. What the warehouse does not know is null, never zero.
 *
 * @param lines one per source and category
 * @param models the models that took longest, tests apart
 */
record CostReport(List<Line> lines, List<Model> models) {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String LOAD = "LOAD";
  private static final String TEST = "TEST";

  private static final String SHEET =
      """
      select source, category, sum(elapsed_seconds) as elapsed_seconds, sum(stored_bytes) as stored_bytes,
        sum(price_credits) as price_credits, sum(credits) as credits
      from cost_sheet group by source, category order by source, category
      """;

  private static final String MODELS =
      """
      select model_name, is_test, sum(elapsed_seconds) as elapsed_seconds, sum(credits) as credits
      from fct_model_cost group by model_name, is_test
      order by sum(elapsed_seconds) desc, model_name, is_test limit 10
      """;

  /**
   * What one source has cost in one category.
   *
   * @param category MODEL, TEST or LOAD
   * @param seconds time of its statements; null for loads
   * @param bytes stored size of its files; null for models and tests
   * @param price loads at their price, in credits; null where billed bytes are not known
   * @param credits what the account has told
   */
  record Line(
      String source,
      String category,
      @Nullable BigDecimal seconds,
      @Nullable BigDecimal bytes,
      @Nullable BigDecimal price,
      @Nullable BigDecimal credits) {}

  /** What one model or its tests have cost. */
  record Model(
      String name, boolean tests, @Nullable BigDecimal seconds, @Nullable BigDecimal credits) {}

  /** Asks a warehouse whose unqualified tables are those of marts. */
  static CostReport of(Function<String, QueryResult> warehouse) {
    List<Line> lines = new ArrayList<>();
    QueryResult sheet = warehouse.apply(SHEET);
    for (int row = 0; row < sheet.rows().size(); row++) {
      lines.add(
          new Line(
              text(sheet, row, "source"),
              text(sheet, row, "category"),
              number(sheet, row, "elapsed_seconds"),
              number(sheet, row, "stored_bytes"),
              number(sheet, row, "price_credits"),
              number(sheet, row, "credits")));
    }
    List<Model> models = new ArrayList<>();
    QueryResult longest = warehouse.apply(MODELS);
    for (int row = 0; row < longest.rows().size(); row++) {
      models.add(
          new Model(
              text(longest, row, "model_name"),
              text(longest, row, "is_test").equals("true"),
              number(longest, row, "elapsed_seconds"),
              number(longest, row, "credits")));
    }
    return new CostReport(List.copyOf(lines), List.copyOf(models));
  }

  private static String text(QueryResult result, int row, String column) {
    String value = result.value(row, column);
    return value == null ? "" : value;
  }

  private static @Nullable BigDecimal number(QueryResult result, int row, String column) {
    String value = result.value(row, column);
    return value == null ? null : new BigDecimal(value);
  }

  /** Whether the warehouse tells credits at all: a laptop does not. */
  boolean knowsCredits() {
    return lines.stream().anyMatch(line -> line.credits() != null);
  }

  /** Part of the tests in the time of models and tests, from 0 to 1; null when nothing has run. */
  @Nullable BigDecimal shareOfTests() {
    BigDecimal all = BigDecimal.ZERO;
    BigDecimal tests = BigDecimal.ZERO;
    for (Line line : lines) {
      BigDecimal seconds = line.seconds();
      if (seconds != null && !line.category().equals(LOAD)) {
        all = all.add(seconds);
        if (line.category().equals(TEST)) {
          tests = tests.add(seconds);
        }
      }
    }
    return all.signum() == 0 ? null : tests.divide(all, 3, RoundingMode.HALF_UP);
  }

  void print(PrintWriter out) {
    TextTable table =
        new TextTable("source", "category", "seconds", "stored bytes", "price", "credits")
            .right(2, 3, 4, 5)
            .ruled();
    for (Line line : lines) {
      table.row(
          line.source(),
          line.category(),
          shown(line.seconds()),
          shown(line.bytes()),
          shown(line.price()),
          shown(line.credits()));
    }
    table.print(out);
    out.println();
    TextTable longest = new TextTable("model", "", "seconds", "credits").right(2, 3).ruled();
    for (Model model : models) {
      longest.row(
          model.name(),
          model.tests() ? "tests" : "",
          shown(model.seconds()),
          shown(model.credits()));
    }
    longest.print(out);
    out.println();
    BigDecimal share = shareOfTests();
    if (share != null) {
      out.println(
          "Tests take "
              + share.movePointRight(2).stripTrailingZeros().toPlainString()
              + " % of the time of models and tests.");
    }
    out.println(
        "Price: loads in credits, calculated from stored Parquet; text is billed uncompressed,"
            + " which only an account knows.");
    if (!knowsCredits()) {
      out.println("Credits: none are told here. A laptop knows seconds and bytes.");
    }
  }

  private static String shown(@Nullable BigDecimal number) {
    if (number == null) {
      return "-";
    }
    return number.signum() == 0 ? "0" : number.stripTrailingZeros().toPlainString();
  }

  String json() {
    ObjectNode report = JSON.createObjectNode();
    report.put("knows_credits", knowsCredits());
    report.put("share_of_tests", shareOfTests());
    var sheet = report.putArray("sheet");
    for (Line line : lines) {
      sheet
          .addObject()
          .put("source", line.source())
          .put("category", line.category())
          .put("elapsed_seconds", line.seconds())
          .put("stored_bytes", line.bytes())
          .put("price_credits", line.price())
          .put("credits", line.credits());
    }
    var longest = report.putArray("models");
    for (Model model : models) {
      longest
          .addObject()
          .put("model", model.name())
          .put("is_test", model.tests())
          .put("elapsed_seconds", model.seconds())
          .put("credits", model.credits());
    }
    return report.toPrettyString();
  }
}

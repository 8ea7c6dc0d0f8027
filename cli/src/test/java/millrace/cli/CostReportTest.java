package millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import millrace.local.warehouse.QueryResult;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class CostReportTest {
  private static QueryResult sheet(@Nullable String credits) {
    return result(
        List.of(
            "SOURCE", "CATEGORY", "ELAPSED_SECONDS", "STORED_BYTES", "PRICE_CREDITS", "CREDITS"),
        Arrays.asList("orders", "LOAD", null, "2000000000", "0.007400000", credits),
        Arrays.asList("orders", "MODEL", "3.000", null, null, credits),
        Arrays.asList("orders", "TEST", "1.000", null, null, null));
  }

  private static final QueryResult MODELS =
      result(
          List.of("MODEL_NAME", "IS_TEST", "ELAPSED_SECONDS", "CREDITS"),
          Arrays.asList("fct_orders", "false", "3.000", null),
          Arrays.asList("fct_orders", "true", "1.000", null));

  @SafeVarargs
  private static QueryResult result(List<String> names, List<@Nullable String>... rows) {
    return new QueryResult(
        names.stream().map(name -> new QueryResult.Column(name, "text")).toList(), List.of(rows));
  }

  private static CostReport report(@Nullable String credits) {
    return CostReport.of(sql -> sql.contains("cost_sheet") ? sheet(credits) : MODELS);
  }

  private static Stream<String> printed(CostReport report) {
    var text = new StringWriter();
    var out = new PrintWriter(text);
    report.print(out);
    out.flush();
    return text.toString().lines();
  }

  @Test
  void aLaptopShowsSecondsAndBytesAndSaysThatItKnowsNoCredits() {
    assertThat(printed(report(null)))
        .anyMatch(line -> line.matches("orders +LOAD +- +2000000000 +0\\.0074 +-"))
        .anyMatch(line -> line.matches("orders +TEST +1 +- +- +-"))
        .anyMatch(line -> line.matches("fct_orders +tests +1 +-"))
        .contains("Tests take 25 % of the time of models and tests.")
        .contains("Credits: none are told here. A laptop knows seconds and bytes.");
  }

  @Test
  void creditsOfAnAccountAreShown() {
    assertThat(printed(report("0.5")))
        .anyMatch(line -> line.matches("orders +MODEL +3 +- +- +0\\.5"))
        .noneMatch(line -> line.startsWith("Credits: none"));
  }

  @Test
  void whatIsNotKnownIsNullInJsonAndNotZero() throws Exception {
    JsonNode json = new ObjectMapper().readTree(report(null).json());
    assertThat(json.path("knows_credits").asBoolean()).isFalse();
    assertThat(json.path("share_of_tests").decimalValue()).isEqualByComparingTo("0.25");
    JsonNode load = json.path("sheet").path(0);
    assertThat(load.path("elapsed_seconds").isNull()).isTrue();
    assertThat(load.path("credits").isNull()).isTrue();
    assertThat(load.path("price_credits").decimalValue()).isEqualByComparingTo("0.0074");
  }

  @Test
  void withoutARunThereIsNoShareOfTests() {
    QueryResult nothing = new QueryResult(List.of(), List.of());
    assertThat(CostReport.of(sql -> nothing).shareOfTests()).isNull();
  }
}

package millrace.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Arrays;
import java.util.List;
import java.util.function.BiConsumer;
import millrace.local.warehouse.QueryResult;
import org.junit.jupiter.api.Test;

class ResultTextTest {
  private static final QueryResult RESULT =
      new QueryResult(
          List.of(
              new QueryResult.Column("ORDER_ID", "text"),
              new QueryResult.Column("QUANTITY", "fixed"),
              new QueryResult.Column("CREATED_AT", "timestamp_ntz"),
              new QueryResult.Column("DAY", "date"),
              new QueryResult.Column("LINES", "variant"),
              new QueryResult.Column("RATE", "real"),
              new QueryResult.Column("PAID", "boolean")),
          List.of(
              List.of(
                  "o-1",
                  "9223372036854775807",
                  "1795262400.000001000",
                  "20778",
                  "[{\"a\":1}]",
                  "0.5",
                  "true"),
              Arrays.asList("a,\"b\"\nc", null, "-1.500000000", null, null, "NaN", null)));

  @Test
  void csvQuotesWhatNeedsItAndLeavesNullEmpty() {
    assertThat(text(ResultText::csv))
        .isEqualTo(
            """
            order_id,quantity,created_at,day,lines,rate,paid
            o-1,9223372036854775807,2026-11-21 12:00:00.000001,2026-11-21,"[{""a"":1}]",0.5,true
            "a,""b""
            c",,1969-12-31 23:59:58.500000,,,NaN,
            """);
  }

  @Test
  void anEmptyTextIsNotNullInCsv() {
    QueryResult result =
        new QueryResult(
            List.of(new QueryResult.Column("A", "text"), new QueryResult.Column("B", "text")),
            List.of(Arrays.asList("", null)));
    StringWriter text = new StringWriter();
    ResultText.csv(result, new PrintWriter(text, true));

    assertThat(text.toString()).isEqualTo("a,b\n\"\",\n");
  }

  @Test
  void jsonKeepsNumbersExactAndNestedValuesNested() {
    assertThat(text(ResultText::json))
        .isEqualTo(
            """
            [
             {"order_id":"o-1","quantity":9223372036854775807,"created_at":"2026-11-21 12:00:00.000001","day":"2026-11-21","lines":[{"a":1}],"rate":0.5,"paid":true},
             {"order_id":"a,\\"b\\"\\nc","quantity":null,"created_at":"1969-12-31 23:59:58.500000","day":null,"lines":null,"rate":"NaN","paid":null}
            ]
            """);
  }

  @Test
  void aTableIsAlignedAndCountsItsRows() {
    QueryResult result =
        new QueryResult(
            List.of(new QueryResult.Column("NAME", "text"), new QueryResult.Column("N", "fixed")),
            List.of(Arrays.asList("Ünïcode", "1"), Arrays.asList("x", null)));
    StringWriter text = new StringWriter();
    ResultText.table(result, new PrintWriter(text, true));

    assertThat(text.toString())
        .isEqualTo(
            """
            name     n
            -------  ----
            Ünïcode  1
            x        NULL
            2 rows
            """);
  }

  @Test
  void noRowsIsAnEmptyArray() {
    StringWriter text = new StringWriter();
    ResultText.json(
        new QueryResult(List.of(new QueryResult.Column("A", "text")), List.of()),
        new PrintWriter(text, true));

    assertThat(text.toString()).isEqualTo("[]\n");
  }

  private static String text(BiConsumer<QueryResult, PrintWriter> form) {
    StringWriter text = new StringWriter();
    form.accept(RESULT, new PrintWriter(text, true));
    return text.toString();
  }
}

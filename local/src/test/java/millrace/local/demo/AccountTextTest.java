package millrace.local.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import millrace.local.demo.Account.MartSample;
import millrace.local.demo.Account.Oversold;
import millrace.local.demo.Account.Repeats;
import millrace.local.demo.Balance.Books;
import org.junit.jupiter.api.Test;

class AccountTextTest {
  private static final Books RIGHT = new Books(9_998, 10, 9_988, 0, 0, 0, 0, 2, 2, List.of());
  private static final List<Comparison> TOTALS =
      List.of(
          new Comparison("dim_card: cards", 500, 500),
          new Comparison("fct_orders: revenue, minor units of EUR", 12_345_678, 12_345_678));
  private static final List<Comparison> FAILED =
      List.of(new Comparison("EMPTY", 2, 2), new Comparison("MALFORMED", 3, 3));
  private static final Oversold OVERSOLD =
      new Oversold(
          List.of("card-000007"),
          List.of("card-000007"),
          true,
          List.of("Card card-000007: 105 sold, 90 good units."));

  private static Account account(
      Books books, List<Comparison> totals, List<Comparison> failed, Oversold oversold) {
    var memory = new LinkedHashMap<String, Long>();
    memory.put("broker", 200L << 20);
    memory.put("consumer", 150L << 20);
    return new Account(
        new Account.Run(10_000, 1, "parquet", "3f0c0a52-1f6e-4a77-9d3b-6f1f0c5ab001"),
        List.of(
            new StepFigures(
                "receive",
                10_050,
                10_050,
                "messages",
                8_412_345,
                Optional.of(Duration.ofMillis(1_250)),
                "broker's confirms"),
            new StepFigures("notify", 10_550, 31, "notices", -1, Optional.empty(), "load history")),
        List.of(
            new MartSample(
                "dim_card",
                List.of("card_id", "artist"),
                new ArrayList<>(
                    List.of(
                        Arrays.asList("card-000001", null),
                        Arrays.asList(
                            "card-000002",
                            "a name that is far too long for one line of a table"))))),
        totals,
        failed,
        new Repeats(50, 550, true),
        oversold,
        books,
        memory,
        Optional.of(Duration.ofMillis(21_340)),
        Duration.ofMillis(38_900));
  }

  private static Account right() {
    return account(RIGHT, TOTALS, FAILED, OVERSOLD);
  }

  @Test
  void printsTheAccountAsApproved() throws IOException {
    try (var approved = AccountTextTest.class.getResourceAsStream("account.txt")) {
      assertThat(AccountText.of(right()))
          .isEqualTo(new String(approved.readAllBytes(), StandardCharsets.UTF_8));
    }
  }

  @Test
  void namesEverythingThatIsWrong() {
    assertThat(right().balances()).isTrue();
    Map<String, Account> wrong =
        Map.of(
            "the identities differ",
            account(
                new Books(9_998, 10, 9_987, 1, 0, 0, 0, 2, 2, List.of()), TOTALS, FAILED, OVERSOLD),
            "mart totals differ",
            account(RIGHT, List.of(new Comparison("dim_card: cards", 500, 499)), FAILED, OVERSOLD),
            "failed events differ",
            account(RIGHT, TOTALS, List.of(new Comparison("EMPTY", 2, 3)), OVERSOLD),
            "the business test does not name the seeded cards",
            account(
                RIGHT,
                TOTALS,
                FAILED,
                new Oversold(List.of("card-000007"), List.of(), false, List.of())));
    wrong.forEach(
        (reason, account) -> {
          assertThat(account.balances()).as(reason).isFalse();
          assertThat(AccountText.of(account)).contains("does NOT balance").contains(reason);
        });
  }

  @Test
  void aWarningThatNamesOtherCardsTooIsNotRight() {
    var other =
        new Oversold(
            List.of("card-000007"), List.of("card-000007", "card-000008"), true, List.of());
    assertThat(account(RIGHT, TOTALS, FAILED, other).balances()).isFalse();
  }

  @Test
  void theJsonSaysTheSame() {
    assertThat(AccountJson.of(right()))
        .contains("\"balances\" : true", "\"first_mart_row_ms\" : 21340", "\"p95_ms\" : 1250");
  }
}

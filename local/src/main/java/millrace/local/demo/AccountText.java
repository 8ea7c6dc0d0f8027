package millrace.local.demo;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import millrace.local.demo.Account.MartSample;
import millrace.local.demo.Account.Oversold;
import millrace.local.demo.Account.Repeats;
import millrace.local.demo.Balance.Books;
import millrace.local.text.TextTable;

/** The account as a person reads it. */
public final class AccountText {
  private static final String INDENT = "  ";

  private AccountText() {}

  public static String of(Account account) {
    var text = new StringBuilder();
    section(text, "What each step did, by its own store", steps(account.steps()));
    for (MartSample mart : account.marts()) {
      section(text, "First rows of " + mart.mart(), mart(mart));
    }
    section(text, "Mart totals against what the generator counted", comparisons(account.totals()));
    section(text, "Failed events by class", comparisons(account.failed()));
    section(text, "Repeats", repeats(account.repeats()));
    section(text, "Cards sold beyond what was made", oversold(account.oversold()));
    section(text, "Identities", books(account.books()));
    section(text, "Peak memory", memory(account.memory()));
    section(text, "Time", time(account));
    text.append('\n').append(verdict(account)).append("\n\n").append(next(account));
    return text.toString();
  }

  private static void section(StringBuilder text, String title, String body) {
    text.append('\n').append(title).append('\n').append(body);
  }

  private static String steps(List<StepFigures> steps) {
    var table =
        new TextTable("step", "events", "made", "of", "bytes", "p95", "read from")
            .right(1, 2, 4, 5);
    for (StepFigures step : steps) {
      table.row(
          step.step(),
          number(step.events()),
          number(step.things()),
          step.thing(),
          step.bytes() < 0 ? "" : bytes(step.bytes()),
          step.p95().map(AccountText::seconds).orElse(""),
          step.store());
    }
    return table.render(INDENT);
  }

  private static String mart(MartSample mart) {
    var table = new TextTable(mart.columns());
    mart.rows()
        .forEach(
            row ->
                table.add(
                    row.stream().map(value -> value == null ? "" : TextTable.fit(value)).toList()));
    return table.render(INDENT);
  }

  private static String comparisons(List<Comparison> comparisons) {
    var table = new TextTable("", "expected", "found", "").right(1, 2);
    for (Comparison line : comparisons) {
      table.row(
          line.name(),
          number(line.expected()),
          number(line.actual()),
          line.agrees() ? "" : "differs");
    }
    return table.render(INDENT);
  }

  private static String repeats(Repeats repeats) {
    String published =
        number(repeats.published()) + " events were published again with the same message-id.";
    String killed =
        repeats.killed()
            ? "The consumer was killed after SQS accepted a batch and before the broker was told: "
                + number(repeats.redelivered())
                + " events came again."
            : "The consumer was not killed.";
    return INDENT
        + published
        + "\n"
        + INDENT
        + killed
        + "\n"
        + INDENT
        + number(repeats.seen())
        + " repeated rows lie in the raw tables, none after deduplication.\n";
  }

  private static String oversold(Oversold oversold) {
    var text = new StringBuilder();
    for (String explanation : oversold.explanations()) {
      text.append(INDENT).append(explanation).append('\n');
    }
    text.append(INDENT)
        .append("The business test ")
        .append(oversold.warned() ? "warns and names " : "does not warn; it names ")
        .append(names(oversold.named()))
        .append("; the generator oversold ")
        .append(names(oversold.seeded()))
        .append(".\n");
    return text.toString();
  }

  private static String names(List<String> cards) {
    return cards.isEmpty() ? "no card" : String.join(", ", cards);
  }

  private static String books(Books books) {
    var table = new TextTable("", "identities").right(1);
    table
        .row("published", number(books.published()))
        .row("failed", number(books.failed()))
        .row("deduplicated", number(books.deduplicated()))
        .row("published, neither failed nor there", number(books.missing()))
        .row("failed and there all the same", number(books.both()))
        .row("there, but never published", number(books.foreign()))
        .row("there twice", number(books.twice()));
    var text = new StringBuilder(table.render(INDENT));
    text.append(INDENT)
        .append(number(books.publishedWithoutIdentity()))
        .append(" published without identity, ")
        .append(number(books.failedWithoutIdentity()))
        .append(" failed for it.\n");
    books.examples().forEach(example -> text.append(INDENT).append(example).append('\n'));
    return text.toString();
  }

  private static String memory(Map<String, Long> memory) {
    return memory.entrySet().stream()
        .map(entry -> entry.getKey() + " " + (entry.getValue() >> 20) + " MiB")
        .collect(Collectors.joining(", ", INDENT, "\n"));
  }

  private static String time(Account account) {
    return INDENT
        + account.firstMartRow().map(at -> "first mart row after " + seconds(at) + ", ").orElse("")
        + "all of it "
        + seconds(account.total())
        + "\n";
  }

  private static String verdict(Account account) {
    if (account.balances()) {
      return "It balances: every published event is in the marts once, or failed with a reason.";
    }
    return "It does NOT balance: "
        + Optional.of(
                List.of(
                    account.books().balance() ? "" : "the identities differ",
                    account.totals().stream().allMatch(Comparison::agrees)
                        ? ""
                        : "mart totals differ",
                    account.failed().stream().allMatch(Comparison::agrees)
                        ? ""
                        : "failed events differ",
                    account.oversold().agrees()
                        ? ""
                        : "the business test does not name the seeded cards",
                    account.repeats().seen() >= account.repeats().published()
                        ? ""
                        : "repeats were lost"))
            .map(
                reasons ->
                    reasons.stream().filter(r -> !r.isEmpty()).collect(Collectors.joining("; ")))
            .get()
        + ".";
  }

  private static String next(Account account) {
    return "What to try next\n"
        + new TextTable("", "")
            .row("./millrace query 'select * from audit.oversold_cards'", "ask the warehouse")
            .row("./millrace models", "build the other marts too")
            .row("./millrace trace " + account.run().exampleEvent(), "follow one event")
            .row("./millrace failed list", "see what failed and why")
            .row("./millrace demo --format " + other(account), "the same by the other format")
            .row("./millrace up", "keep a pipeline running")
            .render(INDENT);
  }

  private static String other(Account account) {
    return account.run().format().equals("parquet") ? "ndjson" : "parquet";
  }

  private static String number(long value) {
    return String.format(Locale.ROOT, "%,d", value);
  }

  private static String bytes(long value) {
    if (value < 10_000) {
      return value + " B";
    }
    return value < 10_000_000
        ? String.format(Locale.ROOT, "%,.0f kB", value / 1e3)
        : String.format(Locale.ROOT, "%,.1f MB", value / 1e6);
  }

  private static String seconds(Duration duration) {
    return String.format(Locale.ROOT, "%.1f s", duration.toMillis() / 1000.0);
  }
}

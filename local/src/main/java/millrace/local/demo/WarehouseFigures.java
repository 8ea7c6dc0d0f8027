package millrace.local.demo;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import millrace.core.contract.Contract;
import millrace.core.contract.ContractSet;
import millrace.core.failed.FailureClass;
import millrace.local.demo.Account.MartSample;
import millrace.local.generate.ExpectedTotals;
import millrace.local.warehouse.EventTables;
import millrace.local.warehouse.QueryResult;
import millrace.local.warehouse.WarehouseClient;
import org.jspecify.annotations.Nullable;

/** What the warehouse says of a run, in statements that a user could type. */
final class WarehouseFigures {
  private static final int PAGE = 10_000;

  private final WarehouseClient client;
  private final String database;
  private final List<EventTables> tables;

  WarehouseFigures(WarehouseClient client, String database, ContractSet contracts) {
    this.client = client;
    this.database = database;
    Collection<Contract> all = contracts.contracts();
    this.tables = all.stream().map(contract -> EventTables.of(database, contract)).toList();
  }

  /** Rows of all raw tables, failed events included. */
  long rawRows() {
    var counts = new ArrayList<String>();
    tables.forEach(table -> counts.add("select count(*) as n from " + table.raw()));
    counts.add("select count(*) as n from " + EventTables.failedEvents(database));
    return client.query("select sum(n) from (" + String.join(" union all ", counts) + ")").count();
  }

  boolean hasMartRow() {
    return client.query("select count(*) from (select 1 from fct_orders limit 1)").count() == 1;
  }

  long deduplicatedRows() {
    return tables.stream()
        .mapToLong(table -> client.query("select count(*) from " + table.deduplicated()).count())
        .sum();
  }

  /** What the stand-in of Snowpipe has noted. */
  record Loads(long files, long loaded, long failed, long rows, long bytes, String firstError) {}

  Loads loads() {
    QueryResult result =
        client.query(
            "select count(*), count_if(status = 'LOADED'), count_if(status = 'LOAD_FAILED'), "
                + "coalesce(sum(rows_loaded), 0), coalesce(sum(bytes), 0), "
                + "max(iff(status = 'LOAD_FAILED', file || ': ' || first_error, null)) from "
                + EventTables.loadHistory(database));
    List<@Nullable String> row = result.rows().getFirst();
    return new Loads(
        number(row, 0),
        number(row, 1),
        number(row, 2),
        number(row, 3),
        number(row, 4),
        text(row, 5));
  }

  private static long number(List<@Nullable String> row, int column) {
    String value = row.get(column);
    return value == null ? 0 : Long.parseLong(value);
  }

  private static String text(List<@Nullable String> row, int column) {
    String value = row.get(column);
    return value == null ? "" : value;
  }

  /** A file as the load history knows it; times in milliseconds since 1970. */
  record LoadedFile(String key, String status, long notifiedAt, long loadedAt) {}

  /** Every file of the history, page by page. */
  List<LoadedFile> loadedFiles() {
    var files = new ArrayList<LoadedFile>();
    String after = "";
    while (true) {
      QueryResult page =
          client.query(
              "select file, status, date_part(epoch_millisecond, notified_at), "
                  + "date_part(epoch_millisecond, loaded_at) from "
                  + EventTables.loadHistory(database)
                  + " where file > "
                  + EventTables.literal(after)
                  + " order by file limit "
                  + PAGE);
      for (var row : page.rows()) {
        files.add(new LoadedFile(text(row, 0), text(row, 1), number(row, 2), number(row, 3)));
      }
      if (page.rows().size() < PAGE) {
        return files;
      }
      after = files.getLast().key();
    }
  }

  /** Tells the books of every identity after deduplication. */
  void deduplicated(Balance balance) {
    for (EventTables table : tables) {
      String afterId = "";
      String afterDay = "";
      while (true) {
        QueryResult page = client.query(page(table, afterId, afterDay));
        for (var row : page.rows()) {
          afterId = text(row, 0);
          afterDay = text(row, 1);
          balance.deduplicated(table.source(), table.type(), afterId);
        }
        if (page.rows().size() < PAGE) {
          break;
        }
      }
    }
  }

  private static String page(EventTables table, String afterId, String afterDay) {
    String id = EventTables.literal(afterId);
    String day = "to_varchar(event_day, 'YYYY-MM-DD')";
    return "select event_id, "
        + day
        + " from "
        + table.deduplicated()
        + " where event_id > "
        + id
        + " or (event_id = "
        + id
        + " and "
        + day
        + " > "
        + EventTables.literal(afterDay)
        + ") order by event_id, event_day limit "
        + PAGE;
  }

  /** Tells the books of every failed event. */
  void failed(Balance balance) {
    String table = EventTables.failedEvents(database);
    String lost = "class = '" + FailureClass.NO_IDENTITY + "'";
    balance.failedWithoutIdentity(
        client
            .query(
                "select count(distinct _source, _type, _event_id) from " + table + " where " + lost)
            .count());
    String afterId = "";
    while (true) {
      QueryResult page =
          client.query(
              "select _event_id, _source, _type from "
                  + table
                  + " where not "
                  + lost
                  + " and _event_id > "
                  + EventTables.literal(afterId)
                  + " group by _event_id, _source, _type order by _event_id limit "
                  + PAGE);
      for (var row : page.rows()) {
        afterId = text(row, 0);
        balance.failed(text(row, 1), text(row, 2), afterId);
      }
      if (page.rows().size() < PAGE) {
        return;
      }
    }
  }

  /**
   * Distinct failed events by class, beside the expected ones; a class that is expected nowhere is
   * told too.
   */
  List<Comparison> failedByClass(ExpectedTotals expected) {
    var found = new TreeMap<String, Long>();
    expected.failedByClass().keySet().forEach(each -> found.put(each.name(), 0L));
    QueryResult result =
        client.query(
            "select class, count(distinct coalesce(_event_id, _batch_id || '#' || _batch_row)) from"
                + " "
                + EventTables.failedEvents(database)
                + " group by class");
    result.rows().forEach(row -> found.put(text(row, 0), number(row, 1)));
    return found.entrySet().stream()
        .map(
            entry ->
                new Comparison(
                    entry.getKey(),
                    expected.failedByClass().getOrDefault(FailureClass.valueOf(entry.getKey()), 0L),
                    entry.getValue()))
        .toList();
  }

  /** The marts' totals beside the expected ones. */
  List<Comparison> martTotals(ExpectedTotals expected) {
    var totals = new ArrayList<Comparison>();
    var cards =
        client
            .query(
                "select count(*), count_if(is_inferred) from dim_card"
                    + " where is_current and card_id <> '(unknown)'")
            .rows()
            .getFirst();
    totals.add(new Comparison("dim_card: cards", expected.cards(), number(cards, 0)));
    totals.add(new Comparison("dim_card: cards without catalogue event", 0, number(cards, 1)));
    var orders =
        client.query("select count(*), count(distinct order_id) from fct_orders").rows().getFirst();
    totals.add(new Comparison("fct_orders: order lines", expected.orderLines(), number(orders, 0)));
    totals.add(new Comparison("fct_orders: orders", expected.orders(), number(orders, 1)));
    Map<String, Long> revenue = new TreeMap<>();
    expected.revenueMinor().keySet().forEach(currency -> revenue.put(currency, 0L));
    client
        .query("select currency, sum(amount_minor) from fct_orders group by currency")
        .rows()
        .forEach(row -> revenue.put(text(row, 0), number(row, 1)));
    revenue.forEach(
        (currency, sum) ->
            totals.add(
                new Comparison(
                    "fct_orders: revenue, minor units of " + currency,
                    expected.revenueMinor().getOrDefault(currency, 0L),
                    sum)));
    var made =
        client
            .query("select count(*), sum(good_quantity) from fct_batch_performance")
            .rows()
            .getFirst();
    totals.add(
        new Comparison(
            "fct_batch_performance: manufacturing batches",
            expected.manufacturingBatches(),
            number(made, 0)));
    totals.add(
        new Comparison("fct_batch_performance: good units", expected.goodUnits(), number(made, 1)));
    for (var card : expected.oversold()) {
      QueryResult found =
          client.query(
              "select sold_quantity, good_quantity from "
                  + database
                  + ".AUDIT.oversold_cards where card_id = "
                  + EventTables.literal(card.cardId()));
      List<@Nullable String> row =
          found.rows().isEmpty() ? List.of("0", "0") : found.rows().getFirst();
      totals.add(new Comparison(card.cardId() + ": sold", card.sold(), number(row, 0)));
      totals.add(new Comparison(card.cardId() + ": good units", card.good(), number(row, 1)));
    }
    return totals;
  }

  /** Cards that the stored failures of the business test name, with their explanations. */
  Map<String, String> cardsNamedByTheBusinessTest() {
    var named = new TreeMap<String, String>();
    client
        .query(
            "select card_id, explanation from "
                + database
                + ".AUDIT.cards_sold_never_exceed_cards_produced order by card_id")
        .rows()
        .forEach(row -> named.put(text(row, 0), text(row, 1)));
    return named;
  }

  List<MartSample> samples() {
    return List.of(
        sample(
            "dim_card",
            "card_id, card_name, edition, rarity, list_price, currency, artist",
            "card_id <> '(unknown)' desc, is_current desc, card_id"),
        sample(
            "fct_orders",
            "order_line_id, card_id, quantity, unit_price, amount, currency, channel,"
                + " order_created_at",
            "order_created_at desc, order_line_id"),
        sample(
            "fct_batch_performance",
            "manufacturing_batch_id, card_id, plant, good_quantity, yield_rate, completed_at",
            "completed_at desc, manufacturing_batch_id"));
  }

  private MartSample sample(String mart, String columns, String order) {
    QueryResult result =
        client.query("select " + columns + " from " + mart + " order by " + order + " limit 3");
    var rows = new ArrayList<List<@Nullable String>>();
    for (int row = 0; row < result.rows().size(); row++) {
      var cells = new ArrayList<@Nullable String>();
      for (int column = 0; column < result.columns().size(); column++) {
        cells.add(result.readable(row, column));
      }
      rows.add(cells);
    }
    return new MartSample(mart, List.of(columns.split(", ")), rows);
  }

  /** An event to follow. */
  String exampleEvent() {
    QueryResult found = client.query("select min(event_id) from fct_orders");
    return text(found.rows().getFirst(), 0);
  }

  long martRows() {
    long rows = 0;
    for (String mart : List.of("dim_card", "fct_orders", "fct_batch_performance")) {
      rows += client.query("select count(*) from " + mart).count();
    }
    return rows;
  }
}

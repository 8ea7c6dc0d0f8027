package millrace.local.trace;

import static millrace.local.warehouse.EventTables.literal;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import millrace.core.batch.BatchIds;
import millrace.core.contract.Contract;
import millrace.core.event.Times;
import millrace.core.event.TraceContext;
import millrace.local.trace.StoredFrames.Stored;
import millrace.local.warehouse.EventTables;
import millrace.local.warehouse.QueryResult;
import millrace.local.warehouse.WarehouseClient;
import millrace.local.warehouse.WarehouseException;
import org.jspecify.annotations.Nullable;

/** Follows one event id through every store of the pipeline. */
public final class EventTrace {
  private static final Map<String, String> MARTS =
      Map.of(
          "dim_card", "card_id",
          "fct_orders", "order_line_id",
          "fct_batch_performance", "manufacturing_batch_id");

  private final WarehouseClient warehouse;
  private final String database;
  private final Collection<Contract> contracts;
  private final StoredFrames frames;

  public EventTrace(
      WarehouseClient warehouse,
      String database,
      Collection<Contract> contracts,
      StoredFrames frames) {
    this.warehouse = warehouse;
    this.database = database;
    this.contracts = contracts;
    this.frames = frames;
  }

  /**
   * One place where the event was.
   *
   * @param step of the flow
   * @param facts names and values, in the order to show
   */
  public record Place(String step, Map<String, String> facts) {}

  /** All places, in the order of the flow; empty when nobody knows the event. */
  public List<Place> of(String eventId) {
    var places = new ArrayList<Place>();
    for (Contract contract : contracts) {
      places.addAll(ofType(EventTables.of(database, contract), eventId));
    }
    places.addAll(failures(eventId));
    if (!places.isEmpty()) {
      places.addAll(marts(eventId));
    }
    return places;
  }

  private List<Place> ofType(EventTables table, String eventId) {
    var places = new ArrayList<Place>();
    QueryResult rows =
        ask(
            "select _source, _type, _id_origin, _published_at, _received_at, _batch_id, _batch_row,"
                + " _payload_hash, _unknown_fields, _traceparent, _file, _file_row, _loaded_at from "
                + table.raw()
                + " where _event_id = "
                + literal(eventId)
                + " order by _received_at, _batch_id, _batch_row");
    for (int row = 0; row < rows.rows().size(); row++) {
      places.addAll(received(rows, row));
      places.add(
          place(rows, row, "write")
              .with("file", "_file")
              .with("row in file", "_file_row")
              .with("payload hash", "_payload_hash")
              .with("unknown fields", "_unknown_fields")
              .with("trace context", "_traceparent")
              .place());
      places.add(
          place(rows, row, "load").and("table", table.raw()).with("at", "_loaded_at").place());
    }
    if (!rows.rows().isEmpty()) {
      places.addAll(kept(table, eventId, rows.rows().size()));
    }
    return places;
  }

  private List<Place> received(QueryResult rows, int row) {
    String source = text(rows, row, "_source");
    String batchId = text(rows, row, "_batch_id");
    var places = new ArrayList<Place>();
    places.add(
        place(rows, row, "receive")
            .with("type", "_type")
            .and("source", source)
            .with("identity from", "_id_origin")
            .with("published", "_published_at")
            .with("received", "_received_at")
            .place());
    Optional<Stored> archived = frames.archived(source, batchId);
    places.add(
        place(rows, row, "batch")
            .and("batch", batchId)
            .with("row", "_batch_row")
            .and("sealed", BatchIds.sealedTime(batchId).map(EventTrace::time).orElse(""))
            .and("archive", archived.map(Stored::key).orElse("not in the archive"))
            .and("trace", traceId(archived, text(rows, row, "_payload_hash")))
            .place());
    return places;
  }

  /** The producer's trace, which the archived event carries; the hash tells it from its batch. */
  private static String traceId(Optional<Stored> archived, String payloadHash) {
    return archived.stream()
        .flatMap(stored -> stored.batch().events().stream())
        .filter(event -> event.getPayloadHash().equals(payloadHash))
        .flatMap(event -> TraceContext.of(event.getTraceparent()).stream())
        .map(TraceContext::traceId)
        .findFirst()
        .orElse("");
  }

  private List<Place> kept(EventTables table, String eventId, int loaded) {
    QueryResult rows;
    try {
      rows =
          ask(
              "select event_day, received_at, batch_id, batch_row, file_name from "
                  + table.deduplicated()
                  + " where event_id = "
                  + literal(eventId)
                  + " order by event_day");
    } catch (WarehouseException notBuilt) {
      return List.of(notYet("the models were not built yet: ./millrace dbt build"));
    }
    if (rows.rows().isEmpty()) {
      return List.of(notYet("not in the models yet: ./millrace dbt build"));
    }
    var places = new ArrayList<Place>();
    for (int row = 0; row < rows.rows().size(); row++) {
      places.add(
          place(rows, row, "model")
              .and("table", table.deduplicated())
              .with("event day", "event_day")
              .with("kept row of batch", "batch_id")
              .with("row", "batch_row")
              .and("rows loaded", Integer.toString(loaded))
              .place());
    }
    return places;
  }

  private static Place notYet(String sentence) {
    return new Place("model", Map.of("state", sentence));
  }

  private List<Place> failures(String eventId) {
    QueryResult rows =
        ask(
            "select _source, _type, _id_origin, _batch_id, _batch_row, _received_at, class, reason,"
                + " quarantine_key, quarantine_row, _file, _file_row, _loaded_at from "
                + EventTables.failedEvents(database)
                + " where _event_id = "
                + literal(eventId)
                + " order by _received_at, _batch_id, _batch_row");
    var places = new ArrayList<Place>();
    for (int row = 0; row < rows.rows().size(); row++) {
      places.add(
          place(rows, row, "receive")
              .with("type", "_type")
              .with("source", "_source")
              .with("identity from", "_id_origin")
              .with("received", "_received_at")
              .place());
      places.add(
          place(rows, row, "batch").with("batch", "_batch_id").with("row", "_batch_row").place());
      places.add(
          place(rows, row, "write")
              .with("failed", "class")
              .with("because", "reason")
              .with("bytes in", "quarantine_key")
              .with("at row", "quarantine_row")
              .with("file", "_file")
              .with("row in file", "_file_row")
              .place());
      places.add(
          place(rows, row, "load")
              .and("table", EventTables.failedEvents(database))
              .with("at", "_loaded_at")
              .place());
    }
    return places;
  }

  private List<Place> marts(String eventId) {
    var places = new ArrayList<Place>();
    for (String mart : MARTS.keySet().stream().sorted().toList()) {
      Set<String> keys = new LinkedHashSet<>();
      try {
        ask("select "
                + MARTS.get(mart)
                + " from "
                + mart
                + " where event_id = "
                + literal(eventId)
                + " order by 1 limit 20")
            .rows()
            .forEach(row -> keys.add(String.valueOf(row.getFirst())));
      } catch (WarehouseException notBuilt) {
        continue;
      }
      if (!keys.isEmpty()) {
        var facts = new LinkedHashMap<String, String>();
        facts.put("mart", mart);
        facts.put("rows", String.join(", ", keys));
        places.add(new Place("mart", facts));
      }
    }
    return places;
  }

  private QueryResult ask(String statement) {
    return warehouse.query(statement);
  }

  private static String time(Instant time) {
    return Times.text(time).replace('T', ' ').replace("Z", "");
  }

  private static String text(QueryResult rows, int row, String column) {
    @Nullable String value = rows.readable(row, rows.index(column));
    return value == null ? "" : value;
  }

  private static Facts place(QueryResult rows, int row, String step) {
    return new Facts(rows, row, step, new LinkedHashMap<>());
  }

  private record Facts(QueryResult rows, int row, String step, Map<String, String> facts) {
    Facts with(String name, String column) {
      return and(name, text(rows, row, column));
    }

    Facts and(String name, String value) {
      if (!value.isEmpty()) {
        facts.put(name, value);
      }
      return this;
    }

    Place place() {
      return new Place(step, facts);
    }
  }
}

package millrace.local.trace;

import static millrace.local.warehouse.EventTables.literal;

import com.google.protobuf.DynamicMessage;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.util.JsonFormat;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import millrace.core.contract.Contract;
import millrace.core.contract.ContractSet;
import millrace.core.failed.FailureClass;
import millrace.event.v1.Event;
import millrace.local.warehouse.EventTables;
import millrace.local.warehouse.QueryResult;
import millrace.local.warehouse.WarehouseClient;
import org.jspecify.annotations.Nullable;

/** The failed events of a warehouse, and their bytes in quarantine. */
public final class FailedEventList {
  private static final int BYTES_PER_LINE = 16;
  private static final int MOST_BYTES_SHOWN = 4_096;

  private final WarehouseClient warehouse;
  private final String table;

  public FailedEventList(WarehouseClient warehouse, String database) {
    this.warehouse = warehouse;
    this.table = EventTables.failedEvents(database);
  }

  /**
   * A row of raw.failed_events; texts are empty where the row has nothing.
   *
   * @param row position in the quarantine object
   */
  public record Failed(
      String eventId,
      String idOrigin,
      String source,
      String type,
      String batchId,
      String batchRow,
      String receivedAt,
      String failureClass,
      String reason,
      String quarantineKey,
      int row,
      String file,
      String loadedAt) {}

  /** Which failed events; empty parts mean all. */
  public record Filter(
      Optional<FailureClass> failureClass, Optional<String> source, Optional<String> eventId) {
    String where() {
      var conditions = new ArrayList<String>();
      failureClass.ifPresent(each -> conditions.add("class = " + literal(each.name())));
      source.ifPresent(each -> conditions.add("_source = " + literal(each)));
      eventId.ifPresent(each -> conditions.add("_event_id = " + literal(each)));
      return conditions.isEmpty() ? "" : " where " + String.join(" and ", conditions);
    }
  }

  /** How many rows the filter takes. */
  public long count(Filter filter) {
    return warehouse.query("select count(*) from " + table + filter.where()).count();
  }

  /** The newest ones first. */
  public List<Failed> list(Filter filter, int limit) {
    QueryResult rows =
        warehouse.query(
            "select _event_id, _id_origin, _source, _type, _batch_id, _batch_row, _received_at,"
                + " class, reason, quarantine_key, quarantine_row, _file, _loaded_at from "
                + table
                + filter.where()
                + " order by _received_at desc nulls last, _batch_id, _batch_row limit "
                + limit);
    var failed = new ArrayList<Failed>();
    for (int i = 0; i < rows.rows().size(); i++) {
      failed.add(
          new Failed(
              text(rows, i, 0),
              text(rows, i, 1),
              text(rows, i, 2),
              text(rows, i, 3),
              text(rows, i, 4),
              text(rows, i, 5),
              text(rows, i, 6),
              text(rows, i, 7),
              text(rows, i, 8),
              text(rows, i, 9),
              Integer.parseInt("0" + text(rows, i, 10)),
              text(rows, i, 11),
              text(rows, i, 12)));
    }
    return failed;
  }

  /** Quarantine objects that hold what the filter takes, in key order. */
  public List<String> quarantineKeys(Filter filter) {
    return warehouse
        .query(
            "select quarantine_key from "
                + table
                + filter.where()
                + " group by quarantine_key order by quarantine_key")
        .rows()
        .stream()
        .map(row -> String.valueOf(row.getFirst()))
        .toList();
  }

  private static String text(QueryResult rows, int row, int column) {
    @Nullable String value = rows.readable(row, column);
    return value == null ? "" : value;
  }

  /** The payload as JSON where it is JSON or its contract reads it, else as bytes. */
  public static String payload(Event event, ContractSet contracts) {
    byte[] bytes = event.getPayload().toByteArray();
    if (bytes.length == 0) {
      return "(empty)\n";
    }
    if (event.getContentType().toLowerCase(Locale.ROOT).contains("json")) {
      return new String(bytes, StandardCharsets.UTF_8).strip() + "\n";
    }
    return contracts
        .find(event.getSource(), event.getType())
        .flatMap(contract -> json(contract, event))
        .orElseGet(() -> hex(bytes));
  }

  private static Optional<String> json(Contract contract, Event event) {
    try {
      return Optional.of(
          JsonFormat.printer()
                  .preservingProtoFieldNames()
                  .print(DynamicMessage.parseFrom(contract.descriptor(), event.getPayload()))
              + "\n");
    } catch (InvalidProtocolBufferException malformed) {
      return Optional.empty();
    }
  }

  /** Lines of offset, bytes and what of them is text. */
  static String hex(byte[] bytes) {
    var text = new StringBuilder();
    int shown = Math.min(bytes.length, MOST_BYTES_SHOWN);
    for (int from = 0; from < shown; from += BYTES_PER_LINE) {
      int to = Math.min(shown, from + BYTES_PER_LINE);
      String hex = HexFormat.ofDelimiter(" ").formatHex(bytes, from, to);
      text.append(String.format(Locale.ROOT, "%08x  %-47s  ", from, hex));
      for (int i = from; i < to; i++) {
        text.append(bytes[i] >= 32 && bytes[i] < 127 ? (char) bytes[i] : '.');
      }
      text.append('\n');
    }
    if (shown < bytes.length) {
      text.append("and ").append(bytes.length - shown).append(" bytes more\n");
    }
    return text.toString();
  }
}

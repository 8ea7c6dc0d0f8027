package millrace.local.warehouse;

import java.util.Locale;
import millrace.core.contract.Contract;

/** Where the rows of one type lie in the warehouse; database and schema are part of each name. */
public final class EventTables {
  private final String database;
  private final String source;
  private final String type;

  private EventTables(String database, String source, String type) {
    this.database = database;
    this.source = source;
    this.type = type;
  }

  public static EventTables of(String database, Contract contract) {
    return new EventTables(database, contract.source(), contract.type());
  }

  public String type() {
    return type;
  }

  public String source() {
    return source;
  }

  /** Name of the raw table without its schema, such as {@code orders_v1__order_created}. */
  public String rawName() {
    int message = type.lastIndexOf('.');
    return type.substring(0, message).replace('.', '_').toLowerCase(Locale.ROOT) + "__" + entity();
  }

  /** The message's name in snake case, such as {@code order_created}. */
  private String entity() {
    return type.substring(type.lastIndexOf('.') + 1)
        .replaceAll("([a-z0-9])([A-Z])", "$1_$2")
        .replaceAll("([A-Z])([A-Z][a-z])", "$1_$2")
        .toLowerCase(Locale.ROOT);
  }

  public String raw() {
    return database + ".RAW." + rawName();
  }

  /** The model with one row per identity and event day. */
  public String deduplicated() {
    return database + ".INTERMEDIATE.int_" + source + "__" + entity() + "_deduplicated";
  }

  public static String failedEvents(String database) {
    return database + ".RAW.FAILED_EVENTS";
  }

  public static String loadHistory(String database) {
    return database + ".AUDIT.LOAD_HISTORY";
  }

  /** A text as SQL writes it. */
  public static String literal(String text) {
    return "'" + text.replace("\\", "\\\\").replace("'", "''") + "'";
  }
}

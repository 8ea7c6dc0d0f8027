package millrace.local.warehouse;

import millrace.core.contract.Contract;
import millrace.derive.artifact.SqlTypes;
import millrace.derive.artifact.TypeNames;

/** Where the rows of one type lie in the warehouse; database and schema are part of each name. */
public final class EventTables {
  private final String database;
  private final String source;
  private final String type;
  private final TypeNames names;

  private EventTables(String database, Contract contract) {
    this.database = database;
    this.source = contract.source();
    this.type = contract.type();
    this.names = TypeNames.of(contract);
  }

  public static EventTables of(String database, Contract contract) {
    return new EventTables(database, contract);
  }

  public String type() {
    return type;
  }

  public String source() {
    return source;
  }

  public String raw() {
    return database + ".RAW." + names.rawTable();
  }

  /** The model with one row per identity and event day. */
  public String deduplicated() {
    return database + ".INTERMEDIATE." + names.deduplicated();
  }

  public static String failedEvents(String database) {
    return database + ".RAW.FAILED_EVENTS";
  }

  public static String loadHistory(String database) {
    return database + ".AUDIT.LOAD_HISTORY";
  }

  /** A text as SQL writes it. */
  public static String literal(String text) {
    return SqlTypes.literal(text);
  }
}

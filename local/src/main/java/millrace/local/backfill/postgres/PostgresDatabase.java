package millrace.local.backfill.postgres;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import millrace.core.failed.MillraceFailure;
import millrace.core.failed.MillraceFailure.EnvironmentFailure;
import millrace.core.failed.MillraceFailure.SetupFailure;
import millrace.local.backfill.ColumnKind;
import millrace.local.backfill.SourceColumn;
import millrace.local.backfill.SourceDatabase;
import millrace.local.backfill.SourceTable;
import millrace.local.backfill.TableShape;
import org.postgresql.Driver;

/** A database of PostgreSQL. Reads its catalogue, and never writes. */
public final class PostgresDatabase implements SourceDatabase {
  /** Below this many bytes a table that was never analysed is counted. */
  private static final long COUNTED_BYTES = 256L << 20;

  private static final String SHAPE =
      """
      select c.oid, quote_ident(n.nspname) || '.' || quote_ident(c.relname), c.reltuples::int8, pg_table_size(c.oid)
      from pg_class c join pg_namespace n on n.oid = c.relnamespace
      where c.oid = to_regclass(?) and c.relkind in ('r', 'p')
      """;

  /** A domain is what it is made of. */
  private static final String COLUMNS =
      """
      select a.attname, format_type(a.atttypid, a.atttypmod), t.typname, t.typcategory, t.typtype,
        case when d.typtype = 'd' then d.typtypmod else a.atttypmod end
      from pg_attribute a
      join pg_type d on d.oid = a.atttypid
      join pg_type t on t.oid = case when d.typtype = 'd' then d.typbasetype else d.oid end
      where a.attrelid = ? and a.attnum > 0 and not a.attisdropped
      order by a.attnum
      """;

  /** Indexes that every row is in, on columns that are never null; the primary one first. */
  private static final String KEYS =
      """
      select i.indisprimary, array(
        select a.attname::text from unnest(i.indkey[0:i.indnkeyatts - 1]) with ordinality k(number, place)
        join pg_attribute a on a.attrelid = i.indrelid and a.attnum = k.number and a.attnotnull
        order by k.place), i.indnkeyatts
      from pg_index i
      where i.indrelid = ? and i.indisunique and i.indisvalid and i.indpred is null
        and i.indexprs is null
      order by not i.indisprimary
      """;

  private final String url;
  private final String name;
  private final Connection connection;

  private PostgresDatabase(String url, String name, Connection connection) {
    this.url = url;
    this.name = name;
    this.connection = connection;
  }

  /**
   * @param url such as {@code jdbc:postgresql://db.example/shop?user=reader}; a password is better
   *     kept in {@code ~/.pgpass}, since other users of a machine see command lines
   * @throws SetupFailure when it is no such URL, or nothing answers there
   */
  public static PostgresDatabase connect(String url) {
    Properties parts = url.startsWith("jdbc:postgresql:") ? Driver.parseURL(url, null) : null;
    if (parts == null) {
      throw new SetupFailure(
          "--jdbc takes the URL of a PostgreSQL database:"
              + " jdbc:postgresql://HOST:PORT/DATABASE?user=USER");
    }
    String name =
        parts.getProperty("PGHOST", "localhost")
            + ":"
            + parts.getProperty("PGPORT", "5432")
            + "/"
            + parts.getProperty("PGDBNAME", "");
    try {
      return new PostgresDatabase(url, name, open(url));
    } catch (SQLException refused) {
      throw new SetupFailure(
          "cannot read PostgreSQL at " + name + ": " + oneLine(refused), refused);
    }
  }

  /** A connection that cannot write, and whose times are UTC. */
  static Connection open(String url) throws SQLException {
    var properties = new Properties();
    properties.setProperty("ApplicationName", "millrace backfill");
    properties.setProperty("readOnly", "true");
    properties.setProperty("connectTimeout", "10");
    properties.setProperty("tcpKeepAlive", "true");
    Connection connection = DriverManager.getConnection(url, properties);
    try (Statement statement = connection.createStatement()) {
      // keys and times are compared as this session's text
      statement.execute("set session time zone 'UTC'");
    }
    connection.setReadOnly(true);
    connection.setAutoCommit(false);
    connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
    return connection;
  }

  /** What a lost or refusing database means in the middle of a run. */
  static MillraceFailure lost(SQLException failure) {
    String sentence = "PostgreSQL did not answer as it should: " + oneLine(failure);
    String state = String.valueOf(failure.getSQLState());
    // 42: names and rights; no later try cures them
    return state.startsWith("42")
        ? new SetupFailure(sentence, failure)
        : new EnvironmentFailure(sentence + "; go on with --resume", failure);
  }

  private static String oneLine(SQLException failure) {
    return String.valueOf(failure.getMessage()).replaceAll("\\s+", " ").strip();
  }

  /** An identifier as SQL quotes it. */
  static String quoted(String identifier) {
    return '"' + identifier.replace("\"", "\"\"") + '"';
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public Optional<TableShape> find(String table) {
    try {
      try {
        return shape(table);
      } finally {
        connection.rollback();
      }
    } catch (SQLException failure) {
      // to_regclass refuses what is no name, such as a.b.c.d
      if (String.valueOf(failure.getSQLState()).matches("42601|42602|0A000")) {
        return Optional.empty();
      }
      throw lost(failure);
    }
  }

  private Optional<TableShape> shape(String table) throws SQLException {
    long oid;
    String fullName;
    long rows;
    try (PreparedStatement statement = connection.prepareStatement(SHAPE)) {
      statement.setString(1, table);
      try (ResultSet found = statement.executeQuery()) {
        if (!found.next()) {
          return Optional.empty();
        }
        oid = found.getLong(1);
        fullName = found.getString(2);
        rows = found.getLong(3);
        if (rows <= 0) {
          rows = found.getLong(4) <= COUNTED_BYTES ? -2 : -1;
        }
      }
    }
    if (rows == -2) {
      rows = count(fullName);
    }
    List<String> primary = new ArrayList<>();
    Set<String> unique = new HashSet<>();
    try (PreparedStatement statement = connection.prepareStatement(KEYS)) {
      statement.setLong(1, oid);
      try (ResultSet found = statement.executeQuery()) {
        while (found.next()) {
          List<String> columns = List.of((String[]) found.getArray(2).getArray());
          if (columns.size() != found.getInt(3)) {
            continue;
          }
          if (found.getBoolean(1)) {
            primary.addAll(columns);
          } else if (columns.size() == 1) {
            unique.add(columns.getFirst());
          }
        }
      }
    }
    return Optional.of(new TableShape(fullName, columns(oid), primary, unique, rows));
  }

  private long count(String fullName) throws SQLException {
    try (PreparedStatement statement =
            connection.prepareStatement("select count(*) from " + fullName);
        ResultSet counted = statement.executeQuery()) {
      return counted.next() ? counted.getLong(1) : -1;
    }
  }

  private List<SourceColumn> columns(long oid) throws SQLException {
    var columns = new ArrayList<SourceColumn>();
    try (PreparedStatement statement = connection.prepareStatement(COLUMNS)) {
      statement.setLong(1, oid);
      try (ResultSet found = statement.executeQuery()) {
        while (found.next()) {
          ColumnKind kind = kind(found.getString(3), found.getString(4), found.getString(5));
          columns.add(
              new SourceColumn(
                  found.getString(1), kind, found.getString(2), digits(kind, found.getInt(6))));
        }
      }
    }
    return columns;
  }

  private static ColumnKind kind(String type, String category, String form) {
    return switch (type) {
      case "bool" -> ColumnKind.BOOLEAN;
      case "int2", "int4", "int8" -> ColumnKind.INTEGER;
      case "numeric" -> ColumnKind.DECIMAL;
      case "float4", "float8" -> ColumnKind.FLOAT;
      case "bytea" -> ColumnKind.BYTES;
      case "timestamp", "timestamptz" -> ColumnKind.TIMESTAMP;
      case "date" -> ColumnKind.DATE;
      case "json", "jsonb" -> ColumnKind.JSON;
      default ->
          category.equals("A") || form.equals("c") || type.equals("hstore")
              ? ColumnKind.JSON
              : ColumnKind.TEXT;
    };
  }

  /** A modifier of a type says how many digits it keeps; -1 is none. */
  private static int digits(ColumnKind kind, int modifier) {
    return switch (kind) {
      case DECIMAL -> modifier < 4 ? -1 : (((modifier - 4) & 0x7FF) ^ 1024) - 1024;
      case TIMESTAMP -> modifier;
      default -> -1;
    };
  }

  @Override
  public SourceTable table(Selection selection) {
    return new PostgresTable(url, connection, selection);
  }

  @Override
  public void close() {
    try {
      connection.close();
    } catch (SQLException failure) {
      throw lost(failure);
    }
  }
}

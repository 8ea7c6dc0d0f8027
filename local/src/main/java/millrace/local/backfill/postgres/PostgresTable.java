package millrace.local.backfill.postgres;

import java.math.BigInteger;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import millrace.core.event.Times;
import millrace.local.backfill.ColumnKind;
import millrace.local.backfill.SourceColumn;
import millrace.local.backfill.SourceDatabase.Selection;
import millrace.local.backfill.SourceTable;
import org.jspecify.annotations.Nullable;

/** A table of PostgreSQL, read by keyset pages: no page costs more than the one before it. */
final class PostgresTable implements SourceTable {
  /** Keys that quantiles are taken of. */
  private static final long SAMPLE = 20_000;

  private final String url;
  private final Connection connection;
  private final Selection selection;
  private final PostgresSql sql;

  PostgresTable(String url, Connection connection, Selection selection) {
    this.url = url;
    this.connection = connection;
    this.selection = selection;
    this.sql = new PostgresSql(selection);
  }

  @Override
  public List<List<String>> borders(int ranges) {
    try {
      List<List<String>> borders =
          isInteger() ? evenBorders(ranges) : quantiles(ranges, sampleShare());
      connection.rollback();
      return borders;
    } catch (SQLException failure) {
      throw PostgresDatabase.lost(failure);
    }
  }

  private boolean isInteger() {
    return selection.key().size() == 1
        && selection.table().column(selection.key().getFirst()).orElseThrow().kind()
            == ColumnKind.INTEGER;
  }

  /** Numbers are spread evenly as a rule, and least and greatest come from the index at once. */
  private List<List<String>> evenBorders(int ranges) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql.bounds());
        ResultSet found = statement.executeQuery()) {
      if (!found.next() || found.getString(1) == null) {
        return List.of();
      }
      BigInteger least = new BigInteger(found.getString(1));
      BigInteger span = new BigInteger(found.getString(2)).subtract(least);
      var borders = new ArrayList<List<String>>();
      BigInteger before = least;
      for (int i = 1; i < ranges; i++) {
        BigInteger border =
            least.add(span.multiply(BigInteger.valueOf(i)).divide(BigInteger.valueOf(ranges)));
        if (border.compareTo(before) > 0) {
          borders.add(List.of(border.toString()));
          before = border;
        }
      }
      return borders;
    }
  }

  /** Per cent of the pages to look at; all of a small table. */
  private double sampleShare() {
    long rows = selection.table().rows();
    return rows <= SAMPLE ? 100 : Math.max(0.001, 100.0 * SAMPLE / rows);
  }

  /** Only the database knows the order of its keys, so it cuts them too. */
  private List<List<String>> quantiles(int ranges, double percent) throws SQLException {
    try (PreparedStatement statement =
        connection.prepareStatement(sql.quantiles(percent, ranges))) {
      try (ResultSet found = statement.executeQuery()) {
        var borders = new ArrayList<List<String>>();
        while (found.next()) {
          borders.add(sql.key(found));
        }
        return borders;
      }
    }
  }

  @Override
  public Optional<Instant> newest() {
    try (PreparedStatement statement = connection.prepareStatement(sql.newest());
        ResultSet found = statement.executeQuery()) {
      @Nullable OffsetDateTime newest =
          found.next() ? found.getObject(1, OffsetDateTime.class) : null;
      connection.rollback();
      return Optional.ofNullable(newest).map(OffsetDateTime::toInstant);
    } catch (SQLException failure) {
      throw PostgresDatabase.lost(failure);
    }
  }

  @Override
  public Reader open() {
    try {
      return new PageReader(PostgresDatabase.open(url));
    } catch (SQLException failure) {
      throw PostgresDatabase.lost(failure);
    }
  }

  /** One connection; each page is one transaction, which ends before its rows travel. */
  private final class PageReader implements Reader {
    /** Rows that the driver holds at a time. */
    private static final int FETCH = 200;

    private final Connection reading;

    PageReader(Connection reading) {
      this.reading = reading;
    }

    @Override
    public Page rows(KeyRange range, @Nullable List<String> after, PageLimits limits) {
      var values = new ArrayList<String>();
      String statement = sql.rows(range, after, limits.rows(), values);
      return page(statement, values, limits);
    }

    @Override
    public Page changed(@Nullable Instant since, @Nullable Position after, PageLimits limits) {
      var values = new ArrayList<String>();
      String statement =
          sql.changed(since == null ? null : Times.text(since), after, limits.rows(), values);
      return page(statement, values, limits);
    }

    private Page page(String text, List<String> values, PageLimits limits) {
      try (PreparedStatement statement = reading.prepareStatement(text)) {
        // a portal instead of the whole answer: memory does not grow with the page
        statement.setFetchSize(Math.min(FETCH, limits.rows()));
        for (int i = 0; i < values.size(); i++) {
          statement.setString(i + 1, values.get(i));
        }
        Page page;
        try (ResultSet found = statement.executeQuery()) {
          page = read(found, limits);
        }
        reading.rollback();
        return page;
      } catch (SQLException failure) {
        throw PostgresDatabase.lost(failure);
      }
    }

    private Page read(ResultSet found, PageLimits limits) throws SQLException {
      var rows = new ArrayList<SourceRow>();
      long bytes = 0;
      while (bytes < limits.bytes() || rows.isEmpty()) {
        if (!found.next()) {
          return new Page(rows, rows.size() < limits.rows());
        }
        List<SourceColumn> columns = selection.described();
        var values = new @Nullable Object[columns.size()];
        for (int i = 0; i < values.length; i++) {
          values[i] = value(found, sql.firstValue() + i, columns.get(i).kind());
          bytes += bytes(values[i]);
        }
        rows.add(new SourceRow(position(found), values));
      }
      return new Page(rows, false);
    }

    private Position position(ResultSet found) throws SQLException {
      @Nullable Instant watermark =
          selection.watermark() == null
              ? null
              : (Instant) value(found, sql.watermark(), ColumnKind.TIMESTAMP);
      boolean isTime = watermark != null && Times.isValid(Times.timestamp(watermark));
      return new Position(isTime ? watermark : null, sql.key(found));
    }

    private static long bytes(@Nullable Object value) {
      return switch (value) {
        case String text -> 40L + text.length();
        case byte[] bytes -> 24L + bytes.length;
        case null, default -> 24L;
      };
    }

    private static @Nullable Object value(ResultSet found, int number, ColumnKind kind)
        throws SQLException {
      @Nullable Object value =
          switch (kind) {
            case BOOLEAN -> found.getBoolean(number);
            case INTEGER -> found.getLong(number);
            case FLOAT -> found.getDouble(number);
            case BYTES -> found.getBytes(number);
            case DECIMAL, TEXT, JSON -> found.getString(number);
            case DATE -> found.getObject(number, java.time.LocalDate.class);
            case TIMESTAMP -> {
              @Nullable OffsetDateTime time = found.getObject(number, OffsetDateTime.class);
              yield time == null ? null : time.toInstant();
            }
          };
      return found.wasNull() ? null : value;
    }

    @Override
    public void close() {
      try {
        reading.close();
      } catch (SQLException failure) {
        throw PostgresDatabase.lost(failure);
      }
    }
  }

  @Override
  public String toString() {
    return String.format(Locale.ROOT, "%s by %s", selection.table().name(), selection.key());
  }
}

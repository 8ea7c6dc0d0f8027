package millrace.local.backfill.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import millrace.core.batch.BatchQueue;
import millrace.core.batch.InMemoryBatchQueue;
import millrace.core.batch.PackerLimits;
import millrace.core.contract.ContractSet;
import millrace.core.file.InMemoryObjectStore;
import millrace.core.retry.Backoff;
import millrace.core.row.Row;
import millrace.local.backfill.Backfill;
import millrace.local.backfill.Backfill.Result;
import millrace.local.backfill.Backfill.Settings;
import millrace.local.backfill.BackfillRequest;
import millrace.local.backfill.BackfillRequest.Versions;
import millrace.local.backfill.BatchSender;
import millrace.local.backfill.Ledger;
import millrace.local.backfill.Mortal;
import millrace.local.backfill.Mortal.Killed;
import millrace.local.backfill.Mortal.Moment;
import millrace.local.backfill.ProgressBar;
import millrace.local.backfill.Received;
import millrace.local.backfill.RowMapping;
import millrace.local.backfill.SourceTable.PageLimits;
import millrace.local.backfill.StateFile;
import millrace.local.backfill.Throttle;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A real table that people write to, and a backfill that dies again and again: what the writer
 * makes of the batches is the table. Only the queue is a twin, and what it has accepted outlives
 * the deaths.
 */
class BackfillIT {
  private static final int ROWS = 3_000;
  private static final List<String> STATUS = List.of("placed", "paid", "shipped", "delivered");

  private final InMemoryBatchQueue queue = new InMemoryBatchQueue();
  private final InMemoryObjectStore store = new InMemoryObjectStore();

  @TempDir Path folder;

  @BeforeEach
  void needsPostgres() {
    assumeTrue(PostgresServer.get().isPresent(), PostgresServer.ABSENT);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void a_table_that_changes_while_the_backfill_is_killed_and_resumed_arrives_as_it_is(long seed)
      throws Exception {
    PostgresServer server = PostgresServer.get().orElseThrow();
    String table = "orders_" + seed;
    fill(server, table);
    var random = new Random(seed);
    var stop = new AtomicBoolean();
    var written = new AtomicInteger();
    Thread people = Thread.ofPlatform().start(() -> write(server, table, seed, stop, written));

    int kills = 0;
    boolean resume = false;
    for (int life = 0; life < 14; life++) {
      var mortal =
          new Mortal(Moment.values()[random.nextInt(Moment.values().length)], random.nextInt(25));
      try {
        run(server, table, resume, mortal);
      } catch (Killed killed) {
        kills++;
      }
      resume = true;
    }
    stop.set(true);
    people.join();
    Result result = run(server, table, resume, new Mortal(Moment.BEFORE_THE_QUEUE_ACCEPTS, 99_999));

    Received received = Received.of(queue.messages(), store, ContractSet.builtIn());
    assertThat(kills).isGreaterThan(5);
    assertThat(written.get()).isGreaterThan(100);
    assertThat(received.failed()).isEmpty();
    assertThat(received.conflicts()).isEmpty();
    assertThat(newest(received.deduplicated())).isEqualTo(source(server, table));
    assertThat(result.state().watermark().isCaughtUp()).isTrue();
    System.out.printf(
        "backfill of %s: %d kills, %d rows sent for %d versions, %d writes meanwhile%n",
        table, kills, received.rows().size(), received.deduplicated().size(), written.get());
  }

  private static void fill(PostgresServer server, String table) throws SQLException {
    try (Connection connection = server.connect();
        Statement statement = connection.createStatement()) {
      statement.execute(
          "create table "
              + table
              + " (order_id text primary key, status text not null, customer_id text,"
              + " note text, changed_at timestamptz not null)");
      statement.execute(
          "insert into "
              + table
              + " select 'order-' || md5(i::text), 'placed', 'customer-' || i % 97, null,"
              + " now() - interval '1 hour' + i * interval '1 millisecond'"
              + " from generate_series(1, "
              + ROWS
              + ") i");
      statement.execute("analyze " + table);
    }
  }

  /** New orders, and orders that go on, until told to stop. */
  private static void write(
      PostgresServer server, String table, long seed, AtomicBoolean stop, AtomicInteger written) {
    var random = new Random(seed * 31);
    try (Connection connection = server.connect();
        PreparedStatement change =
            connection.prepareStatement(
                "insert into "
                    + table
                    + " values ('order-' || md5(?), ?, 'customer-1', null, clock_timestamp()) on"
                    + " conflict (order_id) do update set status = excluded.status, changed_at ="
                    + " excluded.changed_at")) {
      while (!stop.get()) {
        change.setString(1, Integer.toString(1 + random.nextInt(ROWS + ROWS / 10)));
        change.setString(2, STATUS.get(random.nextInt(STATUS.size())));
        change.executeUpdate();
        written.incrementAndGet();
        // a shop, not a benchmark
        Thread.sleep(1);
      }
    } catch (SQLException | InterruptedException failure) {
      throw new IllegalStateException(failure);
    }
  }

  private Result run(PostgresServer server, String table, boolean resume, Mortal mortal)
      throws InterruptedException {
    var request =
        new BackfillRequest(
            table,
            "orders.v1.OrderStatusChanged",
            null,
            List.of("order_id=event_id"),
            null,
            "changed_at",
            Versions.BY_WATERMARK,
            Duration.ofSeconds(1));
    try (PostgresDatabase database = PostgresDatabase.connect(server.url());
        Ledger ledger = StateFile.open(folder.resolve("state.json"))) {
      RowMapping mapping = RowMapping.of(request, database, ContractSet.builtIn());
      BatchQueue dying = mortal.queue(queue);
      return new Backfill(
              mapping,
              request.lookBack(),
              database.table(mapping.selection()),
              new BatchSender(
                  store,
                  dying,
                  new Backoff(Duration.ofMillis(1), Duration.ofMillis(2), new Random(1)),
                  Thread::sleep),
              mortal.ledger(ledger),
              new Settings(
                  3,
                  new PageLimits(100, 1 << 20),
                  new PackerLimits(1 << 20, 60, Duration.ofSeconds(30), 1 << 22, 200),
                  20),
              new Throttle(0, System::nanoTime, Thread::sleep),
              ProgressBar.silent(),
              InstantSource.system())
          .run(Map.of("database", database.name()), resume && ledger.read().isPresent());
    }
  }

  /** The last version of each order, by its id. */
  private static Map<String, String> newest(Map<String, Row> rows) {
    Map<String, String> versions = new TreeMap<>();
    Map<String, String> newest = new TreeMap<>();
    rows.forEach(
        (eventId, row) -> {
          String[] parts = eventId.split("@", 2);
          if (parts[1].compareTo(versions.getOrDefault(parts[0], "")) > 0) {
            versions.put(parts[0], parts[1]);
            newest.put(
                parts[0],
                Received.value(row, "status")
                    + " of "
                    + Received.value(row, "customer_id")
                    + " at "
                    + Received.value(row, "changed_at"));
          }
        });
    return newest;
  }

  private static Map<String, String> source(PostgresServer server, String table)
      throws SQLException {
    Map<String, String> source = new TreeMap<>();
    try (Connection connection = server.connect();
        Statement statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery(
                "select order_id, 'ORDER_STATUS_' || upper(status) || ' of ' || customer_id"
                    + " || ' at ', changed_at from "
                    + table)) {
      while (rows.next()) {
        source.put(
            rows.getString(1),
            rows.getString(2) + rows.getObject(3, java.time.OffsetDateTime.class).toInstant());
      }
    }
    return source;
  }
}

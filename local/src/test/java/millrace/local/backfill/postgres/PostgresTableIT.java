package millrace.local.backfill.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.math.BigDecimal;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import millrace.core.Contracts;
import millrace.core.batch.InMemoryBatchQueue;
import millrace.core.contract.ContractSet;
import millrace.core.failed.FailureClass;
import millrace.core.failed.MillraceFailure.SetupFailure;
import millrace.core.file.InMemoryObjectStore;
import millrace.core.retry.Backoff;
import millrace.core.row.MetadataColumn;
import millrace.core.row.Row;
import millrace.local.backfill.Backfill;
import millrace.local.backfill.Backfill.Result;
import millrace.local.backfill.Backfill.Settings;
import millrace.local.backfill.BackfillRequest;
import millrace.local.backfill.BackfillRequest.Versions;
import millrace.local.backfill.BatchSender;
import millrace.local.backfill.Ledger;
import millrace.local.backfill.ProgressBar;
import millrace.local.backfill.Received;
import millrace.local.backfill.RowMapping;
import millrace.local.backfill.SourceDatabase.Selection;
import millrace.local.backfill.SourceTable;
import millrace.local.backfill.SourceTable.KeyRange;
import millrace.local.backfill.SourceTable.Page;
import millrace.local.backfill.SourceTable.PageLimits;
import millrace.local.backfill.SourceTable.SourceRow;
import millrace.local.backfill.StateFile;
import millrace.local.backfill.TableShape;
import millrace.local.backfill.Throttle;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How PostgreSQL's types, keys and catalogue arrive. */
class PostgresTableIT {
  private final InMemoryBatchQueue queue = new InMemoryBatchQueue();
  private final InMemoryObjectStore store = new InMemoryObjectStore();

  @TempDir Path folder;

  @BeforeEach
  void needsPostgres() {
    assumeTrue(PostgresServer.get().isPresent(), PostgresServer.ABSENT);
  }

  @Test
  void values_of_every_type_arrive_as_the_contract_has_them() throws Exception {
    execute(
        """
        create domain short_text as varchar(30);
        create type mood as enum ('one', 'two');
        create table kinds (
          id uuid primary key, a_bool boolean, an_int32 integer, an_int64 bigint,
          a_uint64 numeric(20, 0), a_double double precision, a_string short_text, a_bytes bytea,
          an_enum mood, a_timestamp timestamptz, stamp timestamp, a_struct jsonb, a_value json,
          an_int64_wrapper bigint, a_part jsonb, parts json, int32s integer[], strings text[],
          strings_by_string jsonb, timestamps timestamptz[], an_optional_string char(5), a_float real,
          unmapped inet);
        insert into kinds values (
          '00000000-0000-0000-0000-00000000002a', true, -5, 9007199254740993, 18446744073709551615,
          0.1, 'ü ''quoted''', '\\x00ff', 'one', '2026-03-29 02:30:00.123456+02', '2026-01-01 00:00',
          '{"a": [1, {"b": null}]}', '"text"', 7, '{"name": "p", "pieces": [{"serial": "18446744073709551615"}]}',
          '[{"name": "x"}, {"name": "y"}]', '{1,2}', '{a,NULL,b}', '{"k": "v"}',
          '{2026-01-01 00:00+00}', 'ab', 1.5, '10.0.0.1');
        insert into kinds (id, a_string) values ('00000000-0000-0000-0000-00000000002b', 'nulls');
        update kinds set strings = '{a,b}';
        """);

    Result result = run(request("kinds", "testing.v1.AllKinds", "id", null, Versions.NOT_SAID));

    Received received = received(Contracts.TESTING);
    assertThat(received.failed()).isEmpty();
    Row row = received.deduplicated().get("ü 'quoted'");
    assertThat(value(row, "a_bool")).isEqualTo(true);
    assertThat(value(row, "an_int32")).isEqualTo(-5);
    assertThat(value(row, "an_int64")).isEqualTo(9007199254740993L);
    assertThat(new BigDecimal(String.valueOf(value(row, "a_uint64"))))
        .isEqualTo(new BigDecimal("18446744073709551615"));
    assertThat(value(row, "a_double")).isEqualTo(0.1);
    assertThat(value(row, "an_enum")).isEqualTo("KIND_ONE");
    assertThat(value(row, "a_timestamp")).isEqualTo(Instant.parse("2026-03-29T00:30:00.123456Z"));
    assertThat(row.get(MetadataColumn.OCCURRED_AT))
        .isEqualTo(Instant.parse("2026-03-29T00:30:00.123456Z"));
    assertThat(value(row, "an_optional_string")).isEqualTo("ab");
    assertThat(String.valueOf(value(row, "int32s"))).contains("1").contains("2");
    assertThat(value(row, "a_part")).isNotNull();
    Row nulls = received.deduplicated().get("nulls");
    assertThat(value(nulls, "a_part")).isNull();
    assertThat(value(nulls, "an_optional_string")).isNull();
    assertThat(value(nulls, "an_int64_wrapper")).isNull();
    assertThat(result.mismatches()).isEmpty();
  }

  @Test
  void what_only_a_value_shows_is_parked_by_the_writer_and_the_rest_goes_on() throws Exception {
    execute(
        """
        create table odd (id bigint primary key, a_string text, an_int32 bigint, an_enum text,
          a_part jsonb, a_timestamp timestamptz, a_uint64 numeric, a_bytes bytea);
        insert into odd values (1, 'good', 1, 'KIND_ONE', '{"name": "x"}', now(), 1, '');
        insert into odd values (2, 'wide', 3000000000, null, null, null, null, null);
        insert into odd values (3, 'enum', 1, 'KIND_NINE', null, null, null, null);
        insert into odd values (4, 'json', 1, null, '{"secret": "do not print"}', null, null, null);
        insert into odd values (5, 'ever', 1, null, null, 'infinity', null, null);
        insert into odd values (6, 'nan', 1, null, null, null, 'NaN', null);
        insert into odd values (7, null, 1, null, null, null, null, null);
        """);

    Result result = run(request("odd", "testing.v1.AllKinds", null, null, Versions.NOT_SAID));

    Received received = received(Contracts.TESTING);
    assertThat(received.deduplicated()).containsOnlyKeys("good");
    assertThat(received.failed().stream().map(failed -> failed.failureClass()))
        .containsOnly(FailureClass.MALFORMED, FailureClass.NO_IDENTITY);
    assertThat(received.failed().stream().map(failed -> failed.eventId()))
        .containsExactlyInAnyOrder("wide", "enum", "json", "ever", "nan", null);
    assertThat(result.mismatches())
        .containsExactlyInAnyOrder(
            "public.odd.an_int32 of the key 2 is outside of int32",
            "public.odd.an_enum of the key 3 is no value of testing.v1.Kind",
            "public.odd.a_part of the key 4 holds JSON that is no testing.v1.Part: Cannot find"
                + " field: secret in message testing.v1.Part",
            "public.odd.a_timestamp of the key 5 is outside of the years 1 to 9999",
            "public.odd.a_uint64 of the key 6 is no whole number");
    assertThat(result.state().unreadable()).isEqualTo(5);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "by_number | id bigint primary key | i * 1000 - 2000000",
        "by_uuid | id uuid primary key | md5(i::text)::uuid",
        "by_word | id text collate \"en-x-icu\" primary key | concat(chr(65 + i % 60), md5(i::text))",
        "by_time | id timestamptz primary key | now() + i * interval '1 microsecond'",
        "by_float | id double precision primary key | 1.0 / i",
        "by_bytes | id bytea primary key | decode(md5(i::text), 'hex')",
        "by_code | id varchar(6) unique not null | lpad(i::text, 6, '0')"
      })
  void ranges_and_pages_of_any_key_hold_every_row_once(String table, String key, String value)
      throws Exception {
    execute("create table " + table + " (" + key + ", n integer)");
    execute("insert into " + table + " select " + value + ", i from generate_series(1, 2000) i");

    assertEveryRowOnce(table, "id", 2_000);
  }

  @Test
  void a_key_of_several_columns_is_one_order() throws Exception {
    execute(
        "create table \"Odd Lines\" (\"Order\" text, line smallint, n integer, primary key"
            + " (\"Order\", line))");
    execute(
        "insert into \"Odd Lines\" select 'order ' || i / 7, i % 7, i from generate_series(1, 2000)"
            + " i");

    assertEveryRowOnce("\"Odd Lines\"", null, 2_000);
  }

  private void assertEveryRowOnce(String name, @Nullable String key, int rows) throws Exception {
    try (PostgresDatabase database = PostgresDatabase.connect(server().url())) {
      TableShape shape = database.find(name).orElseThrow();
      List<String> keys = key == null ? shape.primaryKey() : List.of(key);
      SourceTable table = database.table(new Selection(shape, keys, null, List.of("n")));
      List<List<String>> borders = table.borders(8);
      assertThat(borders).hasSizeBetween(5, 7);
      var found = new ArrayList<Object>();
      try (SourceTable.Reader reader = table.open()) {
        for (int i = 0; i <= borders.size(); i++) {
          var range =
              new KeyRange(
                  i == 0 ? null : borders.get(i - 1), i == borders.size() ? null : borders.get(i));
          List<Object> part = all(reader, range);
          assertThat(part.size()).as("range %s", range).isBetween(1, rows / 2);
          found.addAll(part);
        }
      }
      assertThat(found).doesNotHaveDuplicates().hasSize(rows);
    }
  }

  private static List<Object> all(SourceTable.Reader reader, KeyRange range) {
    var found = new ArrayList<Object>();
    @Nullable List<String> after = null;
    while (true) {
      Page page = reader.rows(range, after, new PageLimits(33, 1 << 20));
      for (SourceRow row : page.rows()) {
        found.add(String.valueOf(row.values()[0]));
        after = row.position().key();
      }
      if (page.isLast()) {
        return found;
      }
    }
  }

  @Test
  void a_page_of_large_rows_ends_early_and_goes_on_behind_the_last() throws Exception {
    execute("create table large (id integer primary key, body text)");
    execute("insert into large select i, repeat('x', 300000) from generate_series(1, 20) i");
    try (PostgresDatabase database = PostgresDatabase.connect(server().url())) {
      TableShape shape = database.find("large").orElseThrow();
      SourceTable table =
          database.table(new Selection(shape, List.of("id"), null, List.of("id", "body")));
      try (SourceTable.Reader reader = table.open()) {
        Page page = reader.rows(new KeyRange(null, null), null, new PageLimits(20, 1_000_000));
        assertThat(page.rows()).hasSize(4);
        assertThat(page.isLast()).isFalse();
        Page next =
            reader.rows(
                new KeyRange(null, null), List.of("4"), new PageLimits(100, Long.MAX_VALUE));
        assertThat(next.rows()).hasSize(16);
        assertThat(next.isLast()).isTrue();
      }
    }
  }

  @Test
  void the_newest_change_is_never_in_the_future_and_changes_come_in_their_order() throws Exception {
    execute(
        """
        create table changes (id integer primary key, at timestamp);
        insert into changes values (1, '2026-01-01 10:00:00.5'), (2, '2026-01-01 10:00:00.5'),
          (3, '2026-01-01 09:00'), (4, 'infinity'), (5, null), (6, '9000-01-01'), (7, '-infinity');
        """);
    try (PostgresDatabase database = PostgresDatabase.connect(server().url())) {
      TableShape shape = database.find("changes").orElseThrow();
      SourceTable table = database.table(new Selection(shape, List.of("id"), "at", List.of("id")));
      assertThat(table.newest()).contains(Instant.parse("2026-01-01T10:00:00.500Z"));
      try (SourceTable.Reader reader = table.open()) {
        var limits = new PageLimits(2, 1 << 20);
        Page first = reader.changed(null, null, limits);
        Page second = reader.changed(null, first.rows().getLast().position(), limits);
        Page third = reader.changed(null, second.rows().getLast().position(), limits);
        assertThat(ids(first)).containsExactly("3", "1");
        assertThat(ids(second)).containsExactly("2", "6");
        assertThat(ids(third)).isEmpty();
        assertThat(third.isLast()).isTrue();
        assertThat(ids(reader.changed(Instant.parse("2026-01-01T10:00:00.500Z"), null, limits)))
            .containsExactly("1", "2");
      }
    }
  }

  private static List<String> ids(Page page) {
    return page.rows().stream().map(row -> String.valueOf(row.values()[0])).toList();
  }

  @Test
  void schema_less_json_takes_every_column_as_it_is() throws Exception {
    execute(
        """
        create table parcels (id bigint primary key, weight numeric(20, 3), tags text[],
          detail jsonb, changed_at timestamptz);
        insert into parcels values (7, 12345678901.125, '{a}', '{"big": 123456789012345678901234567890}',
          '2026-11-21 10:00+00');
        """);

    run(request("parcels", "json.v1.JsonEvent", null, "changed_at", Versions.NOT_SAID));

    Received received = received(ContractSet.builtIn());
    assertThat(received.failed()).isEmpty();
    Row row = received.rows().getFirst();
    assertThat(row.get(MetadataColumn.EVENT_ID))
        .isEqualTo("public.parcels|7|2026-11-21T10%3A00%3A00.000000Z");
    assertThat(row.get(MetadataColumn.ID_ORIGIN)).isEqualTo("COORDINATES");
    assertThat(row.get(MetadataColumn.OCCURRED_AT))
        .isEqualTo(Instant.parse("2026-11-21T10:00:00Z"));
    assertThat(value(row, "stated_type")).isEqualTo("shipping.public.parcels");
    assertThat(String.valueOf(value(row, "payload")))
        .contains("123456789012345678901234567890")
        .contains("12345678901.125");
  }

  @Test
  void a_url_that_leads_nowhere_is_a_sentence_without_the_password() {
    assertThatThrownBy(() -> PostgresDatabase.connect("jdbc:mysql://x/y"))
        .isInstanceOf(SetupFailure.class)
        .hasMessageContaining("jdbc:postgresql://HOST:PORT/DATABASE");
    assertThatThrownBy(
            () -> PostgresDatabase.connect("jdbc:postgresql://127.0.0.1:1/shop?password=hidden1"))
        .isInstanceOf(SetupFailure.class)
        .hasMessageContaining("127.0.0.1:1/shop")
        .hasMessageNotContaining("hidden1");
  }

  @Test
  void names_are_found_as_sql_finds_them_and_views_are_no_tables() throws Exception {
    execute(
        """
        create table plain (id integer, code text not null);
        create unique index on plain (code);
        create unique index on plain (id);
        create view shown as select * from plain;
        """);
    try (PostgresDatabase database = PostgresDatabase.connect(server().url())) {
      TableShape shape = database.find("PLAIN").orElseThrow();
      assertThat(shape.name()).isEqualTo("public.plain");
      assertThat(shape.primaryKey()).isEmpty();
      assertThat(shape.unique()).containsExactly("code");
      assertThat(database.find("public.plain")).isPresent();
      assertThat(database.find("shown")).isEmpty();
      assertThat(database.find("nowhere.plain")).isEmpty();
      assertThat(database.find("a.b.c.d")).isEmpty();
      assertThat(database.find("")).isEmpty();
    }
  }

  private static @Nullable Object value(Row row, String column) {
    return Received.value(row, column);
  }

  private Received received(ContractSet contracts) {
    return Received.of(queue.messages(), store, contracts);
  }

  private static BackfillRequest request(
      String table,
      String type,
      @Nullable String key,
      @Nullable String watermark,
      Versions versions) {
    return new BackfillRequest(
        table, type, null, List.of(), key, watermark, versions, Duration.ofSeconds(1));
  }

  private Result run(BackfillRequest request) throws InterruptedException {
    ContractSet contracts =
        request.type().startsWith("testing") ? Contracts.TESTING : ContractSet.builtIn();
    try (PostgresDatabase database = PostgresDatabase.connect(server().url());
        Ledger ledger = StateFile.open(folder.resolve("state.json"))) {
      RowMapping mapping = RowMapping.of(request, database, contracts);
      return new Backfill(
              mapping,
              request.lookBack(),
              database.table(mapping.selection()),
              new BatchSender(
                  store,
                  queue,
                  new Backoff(Duration.ofMillis(1), Duration.ofMillis(2), new Random(1)),
                  Thread::sleep),
              ledger,
              Settings.of(1),
              new Throttle(0, System::nanoTime, Thread::sleep),
              ProgressBar.silent(),
              InstantSource.system())
          .run(Map.of("database", database.name()), false);
    }
  }

  private static PostgresServer server() {
    return PostgresServer.get().orElseThrow();
  }

  private static void execute(String sql) throws SQLException {
    try (Connection connection = server().connect();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}

package millrace.parquet;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import millrace.core.file.NdjsonEncoder;
import millrace.core.row.Column;
import millrace.core.row.ColumnType.Fields;
import millrace.core.row.ColumnType.Scalar;
import millrace.core.row.Row;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** DuckDB, which shares no code with the writer, judges the files. */
class ParquetEncoderTest {
  @TempDir private Path folder;
  private Connection duckdb;

  @BeforeEach
  void connect() throws SQLException {
    duckdb = DriverManager.getConnection("jdbc:duckdb:");
  }

  @AfterEach
  void disconnect() throws SQLException {
    duckdb.close();
  }

  @Test
  void every_column_has_the_type_that_the_warehouse_expects() throws Exception {
    Map<String, String> types = types(parquetOfEdges());

    assertThat(types)
        .containsEntry("a_bool", "BOOLEAN")
        .containsEntry("an_int32", "INTEGER")
        .containsEntry("a_uint32", "BIGINT")
        .containsEntry("an_int64", "BIGINT")
        .containsEntry("a_uint64", "DECIMAL(20,0)")
        .containsEntry("a_float", "FLOAT")
        .containsEntry("a_double", "DOUBLE")
        .containsEntry("a_string", "VARCHAR")
        .containsEntry("a_bytes", "BLOB")
        .containsEntry("an_enum", "VARCHAR")
        .containsEntry("a_timestamp", "TIMESTAMP WITH TIME ZONE")
        .containsEntry("a_struct", "JSON")
        .containsEntry("uint64s", "DECIMAL(20,0)[]")
        .containsEntry("timestamps", "TIMESTAMP WITH TIME ZONE[]")
        .containsEntry("strings_by_string", "MAP(VARCHAR, VARCHAR)")
        .containsEntry("doubles_by_bool", "MAP(VARCHAR, DOUBLE)")
        .containsEntry("_received_at", "TIMESTAMP WITH TIME ZONE")
        .containsEntry("_batch_row", "INTEGER");
    assertThat(types.get("parts"))
        .startsWith(
            "STRUCT(\"name\" VARCHAR, count INTEGER, pieces STRUCT(code VARCHAR, serial"
                + " DECIMAL(20,0))[]")
        .endsWith("[]");
  }

  @Test
  void parquet_and_ndjson_of_the_same_rows_hold_equal_values() throws Exception {
    Path parquet = parquetOfEdges();
    Path ndjson = folder.resolve("edges.ndjson.gz");
    Files.write(
        ndjson,
        NdjsonEncoder.gzip()
            .encode(TestRows.TYPE, TestRows.columns(), TestRows.values(TestRows.edges())));
    var fromParquet = new ArrayList<String>();
    var fromNdjson = new ArrayList<String>();
    var ndjsonColumns = new ArrayList<String>();
    types(parquet)
        .forEach(
            (name, type) -> {
              // NDJSON has bytes as base64; everything else is read as the very type that Parquet
              // states
              boolean isBytes = type.equals("BLOB");
              fromParquet.add(isBytes ? "to_base64(\"" + name + "\")" : "\"" + name + "\"");
              fromNdjson.add("\"" + name + "\"");
              ndjsonColumns.add(
                  "'" + name + "': '" + (isBytes ? "VARCHAR" : type.replace("'", "''")) + "'");
            });
    String left =
        "select " + String.join(", ", fromParquet) + " from read_parquet('" + parquet + "')";
    String right =
        "select "
            + String.join(", ", fromNdjson)
            + " from read_ndjson('"
            + ndjson
            + "', columns = {"
            + String.join(", ", ndjsonColumns)
            + "})";

    assertThat(query("select count(*) from (" + right + ")")).containsExactly("6");
    assertThat(query("select * from (" + left + " except all " + right + ")")).isEmpty();
    assertThat(query("select * from (" + right + " except all " + left + ")")).isEmpty();
  }

  @Test
  void schema_less_json_has_equal_values_by_path_in_both_formats() throws Exception {
    List<Row> rows =
        List.of(
            TestRows.json(
                """
                {"id": 9007199254740993, "price": 0.1234567890123456789012345678901234567,
                 "far": 1e300, "text": "ä \\\\ \\u2028", "list": [1, {"a": null}], "none": null}
                """),
            TestRows.json("{}"));
    List<Column> columns = rows.getFirst().schema().columns();
    Path parquet = folder.resolve("json.parquet");
    Path ndjson = folder.resolve("json.ndjson.gz");
    Files.write(parquet, new ParquetEncoder().encode("anything", columns, TestRows.values(rows)));
    Files.write(ndjson, NdjsonEncoder.gzip().encode("anything", columns, TestRows.values(rows)));

    assertThat(types(parquet)).containsEntry("payload", "JSON");
    // DuckDB reads a path to a number as double; the text that it holds has all digits
    String values =
        """
        select payload->>'$.id', contains(whole, '"price":0.1234567890123456789012345678901234567,'),
          payload->>'$.far', payload->>'$.text',
          payload->>'$.list[1]', json_type(payload, '$.none'), stated_type, _event_id
        from\
        """;
    List<String> expected =
        List.of(
            "9007199254740993|true|1e300|ä \\ \u2028|" + "{\"a\":null}|NULL|plant.any|m-1",
            "null|false|null|null|null|null|plant.any|m-1");
    assertThat(query(values + " (select *, payload::varchar as whole from '" + parquet + "')"))
        .containsExactlyElementsOf(expected);
    assertThat(
            query(
                values
                    + " (select (json->'payload') as payload, json::varchar as whole,"
                    + " json->>'stated_type' as stated_type,"
                    + " json->>'_event_id' as _event_id from read_ndjson_objects('"
                    + ndjson
                    + "'))"))
        .containsExactlyElementsOf(expected);
  }

  @Test
  void edges_of_numbers_and_times_survive() throws Exception {
    Path file = parquetOfEdges();

    assertThat(
            query(
                "select a_uint64, an_int64, a_uint32, epoch_us(a_timestamp), uint64s, a_double from"
                    + " '"
                    + file
                    + "' where a_string in ('largest', 'smallest') order by an_int64"))
        .containsExactly(
            "9223372036854775808|-9223372036854775808|0|-62135596800000000|[]|4.9E-324",
            "18446744073709551615|9223372036854775807|4294967295|253402300799999999|"
                + "[18446744073709551615, 0]|1.7976931348623157E308");
    assertThat(
            query(
                "select isnan(a_float), isnan(a_double_wrapper), a_double, doubles::varchar from '"
                    + file
                    + "' where a_string = 'not numbers'"))
        .containsExactly("true|true|-Infinity|[nan, inf, -0.0]");
  }

  @Test
  void columns_are_packed_by_zstd_and_the_writer_names_its_version() throws Exception {
    Path file = parquetOfEdges();
    byte[] bytes = Files.readAllBytes(file);

    assertThat(query("select distinct compression from parquet_metadata('" + file + "')"))
        .containsExactly("ZSTD");
    assertThat(query("select created_by from parquet_file_metadata('" + file + "')"))
        .singleElement()
        .asString()
        .startsWith("parquet-mr version 1.18.1");
    assertThat(bytes).startsWith('P', 'A', 'R', '1').endsWith('P', 'A', 'R', '1');
  }

  @Test
  void field_ids_are_the_numbers_of_the_contract_and_those_of_metadata_lie_above()
      throws Exception {
    Path file = parquetOfEdges();

    assertThat(
            query(
                "select name, field_id from parquet_schema('"
                    + file
                    + "') where field_id >= 536870912 order by field_id"))
        .startsWith("_event_id|536870912", "_id_origin|536870913")
        .hasSize(13);
    assertThat(
            query(
                "select name, field_id from parquet_schema('"
                    + file
                    + "') where name in ('a_bool', 'uint64s', 'doubles', 'a_part') order by"
                    + " field_id"))
        .containsExactly("a_bool|1", "a_part|30", "uint64s|38", "doubles|45");
    assertThat(
            query(
                "select distinct name, field_id from parquet_schema('"
                    + file
                    + "') where name in ('code', 'serial') order by field_id"))
        .as("fields of messages in lists in messages")
        .containsExactly("code|1", "serial|2");
  }

  @Test
  void equal_rows_give_equal_bytes() {
    var encoder = new ParquetEncoder();

    byte[] once =
        encoder.encode(TestRows.TYPE, TestRows.columns(), TestRows.values(TestRows.edges()));
    byte[] again =
        new ParquetEncoder()
            .encode(TestRows.TYPE, TestRows.columns(), TestRows.values(TestRows.edges()));

    assertThat(again).isEqualTo(once);
  }

  @Test
  void many_rows_make_several_row_groups_and_all_arrive() throws Exception {
    List<Column> columns =
        List.of(
            new Column("n", 1, Scalar.INT64, false), new Column("noise", 2, Scalar.BYTES, false));
    var random = new java.util.Random(1);
    var rows = new ArrayList<@Nullable Object[]>();
    for (long n = 0; n < 700; n++) {
      byte[] noise = new byte[200_000];
      random.nextBytes(noise);
      rows.add(new @Nullable Object[] {n, ByteString.copyFrom(noise)});
    }
    Path file = folder.resolve("many.parquet");
    Files.write(file, new ParquetEncoder().encode("many", columns, rows));

    assertThat(query("select count(*), sum(n), sum(octet_length(noise)) from '" + file + "'"))
        .containsExactly("700|244650|140000000");
    assertThat(
            Integer.parseInt(
                query("select count(distinct row_group_id) from parquet_metadata('" + file + "')")
                    .getFirst()))
        .isGreaterThan(1);
  }

  @Test
  void a_message_without_fields_is_an_empty_json_object() throws Exception {
    List<Column> columns =
        List.of(
            new Column("id", 1, Scalar.UINT64, false),
            new Column("mark", 2, new Fields(List.of()), true));
    List<@Nullable Object[]> rows =
        List.of(
            new @Nullable Object[] {BigInteger.ONE, new @Nullable Object[0]},
            new @Nullable Object[] {BigInteger.TWO, null});
    Path file = folder.resolve("empty.parquet");
    Files.write(file, new ParquetEncoder().encode("empty", columns, rows));

    assertThat(query("select id, mark from '" + file + "' order by id"))
        .containsExactly("1|{}", "2|null");
  }

  private Path parquetOfEdges() throws Exception {
    Path file = folder.resolve("edges.parquet");
    Files.write(
        file,
        new ParquetEncoder()
            .encode(TestRows.TYPE, TestRows.columns(), TestRows.values(TestRows.edges())));
    return file;
  }

  private Map<String, String> types(Path file) throws SQLException {
    var types = new LinkedHashMap<String, String>();
    try (Statement statement = duckdb.createStatement();
        ResultSet result = statement.executeQuery("describe select * from '" + file + "'")) {
      while (result.next()) {
        types.put(result.getString("column_name"), result.getString("column_type"));
      }
    }
    return types;
  }

  /** Rows as text, columns separated by a bar. */
  private List<String> query(String sql) throws SQLException {
    var rows = new ArrayList<String>();
    try (Statement statement = duckdb.createStatement();
        ResultSet result = statement.executeQuery(sql)) {
      while (result.next()) {
        var row = new ArrayList<String>();
        for (int column = 1; column <= result.getMetaData().getColumnCount(); column++) {
          row.add(String.valueOf(result.getObject(column)));
        }
        rows.add(String.join("|", row));
      }
    }
    return rows;
  }
}

"""One probe per patch: it passes behind all patches and fails when only its patch is left out.

A probe that passes without its patch means that fakesnow has learned it: the patch can go.
"""

from __future__ import annotations

import datetime
import functools
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import fakesnow.logger
import fakesnow.transforms as transforms
import pytest
import snowflake.connector.errors
import sqlglot
from conftest import Client, serving
from snowflake.connector import DictCursor
from warehouse.launcher.all_patches import PATCHES
from warehouse.launcher.patching import apply_patches

Probe = Callable[[Client], None]
PROBES: dict[str, Probe] = {}


def probe(function: Probe) -> Probe:
    PROBES[function.__name__] = function
    return function


def run(client: Client, *statements: str) -> list[tuple]:
    """Runs the statements in one session of the database TEST and gives the last one's rows."""
    with client.connect(database="TEST", schema="S") as connection:
        cursor = connection.cursor()
        for statement in statements:
            cursor.execute(statement)
        return cursor.fetchall()


def token(client: Client) -> dict[str, str]:
    _, login = client.http("/session/v1/login-request", {"data": {"SESSION_PARAMETERS": {}}})
    return {"Authorization": f'Snowflake Token="{login["data"]["token"]}"'}


@probe
def as_varchar(client: Client) -> None:
    texts = """select as_varchar(to_variant('{"a":1}')), as_varchar(parse_json('{"a":1}')), as_varchar(parse_json('null'))"""
    assert run(client, texts) == [('{"a":1}', None, None)]


@probe
def account_level_statements(client: Client) -> None:
    run(
        client,
        "create warehouse if not exists w warehouse_size = 'XSMALL' auto_suspend = 60 initially_suspended = true",
        "create role if not exists r",
        "grant select on future tables in schema test.s to role r",
        "create storage integration if not exists i type = external_stage storage_allowed_locations = ('s3://b/')",
        "alter account set timezone = 'UTC'",
        "alter table test.s.t modify column a set tag x = 'y', column b set tag x = 'z'",
        "alter view test.s.v modify column a set tag x = 'y'",
        "alter tag test.s.x set masking policy p, masking policy q force",
        "alter table test.s.t modify column a set masking policy p force",
        "alter table test.s.t modify column a comment 'told'",
        "comment on table test.s.t is 'told'",
        "/* first\n second */ -- third\n alter session set query_tag = 'x'",
    )


@probe
def remembered_account_objects(client: Client) -> None:
    made = (
        "create warehouse if not exists test_w warehouse_size = 'XSMALL' auto_suspend = 60",
        "alter warehouse if exists test_w set auto_suspend = 90",
        "create warehouse if not exists test_w auto_suspend = 1",
    )
    with client.connect(database="TEST", schema="S") as connection:
        cursor = connection.cursor(DictCursor)
        for statement in (*made, "grant usage on warehouse test_w to role test_r"):
            cursor.execute(statement)
        [shown] = cursor.execute("show warehouses like 'test_w'").fetchall()
        assert (shown["name"], shown["size"], shown["auto_suspend"]) == ("TEST_W", "XSMALL", "90")
        [granted] = cursor.execute("show grants to role test_r").fetchall()
        assert (granted["privilege"], granted["granted_on"], granted["name"]) == ("USAGE", "WAREHOUSE", "TEST_W")
        cursor.execute("drop warehouse test_w")
        assert cursor.execute("show warehouses like 'test_w'").fetchall() == []


@probe
def clauses_without_meaning(client: Client) -> None:
    run(
        client,
        "create schema if not exists managed with managed access",
        "create or replace table s.tagged (a varchar masking policy p, b int) with tag (owner = 'x')",
        "create or replace table s.told (a varchar with tag (t = 'x') comment 'it''s; with tag (a)', b int) comment = 'c'",
        "alter table s.told add column if not exists c varchar comment 'one more'",
        "select a, b, c from s.told",
        "create or replace transient table s.tagged (a varchar not null) copy tags\n as (select 'x' as a)",
    )


@probe
def session_answers(client: Client) -> None:
    assert run(client, "show parameters like 'query_tag' in session") == [("QUERY_TAG", "")]
    assert run(client, "show grants on table s.any_table") == []


@probe
def statements_by_tag(client: Client) -> None:
    history = "select query_tag, database_name, execution_status, total_elapsed_time >= 0 from snowflake.account_usage.query_history"
    with client.connect(database="TEST", schema="S") as connection:
        cursor = connection.cursor()
        # dbt puts its comment behind the statement
        cursor.execute("""alter session set query_tag = '{"app": "it''s"}'\n/* of dbt */""")
        cursor.execute("select 1")
        with pytest.raises(snowflake.connector.errors.ProgrammingError):
            cursor.execute("select no_such_column from no_such_table")
        cursor.execute("alter session unset query_tag")
        cursor.execute("select 'untagged'")
    expected = ('{"app": "it\'s"}', "TEST")
    assert sorted(run(client, history)) == [(*expected, "FAIL", True), (*expected, "SUCCESS", True)]


@probe
def engine_errors_as_sql_errors(client: Client) -> None:
    # Without a connector: it would repeat the statement for minutes.
    status, answer = client.http(
        "/queries/v1/query-request", {"sqlText": "select error('the engine says so')"}, token(client)
    )
    assert status == 200
    assert not answer["success"]
    assert "the engine says so" in answer["message"]


@probe
def null_timestamps(client: Client) -> None:
    at = datetime.datetime(2026, 11, 21, 10, 0, 0, 123456)
    rows = run(client, f"select '{at}'::timestamp_ntz as seen union all select null order by seen nulls last")
    assert rows == [(at,), (None,)]


@probe
def try_to_timestamp(client: Client) -> None:
    assert run(client, "select try_cast(x as timestamp), try_to_timestamp(x) is null from (select 'no time' as x)") == [
        (None, True)
    ]


@probe
def binds_of_typed_clients(client: Client) -> None:
    # As JDBC sends them: all as text in the body of the request.
    bindings = {"1": {"type": "FIXED", "value": "12.50"}, "2": {"type": "TEXT", "value": None}}
    status, answer = client.http(
        "/queries/v1/query-request",
        {"sqlText": "select ? = 12.5 as a, ? is null as b", "bindings": bindings},
        token(client),
    )
    assert status == 200 and answer["success"], answer


def statements_of_the_engine(client: Client, statement: str) -> list[str]:
    """What fakesnow has DuckDB run for one statement of a client."""
    ran: list[str] = []
    log = fakesnow.logger.log_sql
    fakesnow.logger.log_sql = lambda sql, params=None: ran.append(sql)
    try:
        run(client, statement)
    finally:
        fakesnow.logger.log_sql = log
    return ran


@probe
def described_by_the_result(client: Client) -> None:
    ran = statements_of_the_engine(client, "select 1.5 as price, 'x' as name, null as nothing")
    assert [sql for sql in ran if sql.upper().startswith("DESCRIBE")] == []
    with client.connect() as connection:
        cursor = connection.cursor()
        cursor.execute("select 1.5::number(5,2) as price, 'x' as name, true as good")
        assert [(each.name, each.type_code, each.scale) for each in cursor.description] == [
            ("PRICE", 0, 2),
            ("NAME", 2, None),
            ("GOOD", 13, None),
        ]
        cursor.execute(f"select * from table(result_scan('{cursor.sfqid}'))")
        assert [each.name for each in cursor.description] == ["PRICE", "NAME", "GOOD"]


@probe
def parsed_once(client: Client) -> None:
    parses: list[str] = []
    parse = sqlglot.parse_one

    def counted(sql: str, **arguments: Any) -> Any:
        parses.append(sql)
        return parse(sql, **arguments)

    sqlglot.parse_one = counted
    try:
        assert run(client, "select 40 + 2 as once") == [(42,)]
        assert run(client, "select 40 + 2 as once") == [(42,)]
    finally:
        sqlglot.parse_one = parse
    assert [sql for sql in parses if sql == "select 40 + 2 as once"] == ["select 40 + 2 as once"] * 2


@probe
def passes_where_they_apply(client: Client) -> None:
    made: list[Any] = []
    show_databases = transforms.show_databases

    @functools.wraps(show_databases)
    def counted(node: Any) -> Any:
        made.append(node)
        return show_databases(node)

    transforms.show_databases = counted
    try:
        assert run(client, "select 40 + 2 as spared") == [(42,)]
        assert made == []
    finally:
        transforms.show_databases = show_databases


@probe
def one_table_described(client: Client) -> None:
    run(
        client,
        "create table typed (n number(10, 2), i int not null, t varchar(5), u varchar, f float, b binary, d date,"
        " z timestamp_tz, s timestamp_ntz, c time, v variant, o boolean)",
        "create view seen as select n, t from typed",
    )
    assert [row[:4] for row in run(client, "describe table typed")] == [
        ("N", "NUMBER(10,2)", "COLUMN", "Y"),
        ("I", "NUMBER(38,0)", "COLUMN", "N"),
        ("T", "VARCHAR(5)", "COLUMN", "Y"),
        ("U", "VARCHAR(16777216)", "COLUMN", "Y"),
        ("F", "FLOAT", "COLUMN", "Y"),
        ("B", "BINARY(8388608)", "COLUMN", "Y"),
        ("D", "DATE", "COLUMN", "Y"),
        ("Z", "TIMESTAMP_TZ(9)", "COLUMN", "Y"),
        ("S", "TIMESTAMP_NTZ(9)", "COLUMN", "Y"),
        ("C", "TIME(9)", "COLUMN", "Y"),
        ("V", "VARIANT", "COLUMN", "Y"),
        ("O", "BOOLEAN", "COLUMN", "Y"),
    ]
    assert [row[:2] for row in run(client, "describe view seen")] == [("N", "NUMBER(10,2)"), ("T", "VARCHAR(16777216)")]
    ran = statements_of_the_engine(client, "describe table typed")
    assert [sql for sql in ran if "_FS_COLUMNS " in sql.upper()] == []


@probe
def bounded_result_cache(client: Client) -> None:
    import fakesnow.server

    run(client, *["select 1"] * 40)
    assert len(fakesnow.server.shared_fs.results_cache) <= 32


@probe
def no_columns_from_folders(client: Client) -> None:
    import fakesnow.transforms.stage
    import pyarrow as pa
    import pyarrow.parquet as pq

    folder = Path(fakesnow.transforms.stage.LOCAL_BUCKET_PATH) / "TEST" / "S" / "FOLDERS" / "year=2026"
    folder.mkdir(parents=True, exist_ok=True)
    pq.write_table(pa.table({"year": ["from the file"]}), folder / "f.parquet")
    run(client, "create or replace stage s.folders", "create or replace table s.years (year varchar)")
    folder.mkdir(parents=True, exist_ok=True)
    pq.write_table(pa.table({"year": ["from the file"]}), folder / "f.parquet")
    assert run(
        client,
        "copy into s.years from @s.folders/year=2026/ file_format = (type = parquet) match_by_column_name = case_insensitive",
        "select * from s.years",
    ) == [("from the file",)]


@probe
def temporary_tables_with_full_names(client: Client) -> None:
    assert run(
        client, "create or replace temporary table test.s.temp as select 1 as a", "select a from test.s.temp"
    ) == [(1,)]


@probe
def contract_table_as_select(client: Client) -> None:
    assert run(
        client,
        "create or replace table s.contract (id number(10, 0) not null, name varchar, primary key (id))"
        " as (select * from (select 1 as id, 'x' as name))",
        "select id, name from s.contract",
    ) == [(1, "x")]


MERGE = """
merge into s.target as target using s.source as source on target.id = source.id
when matched then update set name = source.name
when not matched then insert (id, name) values (id, name)
"""


@probe
def merge_inserts_source_columns(client: Client) -> None:
    assert run(
        client,
        "create or replace table s.target as select 1 as id, 'old' as name",
        "create or replace table s.source as select * from values (1, 'new'), (2, 'two') as v(id, name)",
        MERGE,
        "select * from s.target order by id",
    ) == [(1, "new"), (2, "two")]


@probe
def merge_in_a_transaction(client: Client) -> None:
    run(
        client,
        "create or replace table s.target as select 1 as id, 'old' as name",
        "create or replace table s.source as select 1 as id, 'new' as name",
        "begin",
        MERGE,
        "commit",
    )
    assert run(client, "select * from s.target") == [(1, "new")]


@probe
def merge_refuses_duplicate_source_keys(client: Client) -> None:
    with pytest.raises(snowflake.connector.errors.ProgrammingError, match="Duplicate row detected"):
        run(
            client,
            "create or replace table s.target as select 1 as id, 'old' as name",
            "create or replace table s.source as select * from values (1, 'a'), (1, 'b') as v(id, name)",
            MERGE,
        )


@probe
def remembered_pipes(client: Client) -> None:
    definition = "copy into s.t from '@s.stage/a/' file_format = (format_name = 's.f') on_error = skip_file"
    run(
        client,
        f"create pipe if not exists s.p auto_ingest = true aws_sns_topic = 'arn:aws:sns:::t' as {definition}",
        "alter pipe s.p set pipe_execution_paused = true",
    )
    with client.connect(database="TEST") as connection:
        [pipe] = connection.cursor(DictCursor).execute("show pipes in database test").fetchall()
        assert (pipe["name"], pipe["database_name"], pipe["schema_name"]) == ("P", "TEST", "S")
        assert (pipe["definition"], pipe["notification_channel"]) == (definition, "arn:aws:sns:::t")
        [(status,)] = connection.cursor().execute("select system$pipe_status('test.s.p')").fetchall()
        assert '"executionState":"PAUSED"' in status
        connection.cursor().execute("drop pipe test.s.p")
        assert connection.cursor().execute("show pipes").fetchall() == []


@probe
def exact_sums(client: Client) -> None:
    big = 2**53
    assert run(client, f"select sum(a) from (select {big}::number(19, 0) as a union all select 1)") == [
        (Decimal(big + 1),)
    ]


@probe
def flatten_in_place(client: Client) -> None:
    shapes = """select * from values (1, '{"/a": "x"}'), (2, '["y", "z"]'), (3, '[]'), (4, 'null'), (5, null) as v(id, text)"""
    run(client, f"create or replace table s.shapes as select id, parse_json(text) as v from ({shapes})")
    expected = [(1, "/a", None, "x"), (2, None, 0, "y"), (2, None, 1, "z")]
    item = "id, f.key, f.index, f.value::varchar from"
    for source in (
        "s.shapes as t, lateral flatten(input => t.v) f",
        "s.shapes, lateral flatten(v) as f",
        "(select * from s.shapes) t, lateral flatten(input => t.v) f",
        "s.shapes t join (select 1 as one) o on o.one = 1, lateral flatten(input => t.v) f",
    ):
        assert sorted(run(client, f"select {item} {source}"), key=str) == expected, source
    # Of another one's items.
    nested = '(select parse_json(\'[["x", "y"]]\') as v) t, lateral flatten(input => t.v) o, lateral flatten(input => o.value) f'
    assert sorted(run(client, f"select f.index, f.value::varchar from {nested}")) == [(0, "x"), (1, "y")]
    # What the row brings along is not seen.
    [row] = run(client, "select * from s.shapes t, lateral flatten(input => t.v) f where f.key = '/a'")
    assert len(row) == 2 + len(("seq", "key", "path", "index", "value", "this"))
    [row] = run(client, "select t.*, f.this:\"/a\"::varchar from s.shapes t, lateral flatten(t.v) f where f.key = '/a'")
    assert (row[0], row[2:]) == (1, ("x",))
    arrays = "select parse_json('[0, 1, 2, ' || seq4() || ']') as v from table(generator(rowcount => 300000))"
    wrong = f"select count(*) from ({arrays}) t, lateral flatten(input => t.v) f where f.index < 3 and f.index <> f.value::int"
    assert run(client, wrong) == [(0,)]
    attributes = "object_agg('k' || seq4(), to_variant(repeat('x', 1000))) from table(generator(rowcount => 3000))"
    [(count, size)] = run(
        client,
        f"with cards as (select 1 as id, {attributes.replace(' from', ' as v from')}), renamed as (select id, v as w from cards)"
        " select count(*), sum(length(f.value::varchar)) from renamed, lateral flatten(input => renamed.w) f group by id",
    )
    assert (count, size) == (3000, 3_000_000)


def prepared(client: Client) -> Client:
    with client.connect() as connection:
        connection.cursor().execute("create database if not exists TEST")
        connection.cursor().execute("create schema if not exists TEST.S")
    return client


@pytest.fixture(scope="class")
def patched(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    with serving(tmp_path_factory.mktemp("patched")) as client:
        yield prepared(client)


def test_every_patch_has_a_probe() -> None:
    assert PROBES.keys() == {patch.name for patch in PATCHES}


@pytest.mark.parametrize("name", PROBES)
class TestBehindAllPatches:
    def test_it_works(self, patched: Client, name: str) -> None:
        PROBES[name](patched)


@pytest.mark.parametrize("name", PROBES)
class TestWithoutItsPatch:
    def test_it_fails(self, tmp_path: Path, name: str) -> None:
        with serving(tmp_path, without_patch=name) as client:
            prepared(client)
            with pytest.raises((AssertionError, snowflake.connector.errors.Error, pytest.fail.Exception)):
                PROBES[name](client)


def test_a_patch_that_is_not_there_cannot_be_left_out() -> None:
    with pytest.raises(ValueError, match="no patch is named 'nothing'"):
        apply_patches(PATCHES, without="nothing")


def test_patches_cannot_be_applied_twice() -> None:
    patcher = apply_patches(PATCHES)
    try:
        with pytest.raises(RuntimeError, match="already"):
            apply_patches(PATCHES)
    finally:
        patcher.undo()


def test_undoing_the_patches_gives_fakesnow_back() -> None:
    from fakesnow.cursor import FakeSnowflakeCursor

    before = FakeSnowflakeCursor.execute
    patcher = apply_patches(PATCHES)
    assert FakeSnowflakeCursor.execute is not before
    patcher.undo()
    assert FakeSnowflakeCursor.execute is before

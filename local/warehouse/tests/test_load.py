"""The load on real files: what Snowpipe does with good, odd and bad ones."""

from __future__ import annotations

import datetime
import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from conftest import ACCOUNT, BUCKET, VARIABLES, Client, serving
from files import LINE, ORDER, UTC_MICROSECONDS, metadata, order, orders, write_ndjson, write_parquet
from warehouse.pipes.catalog import Pipe, read_catalog
from warehouse.pipes.client import Statement, StatementRefused, Transaction, WarehouseClient, WarehouseUnavailable
from warehouse.pipes.copy_statement import PipeDefinitionError
from warehouse.pipes.history import prepare_history
from warehouse.pipes.load import Loader, LoadReport
from warehouse.pipes.notices import Notice

TOPIC = VARIABLES["topic_arn"]
NOW = datetime.datetime(2026, 11, 21, 12, 0, tzinfo=datetime.UTC)
ORDERS = "ORDERS_V1__ORDER_CREATED"
WIDE = "WIDE"
WIDE_COLUMNS = """
    u number(20, 0), small number(10, 0), ratio float, flag boolean, raw binary, happened_at timestamp_ntz(6), attributes variant,
    nested variant, deep variant, note varchar, _event_id varchar not null, _file varchar not null, _file_row number(19, 0),
    _loaded_at timestamp_ntz(6)
"""
INCLUDE = "include_metadata = (_file = METADATA$FILENAME, _file_row = METADATA$FILE_ROW_NUMBER, _loaded_at = METADATA$START_SCAN_TIME)"


@dataclass
class Bench:
    """A migrated warehouse, a folder of objects and a clock that the test sets."""

    client: Client
    objects: Path
    now: datetime.datetime = NOW
    halves: bool = False
    warehouse: WarehouseClient = field(init=False)

    def __post_init__(self) -> None:
        self.warehouse = WarehouseClient(self.client.port)
        self.loader = Loader(self.warehouse, str(self.objects / ACCOUNT), lambda: self.now, lambda: self.halves)
        prepare_history(self.warehouse, {"MILLRACE_DEV"})

    def pipe(self, table: str = ORDERS, parquet: bool | None = None) -> Pipe:
        pipes = [p for p in read_catalog(self.warehouse, TOPIC).pipes if p.table.name == table]
        [found] = [p for p in pipes if parquet is None or p.file_format.parquet == parquet]
        return found

    def path(self, pipe: Pipe, name: str) -> Path:
        return self.objects / ACCOUNT / BUCKET / f"{pipe.prefix}{name}"

    def load(self, pipe: Pipe, *names: str) -> LoadReport:
        return self.loader.load(pipe, [Notice(BUCKET, pipe.prefix + name, 1, NOW) for name in names])

    def rows(self, query: str) -> list[tuple]:
        with self.client.connect(database="MILLRACE_DEV", schema="RAW") as connection:
            return connection.cursor().execute(query).fetchall()

    def history(self) -> list[tuple]:
        return self.rows(
            "select file, status, rows_loaded, first_error from audit.load_history order by file, loaded_at"
        )


@pytest.fixture
def bench(migrated_folder: Path, tmp_path: Path) -> Iterator[Bench]:
    shutil.copytree(migrated_folder, tmp_path / "db")
    with serving(tmp_path / "db") as client:
        yield Bench(client, tmp_path / "ob[jects")


def with_wide_table(bench: Bench) -> None:
    """A table of every column type with a pipe for each format."""
    with bench.client.connect(database="MILLRACE_DEV", schema="RAW") as connection:
        cursor = connection.cursor()
        cursor.execute(f"create table raw.{WIDE} ({WIDE_COLUMNS})")
        for name, format_ in (("parquet", "PARQUET"), ("ndjson", "NDJSON_ZSTD")):
            cursor.execute(
                f"create pipe raw.wide_{name}_pipe auto_ingest = true aws_sns_topic = '{TOPIC}' as copy into raw.{WIDE}"
                f" from '@raw.events/format={name}/source=wide/type=wide.v1.Wide/' file_format = (format_name = 'RAW.{format_}')"
                f" match_by_column_name = case_insensitive {INCLUDE} on_error = skip_file"
            )


def wide_schema() -> pa.Schema:
    deep = pa.struct(
        [
            ("at", UTC_MICROSECONDS),
            ("raw", pa.binary()),
            ("ratio", pa.float64()),
            ("big", pa.decimal128(20, 0)),
            ("times", pa.list_(UTC_MICROSECONDS)),
            ("by_key", pa.map_(pa.string(), UTC_MICROSECONDS)),
        ]
    )
    return pa.schema(
        [
            ("u", pa.decimal128(20, 0)),
            ("small", pa.int32()),
            ("ratio", pa.float64()),
            ("flag", pa.bool_()),
            ("raw", pa.binary()),
            ("happened_at", UTC_MICROSECONDS),
            ("attributes", pa.map_(pa.string(), pa.string())),
            ("nested", pa.list_(LINE)),
            ("deep", deep),
            ("note", pa.string()),
            ("_event_id", pa.string()),
        ]
    )


def wide_rows() -> list[dict[str, Any]]:
    at = datetime.datetime(1969, 12, 31, 23, 59, 59, 999999, tzinfo=datetime.UTC)
    full = {
        "u": 2**64 - 1,
        "small": -(2**31),
        "ratio": 0.1,
        "flag": True,
        "raw": b"\x00\xff",
        "happened_at": at,
        "attributes": {"k": "v", "quote\"'": "é\n"},
        "nested": [{"line_number": 1, "card_id": "c", "quantity": 2, "unit_price_minor": 2**62}],
        "deep": {"at": at, "raw": b"\x01", "ratio": 1.5, "big": 2**64 - 1, "times": [at, None], "by_key": {"t": at}},
        "note": "NULL",
        "_event_id": "1",
    }
    empty = {name: None for name in full} | {"_event_id": "2"}
    hollow = full | {
        "attributes": {},
        "nested": [],
        "_event_id": "3",
        "note": "",
        "ratio": float("nan"),
        "deep": {name: None for name in full["deep"]},
    }
    return [full, empty, hollow]


def with_map_entries(row: dict[str, Any]) -> dict[str, Any]:
    """Maps as pyarrow takes them."""
    changed = dict(row)
    if row["attributes"] is not None:
        changed["attributes"] = list(row["attributes"].items())
    if row["deep"] is not None and row["deep"]["by_key"] is not None:
        changed["deep"] = row["deep"] | {"by_key": list(row["deep"]["by_key"].items())}
    return changed


def test_parquet_and_ndjson_give_equal_rows_of_every_type(bench: Bench) -> None:
    with_wide_table(bench)
    columns = "u, small, ratio, flag, raw, happened_at, attributes, nested, deep, note, _event_id"
    found = []
    for name, parquet in (("a.r3.parquet", True), ("a.r3.ndjson.zst", False)):
        pipe = bench.pipe(WIDE, parquet)
        if parquet:
            write_parquet(bench.path(pipe, name), [with_map_entries(row) for row in wide_rows()], wide_schema())
        else:
            write_ndjson(bench.path(pipe, name), wide_rows())
        assert bench.load(pipe, name) == LoadReport(loaded=1)
        rows = bench.rows(f"select {columns} from raw.wide where _file like '%/{name}' order by _event_id")
        found.append([tuple(_comparable(value) for value in row) for row in rows])
    assert found[0] == found[1]
    full, empty, hollow = found[0]
    assert full[0] == 2**64 - 1
    assert full[4] == b"\x00\xff"
    assert full[5] == datetime.datetime(1969, 12, 31, 23, 59, 59, 999999)
    assert full[6] == {"k": "v", "quote\"'": "é\n"}
    assert full[8] == {
        "at": "1969-12-31T23:59:59.999999Z",
        "raw": "AQ==",
        "ratio": 1.5,
        "big": 2**64 - 1,
        "times": ["1969-12-31T23:59:59.999999Z", None],
        "by_key": {"t": "1969-12-31T23:59:59.999999Z"},
    }
    assert empty[:10] == (None,) * 10
    assert hollow[2] == "nan" and hollow[6] == {} and hollow[7] == [] and hollow[9] == ""


def _comparable(value: Any) -> Any:
    if isinstance(value, str) and value[:1] in ("{", "["):
        return json.loads(value)
    return (
        "nan"
        if isinstance(value, float) and value != value
        else bytes(value)
        if isinstance(value, bytearray)
        else value
    )


@pytest.mark.parametrize("halves", [False, True])
def test_rows_carry_file_row_number_and_scan_time(bench: Bench, halves: bool) -> None:
    bench.halves = halves
    pipe = bench.pipe()
    write_parquet(bench.path(pipe, "a.parquet"), orders(2500, "a"), rows_per_group=1000)
    write_parquet(bench.path(pipe, "b.parquet"), orders(3, "b"))
    assert bench.load(pipe, "a.parquet", "b.parquet") == LoadReport(loaded=2)
    assert bench.rows(
        "select count(*), count(distinct _file_row), min(_file_row), max(_file_row) from raw.orders_v1__order_created"
        " where _file like '%/a.parquet'"
    ) == [(2500, 2500, 1, 2500)]
    assert bench.rows("select count(*) from raw.orders_v1__order_created where _file_row <> _batch_row + 1") == [(0,)]
    assert bench.rows("select distinct _file, _loaded_at from raw.orders_v1__order_created order by 1") == [
        (f"{pipe.prefix}{name}", NOW.replace(tzinfo=None)) for name in ("a.parquet", "b.parquet")
    ]
    assert [row[1:] for row in bench.history()] == [("LOADED", 2500, None), ("LOADED", 3, None)]


@pytest.mark.parametrize("halves", [False, True])
def test_lines_of_json_are_numbered_per_file(bench: Bench, halves: bool) -> None:
    with_wide_table(bench)
    bench.halves = halves
    pipe = bench.pipe(WIDE, parquet=False)
    for name, count in (("a", 30_000), ("b", 5), ("c", 12_345)):
        write_ndjson(
            bench.path(pipe, f"{name}.ndjson.zst"), [{"_event_id": f"{number}"} for number in range(1, count + 1)]
        )
    assert bench.load(pipe, "a.ndjson.zst", "b.ndjson.zst", "c.ndjson.zst") == LoadReport(loaded=3)
    assert bench.rows("select count(*) from raw.wide where _file_row::varchar <> _event_id") == [(0,)]
    assert [row[2] for row in bench.history()] == [30_000, 5, 12_345]


def test_columns_the_table_lacks_are_ignored_and_missing_ones_are_null(bench: Bench) -> None:
    pipe = bench.pipe()
    schema = ORDER.remove(ORDER.get_field_index("currency")).append(pa.field("brand_new", pa.string()))
    write_parquet(bench.path(pipe, "new.parquet"), [order(1) | {"brand_new": "x"}], schema)
    write_parquet(bench.path(pipe, "old.parquet"), [order(2)])
    assert bench.load(pipe, "new.parquet", "old.parquet") == LoadReport(loaded=2)
    assert bench.rows("select currency from raw.orders_v1__order_created order by _batch_row") == [(None,), ("EUR",)]


def test_column_names_match_in_any_case(bench: Bench) -> None:
    pipe = bench.pipe()
    write_parquet(
        bench.path(pipe, "upper.parquet"),
        [{name.upper(): value for name, value in order(1).items()}],
        pa.schema([pa.field(f.name.upper(), f.type) for f in ORDER]),
    )
    assert bench.load(pipe, "upper.parquet") == LoadReport(loaded=1)
    assert bench.rows("select order_id from raw.orders_v1__order_created") == [("order-1",)]


def bad_files(bench: Bench, pipe: Pipe) -> dict[str, str]:
    """Name -> what the history must say of it."""
    without_id = ORDER.set(ORDER.get_field_index("_event_id"), pa.field("_event_id", pa.string()))
    write_parquet(bench.path(pipe, "null-key.parquet"), [order(1), order(2) | {"_event_id": None}], without_id)
    no_key = ORDER.remove(ORDER.get_field_index("_batch_id"))
    write_parquet(bench.path(pipe, "no-key.parquet"), [order(3)], no_key)
    text_amount = ORDER.set(ORDER.get_field_index("total_amount_minor"), pa.field("total_amount_minor", pa.string()))
    write_parquet(bench.path(pipe, "text.parquet"), [order(4) | {"total_amount_minor": "many"}], text_amount)
    good = bench.path(pipe, "good.parquet")
    write_parquet(good, orders(10))
    bench.path(pipe, "cut.parquet").write_bytes(good.read_bytes()[:-10])
    bench.path(pipe, "empty.parquet").write_bytes(b"")
    return {
        "null-key.parquet": "NOT NULL constraint failed",
        "no-key.parquet": "_BATCH_ID",
        "text.parquet": "Could not convert string",
        "cut.parquet": "cut.parquet",
        "empty.parquet": "too small",
        "absent.parquet": "does not exist",
    }


@pytest.mark.parametrize("halves", [False, True])
def test_a_bad_file_is_skipped_whole_and_recorded_and_the_others_are_loaded(bench: Bench, halves: bool) -> None:
    bench.halves = halves
    pipe = bench.pipe()
    bad = bad_files(bench, pipe)
    report = bench.load(pipe, "good.parquet", *bad)
    assert report == LoadReport(loaded=1, failed=len(bad))
    assert bench.rows("select count(*), count(distinct _file) from raw.orders_v1__order_created") == [(10, 1)]
    recorded = {file.removeprefix(pipe.prefix): (status, error) for file, status, _, error in bench.history()}
    assert recorded.pop("good.parquet") == ("LOADED", None)
    for name, said in bad.items():
        assert recorded[name][0] == "LOAD_FAILED"
        assert said in recorded[name][1], name


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        (b'{"_event_id": "1"}\n{"_event_id": \n', "Malformed JSON"),
        (b'{"_event_id": "1"}\n[1]\n', "no JSON object"),
        (b'{"_event_id": "1", "_event_id": "2"}\n', "twice"),
        (b'{"_event_id": "1", "_Event_Id": "2"}\n', "different case"),
        (b'{"_event_id": "1", "small": "many"}\n', "Could not convert"),
        (b'{"_event_id": null}\n', "NOT NULL"),
        (b'{"note": "x"}\n', "_EVENT_ID"),
    ],
)
def test_a_bad_json_file_is_skipped_whole(bench: Bench, lines: bytes, said: str) -> None:
    with_wide_table(bench)
    pipe = bench.pipe(WIDE, parquet=False)
    path = bench.path(pipe, "bad.ndjson.zst")
    path.parent.mkdir(parents=True)
    path.write_bytes(pa.compress(lines, codec="zstd", asbytes=True))
    assert bench.load(pipe, "bad.ndjson.zst") == LoadReport(failed=1)
    assert bench.rows("select count(*) from raw.wide") == [(0,)]
    [(_, status, _, error)] = bench.history()
    assert status == "LOAD_FAILED" and said in error


def test_a_file_in_another_codec_than_its_format_says_is_refused(bench: Bench) -> None:
    with_wide_table(bench)
    pipe = bench.pipe(WIDE, parquet=False)
    write_ndjson(bench.path(pipe, "a.ndjson.gz"), [{"_event_id": "1"}], codec="gzip")
    assert bench.load(pipe, "a.ndjson.gz") == LoadReport(failed=1)


def test_failed_events_are_loaded_from_gzip(bench: Bench) -> None:
    pipe = bench.pipe("FAILED_EVENTS")
    row = metadata(1, "b1") | {
        "class": "MALFORMED",
        "reason": 'no "end"',
        "quarantine_key": "quarantine/x.mrb",
        "quarantine_row": 4,
    }
    write_ndjson(bench.path(pipe, "year=2026/month=11/day=21/a.r1.ndjson.gz"), [row], codec="gzip")
    assert bench.load(pipe, "year=2026/month=11/day=21/a.r1.ndjson.gz") == LoadReport(loaded=1)
    assert bench.rows("select class, reason, quarantine_row, _file, _file_row from raw.failed_events") == [
        ("MALFORMED", 'no "end"', 4, "failed/year=2026/month=11/day=21/a.r1.ndjson.gz", 1)
    ]


def test_a_path_is_loaded_once_in_14_days_whatever_it_holds(bench: Bench) -> None:
    pipe = bench.pipe()
    path = bench.path(pipe, "a.parquet")
    write_parquet(path, orders(2, "first"))
    assert bench.load(pipe, "a.parquet", "a.parquet") == LoadReport(loaded=1)
    write_parquet(path, orders(5, "second"))
    bench.now = NOW + datetime.timedelta(days=13, hours=23)
    assert bench.load(pipe, "a.parquet") == LoadReport(met_before=1)
    bench.now = NOW + datetime.timedelta(days=14, seconds=1)
    assert bench.load(pipe, "a.parquet") == LoadReport(loaded=1)
    assert bench.rows("select _batch_id, count(*) from raw.orders_v1__order_created group by 1 order by 1") == [
        ("first", 2),
        ("second", 5),
    ]


def test_a_skipped_path_is_not_tried_again_even_when_it_is_mended(bench: Bench) -> None:
    pipe = bench.pipe()
    path = bench.path(pipe, "a.parquet")
    path.parent.mkdir(parents=True)
    path.write_bytes(b"no parquet")
    assert bench.load(pipe, "a.parquet") == LoadReport(failed=1)
    write_parquet(path, orders(2))
    assert bench.load(pipe, "a.parquet") == LoadReport(met_before=1)


class CutOff(WarehouseClient):
    """Stops after the first transaction of the first call that has two, as a killed warehouse does."""

    def __init__(self, port: int) -> None:
        super().__init__(port)
        self.cut = False

    def run(self, *transactions: Transaction) -> list:
        if len(transactions) == 2 and not self.cut:
            self.cut = True
            super().run(transactions[0])
            raise WarehouseUnavailable("cut off")
        return super().run(*transactions)


def test_a_load_that_is_cut_off_between_its_transactions_doubles_nothing(bench: Bench) -> None:
    pipe = bench.pipe()
    write_parquet(bench.path(pipe, "a.parquet"), orders(100))
    bench.halves = True
    loader = Loader(CutOff(bench.client.port), bench.loader.objects, bench.loader.now, bench.loader.in_halves)
    notices = [Notice(BUCKET, pipe.prefix + "a.parquet", 1, NOW)]
    with pytest.raises(WarehouseUnavailable):
        loader.load(pipe, notices)
    assert bench.rows("select count(*) from raw.orders_v1__order_created") == [(50,)]
    assert [row[1] for row in bench.history()] == ["LOADING"]
    assert loader.load(pipe, notices) == LoadReport(loaded=1)
    assert bench.rows("select count(*), count(distinct _file_row) from raw.orders_v1__order_created") == [(100, 100)]
    assert [row[1:3] for row in bench.history()] == [("LOADED", 100)]


def test_trouble_of_the_machine_skips_no_file(bench: Bench) -> None:
    class OutOfMemory(WarehouseClient):
        def run(self, *transactions: Transaction) -> list:
            if any("INSERT INTO" in s.sql and "read_parquet" in s.sql for t in transactions for s in t):
                raise StatementRefused(0, "OutOfMemoryException", "Out of Memory Error: failed to allocate")
            return super().run(*transactions)

    pipe = bench.pipe()
    write_parquet(bench.path(pipe, "a.parquet"), orders(1))
    loader = Loader(OutOfMemory(bench.client.port), bench.loader.objects, bench.loader.now, bench.loader.in_halves)
    with pytest.raises(WarehouseUnavailable):
        loader.load(pipe, [Notice(BUCKET, pipe.prefix + "a.parquet", 1, NOW)])
    assert bench.history() == []
    assert bench.load(pipe, "a.parquet") == LoadReport(loaded=1)


def test_a_pipe_into_a_missing_table_fails_loudly(bench: Bench) -> None:
    pipe = bench.pipe()
    write_parquet(bench.path(pipe, "a.parquet"), orders(1))
    bench.rows("drop table raw.orders_v1__order_created")
    with pytest.raises(PipeDefinitionError, match="does not exist"):
        bench.load(pipe, "a.parquet")


def test_a_pipe_that_cannot_be_followed_stops_the_list_of_pipes(bench: Bench) -> None:
    bench.rows(
        f"create pipe raw.odd_pipe auto_ingest = true aws_sns_topic = '{TOPIC}'"
        " as copy into raw.wide from @raw.events/x/ file_format = (type = csv)"
    )
    with pytest.raises(PipeDefinitionError, match="RAW.ODD_PIPE"):
        read_catalog(bench.warehouse, TOPIC)


def test_pipes_of_another_topic_are_left_alone(bench: Bench) -> None:
    assert read_catalog(bench.warehouse, TOPIC + "-other").pipes == ()


def test_a_refused_transaction_leaves_nothing_behind(bench: Bench) -> None:
    table = '"MILLRACE_DEV"."RAW"."EVENTS_BACKFILL"'
    insert = Statement(f"INSERT INTO {table} (_source, _type, _event_id) VALUES ('s', 't', ?)", ("1",))
    with pytest.raises(StatementRefused) as refused:
        bench.warehouse.run([insert], [insert, Statement("SELECT error('no')")])
    assert refused.value.transaction == 1
    assert bench.rows("select count(*) from raw.events_backfill") == [(1,)]

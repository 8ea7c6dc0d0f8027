"""Whether everything promised is there, and how long it took: files, hours and hops."""

from __future__ import annotations

from typing import Any

from raw_rows import RawTables
from runner import Models

SELECTED = ("--select", "+marts.delivery")
TABLES_AGAIN = ("--select", "int_delivery__file_hours", "fct_delivery_latency")


def order(number: int, at: str, **way: Any) -> dict[str, Any]:
    return {"kind": "order", "id": f"o{number}", "at": at, "fields": {"order_id": f"O-{number}"}} | way


def stock(number: int, at: str, **way: Any) -> dict[str, Any]:
    return {"kind": "stock", "id": f"s{number}", "at": at} | way


def fail(raw: RawTables, row: int, file: str, file_row: int) -> None:
    raw.execute(
        "insert into raw.failed_events (_event_id, _source, _type, _batch_id, _batch_row, _received_at, class, reason,"
        " quarantine_key, quarantine_row, _file, _file_row, _loaded_at) select 'x', 'orders', 'orders.v1.OrderCreated',"
        f" 'b', {row}, '2026-11-21 10:05:00', 'RULE', 'why', 'quarantine/q', {row}, '{file}', {file_row},"
        " '2026-11-21 10:06:00'"
    )


def test_a_file_is_held_against_the_rows_that_its_name_promises(models: Models, raw: RawTables) -> None:
    at, again = "2026-11-21 10:00:00", {"loaded": "2026-12-24 10:00:00"}
    whole, doubled = {"file": "events/x/whole.r2.parquet"}, {"file": "events/x/doubled.r1.parquet"}
    raw.load(
        [
            order(1, at, row=0, **whole),
            order(2, at, row=1, **whole),
            order(3, at, file="events/x/partial.r3.ndjson.zst"),
            order(4, at, **doubled),
            order(5, at, file="events/x/named-by-hand.parquet"),
            order(6, at, backfill=True),
        ]
    )
    fail(raw, 0, "failed/f.r1.ndjson.gz", 1)
    models.run(*SELECTED)
    raw.load([order(4, at, **doubled, **again)])
    models.build(*TABLES_AGAIN, "fct_file_delivery")
    files = "select file_name, delivery_state, promised_row_count, loaded_row_count, missing_row_count, is_failed"
    assert [tuple(row.values()) for row in models.rows(f"{files} from marts.fct_file_delivery")] == [
        ("events/x/doubled.r1.parquet", "DOUBLED", "1", "2", "0", "false"),
        ("events/x/named-by-hand.parquet", "UNSTATED", "", "1", "", "false"),
        ("events/x/partial.r3.ndjson.zst", "PARTIAL", "3", "1", "2", "false"),
        ("events/x/whole.r2.parquet", "COMPLETE", "2", "2", "0", "false"),
        ("failed/f.r1.ndjson.gz", "COMPLETE", "1", "1", "0", "true"),
    ]


def test_a_file_that_its_pipe_refused_is_missed_on_its_day_until_its_rows_are_there(
    models: Models, raw: RawTables
) -> None:
    folder = "events/format=parquet/source=orders/type=orders.v1.OrderCreated/year=2026/month=11/day=20"
    refused, loading, doubtful = (f"{folder}/{name}.r3.parquet" for name in ("refused", "loading", "doubtful"))
    raw.load([order(1, "2026-11-19 23:10:00"), order(2, "2026-11-20 10:10:00"), order(3, "2026-11-20 12:10:00")])
    raw.load([order(number, "2026-11-20 10:10:00", file=doubtful, row=number) for number in (4, 5, 6)])
    for file, status in ((refused, "LOAD_FAILED"), (loading, "LOADING"), (doubtful, "LOAD_FAILED")):
        raw.execute(
            "insert into audit.load_history (file, table_name, pipe, rows_loaded, bytes, status, first_error, scan_started_at,"
            f" loaded_at) select '{file}', 'ORDERS_V1__ORDER_CREATED', 'P', 0, 9, '{status}', 'bad', '2026-11-20', '2026-11-20'"
        )
    files = "select source, type, loaded_row_count, missing_row_count from marts.fct_file_delivery"
    hours = "select completeness, missing_row_count from marts.fct_completeness where received_hour ="
    try:
        models.run(*SELECTED)
        assert [tuple(row.values()) for row in models.rows(f"{files} where delivery_state = 'REFUSED'")] == [
            ("orders", "orders.v1.OrderCreated", "0", "3")
        ]
        [complete] = models.rows(f"select delivery_state from marts.fct_file_delivery where file_name = '{doubtful}'")
        assert complete == {"delivery_state": "COMPLETE"}
        assert models.rows(f"{hours} '2026-11-19 23:00:00'") == [{"completeness": "CLOSED", "missing_row_count": "0"}]
        assert models.rows(f"{hours} '2026-11-20 10:00:00'") == [{"completeness": "MISSING", "missing_row_count": "3"}]
        raw.load([order(number, "2026-11-20 10:10:00", file=refused, row=number) for number in (7, 8, 9)])
        models.run(*TABLES_AGAIN)
        assert models.rows(f"{hours} '2026-11-20 10:00:00'") == [{"completeness": "CLOSED", "missing_row_count": "0"}]
    finally:
        raw.execute("delete from audit.load_history")


def test_a_failed_event_is_one_row_however_often_its_file_was_loaded(models: Models, raw: RawTables) -> None:
    for file_row, row in enumerate((0, 1, 0), start=1):
        fail(raw, row, "failed/f.r2.ndjson.gz", file_row)
    models.run("--select", "+fct_failed_events")
    assert models.rows("select failed_event_id, failure_class, source from marts.fct_failed_events") == [
        {"failed_event_id": "quarantine/q|0", "failure_class": "RULE", "source": "orders"},
        {"failed_event_id": "quarantine/q|1", "failure_class": "RULE", "source": "orders"},
    ]


def test_an_hour_is_closed_open_or_missing(models: Models, raw: RawTables) -> None:
    days = [f"2026-11-{day} {hour:02}" for day in (19, 20) for hour in range(24)]
    raw.load(
        order(i, f"{hour}:10:00", file=f"{i}.r{2 if hour == '2026-11-20 05' else 1}.parquet")
        for i, hour in enumerate(days)
        if hour != "2026-11-20 07"
    )
    # the stock of a shop that rests at night: silence is no gap
    raw.load(stock(i, at) for i, at in enumerate(("2026-11-19 12:00:00", "2026-11-20 12:00:00", "2026-11-20 23:20:00")))
    models.run(*SELECTED)
    hours = "select source, received_hour, completeness, reason from marts.fct_completeness"
    found = {(row["source"], row["received_hour"]): row for row in models.rows(hours)}
    assert len(found) == 48 + 36
    told = {key: (row["completeness"], row["reason"]) for key, row in found.items() if row["completeness"] != "CLOSED"}
    assert told == {
        ("orders", "2026-11-20 05:00:00"): ("MISSING", "1 rows promised by the names of files are not there"),
        ("orders", "2026-11-20 07:00:00"): (
            "MISSING",
            "nothing was received, and in 24 of the 24 hours before something was",
        ),
        # nothing newer than the hour and the grace
        ("orders", "2026-11-20 22:00:00"): ("OPEN", ""),
        ("orders", "2026-11-20 23:00:00"): ("OPEN", ""),
        ("commerce", "2026-11-20 23:00:00"): ("OPEN", ""),
    }


def test_a_row_that_comes_late_completes_its_hour(models: Models, raw: RawTables) -> None:
    half = {"file": "events/half.r2.parquet"}
    raw.load([order(1, "2026-11-20 10:10:00", row=0, **half), order(2, "2026-11-20 12:10:00")])
    models.run(*SELECTED)
    state = "select completeness from marts.fct_completeness where received_hour = '2026-11-20 10:00:00'"
    assert models.rows(state) == [{"completeness": "MISSING"}]
    raw.load([order(3, "2026-11-20 10:10:01", row=1, loaded="2026-11-20 12:30:00", **half)])
    models.run(*TABLES_AGAIN)
    assert models.rows(state) == [{"completeness": "CLOSED"}]


def test_latency_is_told_by_hop(models: Models, raw: RawTables) -> None:
    for number, seconds in enumerate((1, 2, 9), start=1):
        at = f"2026-11-20 10:00:0{seconds}"
        raw.load([order(number, "2026-11-20 10:00:00", received=at, loaded="2026-11-20 10:01:00")])
    models.run(*SELECTED)
    hops = (
        "row_count, publish_p50_seconds, publish_max_seconds, receive_max_seconds, load_max_seconds, total_p95_seconds"
    )
    assert [tuple(row.values()) for row in models.rows(f"select {hops} from marts.fct_delivery_latency")] == [
        ("3", "2.000", "9.000", "0.000", "59.000", "60.000")
    ]


def test_increments_end_where_a_full_refresh_ends(models: Models, raw: RawTables) -> None:
    """Halves of files and late loads within the look-back, over three runs; the look-back ends in the middle of an hour."""
    for run in range(3):
        hour = 6 + 3 * run
        raw.load(
            order(
                100 * run + number,
                f"2026-11-20 {hour:02}:{number:02}:00",
                row=run,
                file=f"f{number % 7}.r3.parquet",
                loaded=f"2026-11-20 {hour - (2 if run and number % 5 == 0 else 0):02}:{2 * number:02}:00",
            )
            for number in range(25)
        )
        models.run(*(TABLES_AGAIN if run else SELECTED))
    names = ("intermediate.int_delivery__file_hours", "marts.fct_delivery_latency", "marts.fct_completeness")
    after_increments = {name: models.rows(f"select * from {name}") for name in names}
    models.run(*TABLES_AGAIN, "--full-refresh")
    for name in names:
        assert after_increments[name] == models.rows(f"select * from {name}"), name
        assert after_increments[name], name

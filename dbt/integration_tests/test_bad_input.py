"""Bad input is told with table, column and rows, and takes nothing good with it."""

from __future__ import annotations

from raw_rows import RawTables
from runner import Models

ORDER = {
    "kind": "order",
    "id": "o1",
    "at": "2026-11-20 10:00:00",
    "loaded": "2026-11-20 10:01:00",
    "fields": {"order_id": "O-1", "lines": [["C-1", 2, 250]]},
}
ORDERS = ("--select", "+fct_orders")


def another(number: int, **more: object) -> dict[str, object]:
    return ORDER | {"id": f"o{number}", "fields": ORDER["fields"] | {"order_id": f"O-{number}"}} | more


def quantities(models: Models) -> dict[str, str]:
    return {row["order_id"]: row["quantity"] for row in models.rows("select order_id, quantity from marts.fct_orders")}


def test_a_load_time_from_the_future_hides_nothing_that_comes_after_it(models: Models, raw: RawTables) -> None:
    raw.load([ORDER | {"loaded": "2099-01-01 00:00:00"}])
    models.run(*ORDERS)
    raw.load([another(2, loaded="2026-11-20 12:00:00")])
    models.run(*ORDERS)
    assert quantities(models) == {"O-1": "2", "O-2": "2"}


def test_a_load_time_from_the_future_hides_nothing_from_the_marts_of_the_shop(models: Models, raw: RawTables) -> None:
    """States, days, files and latencies read on from what has come, not from what a clock that ran ahead has said."""
    selected = ("--select", "+shop_order_changes", "+shop_order_daily", "+fct_file_delivery", "+fct_delivery_latency")
    placed = {"kind": "placed", "id": "p1", "at": "2026-11-20 10:00:00"}
    raw.load([placed | {"loaded": "2099-01-01 00:00:00", "fields": {"order_id": "S-1"}}])
    models.run(*selected)
    raw.load([placed | {"id": "p2", "loaded": "2026-11-20 12:00:00", "fields": {"order_id": "S-2"}}])
    models.run(*selected)
    orders = models.rows("select order_id from marts.shop_order_changes")
    assert orders == [{"order_id": "S-1"}, {"order_id": "S-2"}]
    assert models.rows("select order_count from marts.shop_order_daily") == [{"order_count": "2"}]
    assert len(models.rows("select file_name from marts.fct_file_delivery")) == 2
    assert len(models.rows("select loaded_hour from marts.fct_delivery_latency")) == 2


def test_event_days_are_built_anew_and_no_others(models: Models, raw: RawTables) -> None:
    """Rows that somebody changed by hand: long loaded, so that no increment comes by."""
    raw.load([ORDER, another(2), another(3, at="2026-11-18 10:00:00"), another(4, loaded="2026-11-21 10:00:00")])
    models.run(*ORDERS)
    raw.execute("update marts.fct_orders set quantity = 99")
    raw.execute("delete from raw.orders_v1__order_created where order_id = 'O-2'")
    models.run(*ORDERS, "--vars", "{rebuild_from: '2026-11-20', rebuild_to: '2026-11-20'}")
    assert quantities(models) == {"O-1": "2", "O-3": "99", "O-4": "2"}


def test_event_days_of_the_shop_are_built_anew_and_no_others(models: Models, raw: RawTables) -> None:
    """Of S-2 an event is left on another day, and of the 19th nothing is."""
    selected = ("--select", "+shop_order_changes", "+shop_order_daily")
    placed = {"kind": "placed", "loaded": "2026-11-20 12:00:00"}
    told = {"p1": ("20", "S-1"), "p2": ("20", "S-2"), "p3": ("18", "S-2"), "p4": ("19", "S-3"), "p5": ("18", "S-4")}
    raw.load(
        placed | {"id": event, "at": f"2026-11-{day} 10:00:00", "fields": {"order_id": order, "total_minor": int(day)}}
        for event, (day, order) in told.items()
    )
    raw.load([{"kind": "placed", "id": "p6", "at": "2026-11-21 10:00:00", "fields": {"order_id": "S-6"}}])
    models.run(*selected)
    raw.execute("update marts.shop_order_changes set total_minor = 99")
    raw.execute("update marts.shop_order_daily set total_minor = 99")
    raw.execute("delete from raw.commerce_v1__order_placed where _event_id in ('p2', 'p4')")
    models.run(*selected, "--vars", "{rebuild_from: '2026-11-19', rebuild_to: '2026-11-20'}")
    states = "select order_id, event_day, total_minor from marts.shop_order_changes where order_id <> 'S-6'"
    assert [tuple(row.values()) for row in models.rows(states)] == [
        ("S-1", "2026-11-20", "20"),
        ("S-2", "2026-11-18", "18"),
        ("S-4", "2026-11-18", "99"),
    ]
    days = "select event_day, total_minor from marts.shop_order_daily where event_day < '2026-11-21'"
    assert [tuple(row.values()) for row in models.rows(days)] == [("2026-11-18", "99"), ("2026-11-20", "20")]


def test_half_a_range_of_days_is_refused(models: Models, raw: RawTables) -> None:
    models.run(*ORDERS)
    statuses = models.invoke("run", "--select", "fct_orders", "--vars", "{rebuild_from: '2026-11-20'}")
    assert statuses == {"fct_orders": "error"}
    assert "needs both rebuild_from and rebuild_to" in models.messages["fct_orders"]


def test_values_of_wrong_types_are_told_by_column(models: Models, raw: RawTables) -> None:
    lines = [{"line_number": 1, "card_id": "C-1", "quantity": "a few", "unit_price_minor": 250}]
    raw.load([ORDER, another(2, fields={"order_id": "O-2", "lines": lines})])
    models.run(*ORDERS)
    statuses = models.invoke("test", "--select", "not_null_fct_orders_quantity")
    assert quantities(models) == {"O-1": "2", "O-2": ""}
    assert statuses["not_null_fct_orders_quantity"] == "warn"
    assert "Got 1 result" in models.messages["not_null_fct_orders_quantity"]


def test_a_column_that_raw_lacks_is_named(models: Models, raw: RawTables) -> None:
    raw.execute("alter table raw.orders_v1__order_created drop column promotion_code")
    try:
        statuses = models.invoke("run", "--select", "+fct_orders")
    finally:
        raw.execute("alter table raw.orders_v1__order_created add column promotion_code varchar")
    assert statuses["stg_orders__order_created"] == "error"
    assert "promotion_code" in models.messages["stg_orders__order_created"].lower()
    assert statuses["fct_orders"] == "skipped"


def test_marts_of_an_empty_warehouse_say_that_they_are_empty(models: Models, raw: RawTables) -> None:
    statuses = models.build("--select", "+marts_are_filled")
    assert statuses["marts_are_filled"] == "warn"
    assert models.rows("select mart, finding from audit.marts_are_filled where mart = 'fct_orders'") == [
        {
            "mart": "fct_orders",
            "finding": "marts.fct_orders has no rows: intermediate.int_orders__order_created_deduplicated has none either",
        }
    ]
    assert models.rows("select card_id from marts.dim_card") == [{"card_id": "(unknown)"}]


def test_a_mart_that_lost_its_rows_is_named(models: Models, raw: RawTables) -> None:
    raw.load([ORDER])
    models.run("--select", "+marts_are_filled")
    raw.execute("delete from marts.fct_orders")
    statuses = models.invoke("test", "--select", "marts_are_filled")
    assert statuses["marts_are_filled"] == "warn"
    assert {
        "mart": "fct_orders",
        "finding": "marts.fct_orders has no rows, and intermediate.int_orders__order_created_deduplicated has 1",
    } in models.rows("select mart, finding from audit.marts_are_filled")


def differences(models: Models) -> tuple[str, list[str]]:
    """Status of the test, and what it says."""
    statuses = models.invoke("test", "--select", "raw_is_what_the_models_read")
    said = models.rows("select finding from audit.raw_is_what_the_models_read")
    return statuses["raw_is_what_the_models_read"], [row["finding"] for row in said]


def test_raw_tables_are_those_of_the_contracts(models: Models, raw: RawTables) -> None:
    assert differences(models) == ("pass", [])


def test_a_column_that_no_model_reads_yet_is_told_with_its_rows_and_stops_no_model(
    models: Models, raw: RawTables
) -> None:
    raw.load([ORDER, another(2)])
    raw.execute("alter table raw.orders_v1__order_created add column gift_note varchar")
    try:
        raw.execute("update raw.orders_v1__order_created set gift_note = 'for you' where order_id = 'O-2'")
        found = differences(models)
        models.run(*ORDERS)
    finally:
        raw.execute("alter table raw.orders_v1__order_created drop column gift_note")
    assert found == (
        "warn",
        [
            "raw.orders_v1__order_created has the column gift_note, which no model reads: 1 of its 2 rows have a value in"
            " it. Derive the models of its contract."
        ],
    )
    assert quantities(models) == {"O-1": "2", "O-2": "2"}


def test_a_table_of_events_that_no_model_reads_yet_is_told_with_its_rows(models: Models, raw: RawTables) -> None:
    raw.load([ORDER])
    raw.execute("create table raw.orders_v2__order_created as select * from raw.orders_v1__order_created")
    try:
        found = differences(models)
    finally:
        raw.execute("drop table raw.orders_v2__order_created")
    assert found == (
        "warn",
        [
            "raw.orders_v2__order_created is a table of events that no model reads: it has 1 rows. Derive the models of its"
            " contract."
        ],
    )


def test_a_column_that_models_read_and_raw_lacks_is_told_with_its_rows(models: Models, raw: RawTables) -> None:
    raw.load([ORDER])
    raw.execute("alter table raw.orders_v1__order_created drop column promotion_code")
    try:
        found = differences(models)
    finally:
        raw.execute("alter table raw.orders_v1__order_created add column promotion_code varchar")
    assert found == (
        "warn",
        [
            "raw.orders_v1__order_created lacks the column promotion_code, which the models read: it has 1 rows. Release the"
            " contract that the models were derived from."
        ],
    )


def test_a_doubled_day_of_the_table_without_inputs_is_told(models: Models, raw: RawTables) -> None:
    """The project has no seeds; dim_date is what is written by hand instead, and its key is held like any other."""
    models.run("--select", "dim_date")
    raw.execute("insert into marts.dim_date select * from marts.dim_date where date_day = '2026-11-20'")
    statuses = models.invoke("test", "--select", "key_dim_date_date_day", "--store-failures")
    assert statuses == {"key_dim_date_date_day": "fail"}
    assert models.rows("select copies, finding from audit.key_dim_date_date_day") == [
        {"copies": "2", "finding": "marts.dim_date has 2 rows with date_day = 2026-11-20"}
    ]

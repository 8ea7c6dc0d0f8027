"""Orders, stock and activities of the shop: every form tells the same story, and increments end where a full refresh ends."""

from __future__ import annotations

import datetime
import random
from typing import Any

import pytest
from raw_rows import RawTables
from runner import Models

TYPES = ("order_placed", "inventory_changed", "user_activity")
FORMS = ("history", "changes", "snapshot", "daily")
MARTS = [f"{thing}_{form}" for thing in ("shop_order", "inventory", "user_activity") for form in FORMS]
SELECTED = ("--select", "staging.commerce", "intermediate.commerce", "marts.commerce")
TABLES_AGAIN = ("--select", "intermediate.commerce", "marts.commerce,config.materialized:incremental")
INVENTORY = ("--select", "+inventory_snapshot", "inventory_daily")
KEYS = {
    "shop_order_snapshot": ["order_id"],
    "inventory_snapshot": ["product_id, warehouse_id"],
    "user_activity_snapshot": ["user_id"],
}
MIDNIGHT = datetime.datetime(2026, 11, 21)
RUNS = 3


def stock(number: int, at: str, on_hand: int, delta: int, **fields: Any) -> dict[str, Any]:
    event = {"kind": "stock", "id": f"s{number}", "at": at}
    return event | {"fields": {"quantity_on_hand": on_hand, "quantity_delta": delta} | fields}


def test_the_forms_of_a_stock_tell_its_states_its_days_and_its_movements(models: Models, raw: RawTables) -> None:
    shipped, counted = {"reason": "INVENTORY_REASON_SHIPPED"}, {"reason": "INVENTORY_REASON_COUNTED"}
    raw.load(
        [
            stock(1, "2026-11-17 08:00:00", 10, 10),
            stock(2, "2026-11-17 09:00:00", 7, -3, **shipped),
            stock(3, "2026-11-17 10:00:00", 7, 0, **counted),
            stock(4, "2026-11-19 08:00:00", 4, -1, **shipped),
            stock(5, "2026-11-20 08:00:00", 1, 1, product_id="P-2"),
        ]
    )
    models.build("--select", "+inventory_history", "+inventory_snapshot", "+inventory_daily")
    assert len(models.rows("select event_id from marts.inventory_history")) == 5
    columns = "state_number, valid_from, valid_to, is_current, quantity_on_hand, previous_quantity_on_hand"
    states = f"select {columns}, unexplained_quantity from marts.inventory_changes where product_id = 'P-1'"
    assert [tuple(row.values()) for row in models.rows(states)] == [
        ("1", "2026-11-17 08:00:00", "2026-11-17 09:00:00", "false", "10", "", ""),
        ("2", "2026-11-17 09:00:00", "2026-11-19 08:00:00", "false", "7", "10", "0"),
        # three pieces went and the event speaks of one
        ("3", "2026-11-19 08:00:00", "", "true", "4", "7", "-2"),
    ]
    days = "select snapshot_day, product_id, quantity_on_hand from marts.inventory_snapshot"
    assert [tuple(row.values()) for row in models.rows(days)] == [
        ("2026-11-17", "P-1", "7"),
        ("2026-11-18", "P-1", "7"),
        ("2026-11-19", "P-1", "4"),
        ("2026-11-20", "P-1", "4"),
        ("2026-11-20", "P-2", "1"),
    ]
    daily = (
        "select event_day, movement_count, received_quantity, shipped_quantity, net_quantity, closing_quantity"
        " from marts.inventory_daily where product_id = 'P-1'"
    )
    assert [tuple(row.values()) for row in models.rows(daily)] == [
        ("2026-11-17", "3", "10", "3", "7", "7"),
        ("2026-11-19", "1", "0", "1", "-1", "4"),
    ]


def test_an_order_says_what_each_state_changed(models: Models, raw: RawTables) -> None:
    placed = {"kind": "placed", "fields": {"status": "PLACED_STATUS_AWAITING_PAYMENT"}}
    paid = {"kind": "placed", "fields": {"total_minor": 450}}
    raw.load([placed | {"id": "p1", "at": "2026-11-20 10:00:00"}, paid | {"id": "p2", "at": "2026-11-20 11:00:00"}])
    models.run("--select", "+shop_order_changes")
    states = "select state_number, changed_columns, previous_status, status, previous_total_minor, total_minor"
    assert [tuple(row.values()) for row in models.rows(f"{states} from marts.shop_order_changes")] == [
        ("1", "", "", "PLACED_STATUS_AWAITING_PAYMENT", "", "500"),
        ("2", "status total_minor", "PLACED_STATUS_AWAITING_PAYMENT", "PLACED_STATUS_PAID", "500", "450"),
    ]


def test_an_event_that_moves_to_another_key_leaves_no_state_behind(models: Models, raw: RawTables) -> None:
    """A receipt that was earlier and comes later wins, and may say another product."""
    raw.load([stock(1, "2026-11-20 08:00:00", 1, 1) | {"received": "2026-11-20 08:05:00"}])
    models.run(*INVENTORY)
    earlier = stock(1, "2026-11-20 08:00:00", 1, 1, product_id="P-2") | {"received": "2026-11-20 08:01:00"}
    raw.load([earlier | {"batch": "late", "loaded": "2026-11-20 09:00:00"}])
    models.run(*INVENTORY)
    for mart in ("changes", "snapshot", "daily"):
        assert models.rows(f"select product_id from marts.inventory_{mart}") == [{"product_id": "P-2"}]


def generated_loads(seed: int) -> list[list[dict[str, Any]]]:
    """Rows per run: events of several days and few keys, received once or twice, loaded in any of the runs."""
    chance = random.Random(seed)
    loads: list[list[dict[str, Any]]] = [[] for _ in range(RUNS)]
    for number in range(90):
        kind = chance.choice(("placed", "stock", "activity"))
        at = MIDNIGHT - datetime.timedelta(minutes=chance.randrange(5 * 24 * 60))
        if chance.random() < 0.1:
            at -= datetime.timedelta(days=chance.randrange(400))
        for _ in range(chance.choice((1, 1, 2))):
            run = chance.randrange(RUNS)
            row = {
                "kind": kind,
                "id": f"e{number}",
                "at": str(at),
                "received": str(MIDNIGHT + datetime.timedelta(seconds=chance.randrange(60))),
                "batch": f"b{chance.randrange(10)}",
                "row": chance.randrange(100),
                "loaded": str(MIDNIGHT + datetime.timedelta(hours=run, minutes=chance.randrange(-55, 55))),
                "fields": fields(kind, chance),
            }
            loads[run].append(row | ({"backfill": True} if chance.random() < 0.15 else {}))
    for load in loads:
        chance.shuffle(load)
    return loads


def fields(kind: str, chance: random.Random) -> dict[str, Any]:
    """Of each receipt anew: receipts of one event may even disagree about its key."""
    match kind:
        case "placed":
            return {
                "order_id": f"S-{chance.randrange(8)}",
                "customer_id": chance.choice(("K-1", "K-2", None)),
                "status": chance.choice(("PLACED_STATUS_PAID", "PLACED_STATUS_IN_REVIEW")),
                "total_minor": chance.randrange(3),
            }
        case "stock":
            product = chance.choice(("P-1", "P-2", ""))
            return {
                "product_id": product,
                "quantity_on_hand": chance.randrange(3),
                "quantity_delta": chance.randrange(3),
            }
        case _:
            types = ("ACTIVITY_TYPE_VIEW", "ACTIVITY_TYPE_SEARCH")
            return {"user_id": f"U-{chance.randrange(4)}", "activity_type": chance.choice(types)}


@pytest.mark.parametrize("seed", [1, *(pytest.param(seed, marks=pytest.mark.proof) for seed in range(2, 31))])
def test_increments_end_where_a_full_refresh_ends(seed: int, models: Models, raw: RawTables) -> None:
    for run, load in enumerate(generated_loads(seed)):
        raw.load(load)
        models.run(*(TABLES_AGAIN if run else SELECTED))
    after_increments = tables(models)
    models.run(*TABLES_AGAIN, "--full-refresh")
    for mart, rows in tables(models).items():
        assert after_increments[mart] == rows, mart
        assert rows, mart
        for key in KEYS.get(mart, ()):
            doubled = f"select snapshot_day, {key} from marts.{mart} group by snapshot_day, {key} having count(*) > 1"
            assert models.rows(doubled) == [], f"two states of one {key} hold on the same day"


def test_an_increment_reads_and_replaces_the_days_it_touches_only(models: Models, raw: RawTables) -> None:
    raw.load([stock(1, "2026-11-18 08:00:00", 1, 1), stock(2, "2026-11-20 08:00:00", 2, 1)])
    models.run("--select", "+inventory_daily")
    raw.load([stock(3, "2026-11-19 08:00:00", 3, 1) | {"loaded": "2026-11-21 08:00:00"}])
    models.run("--select", "+inventory_daily")
    replaced = models.run_sql("inventory_daily")
    assert "delete from" in replaced
    assert "event_day in ('2026-11-19'::" in replaced


def tables(models: Models) -> dict[str, list[dict[str, str]]]:
    return {mart: models.rows(f"select * from marts.{mart}") for mart in MARTS}

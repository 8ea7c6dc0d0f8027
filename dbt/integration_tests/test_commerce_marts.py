"""Orders, stock and activities of the shop: every form tells the same story."""

from __future__ import annotations

from typing import Any

from raw_rows import RawTables
from runner import Models

INVENTORY = ("--select", "+inventory_snapshot", "inventory_daily")


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


def test_the_key_that_an_event_has_left_tells_its_other_states_anew(models: Models, raw: RawTables) -> None:
    """What stays was a later state and becomes the first one; nothing of it lies within the look-back."""
    first = stock(1, "2026-11-20 08:00:00", 1, 1) | {"received": "2026-11-20 08:05:00"}
    raw.load([first, stock(2, "2026-11-20 09:00:00", 4, 3), stock(3, "2026-11-20 20:00:00", 7, 7, product_id="P-3")])
    models.run(*INVENTORY)
    moved = stock(1, "2026-11-20 08:00:00", 1, 1, product_id="P-2") | {"received": "2026-11-20 08:01:00"}
    raw.load([moved | {"batch": "late", "loaded": "2026-11-20 21:00:00"}])
    models.run(*INVENTORY)
    states = "select product_id, state_number, is_current, quantity_on_hand, previous_quantity_on_hand"
    assert [tuple(row.values()) for row in models.rows(f"{states} from marts.inventory_changes")] == [
        ("P-1", "1", "true", "4", ""),
        ("P-2", "1", "true", "1", ""),
        ("P-3", "1", "true", "7", ""),
    ]


def test_an_increment_reads_and_replaces_the_days_it_touches_only(models: Models, raw: RawTables) -> None:
    raw.load([stock(1, "2026-11-18 08:00:00", 1, 1), stock(2, "2026-11-20 08:00:00", 2, 1)])
    models.run("--select", "+inventory_daily")
    raw.load([stock(3, "2026-11-19 08:00:00", 3, 1) | {"loaded": "2026-11-21 08:00:00"}])
    models.run("--select", "+inventory_daily")
    replaced = models.run_sql("inventory_daily")
    assert "delete from" in replaced
    assert "event_day in ('2026-11-19'::" in replaced

"""Hourly tests read what was loaded lately, and the daily ones everything."""

from __future__ import annotations

from datetime import UTC, datetime

from raw_rows import RawTables
from runner import Models

CHANNELS = ("stg_orders__order_created", "accepted_values_stg_orders__order_created_channel")
QUANTITIES = ("fct_orders", "not_null_fct_orders_quantity")
NOW = datetime.now(UTC).strftime("%Y-%m-%d %H:%M:%S")


def order(loaded: str, channel: str, quantity: int | None = 1) -> dict[str, object]:
    return {
        "kind": "order",
        "id": f"o-{loaded}",
        "at": "2026-01-01 10:00:00",
        "loaded": loaded,
        "fields": {"order_id": f"O-{loaded}", "channel": channel, "lines": [["C-1", quantity, 250]]},
    }


def verdict(models: Models, tested_rows: str, test: tuple[str, str] = CHANNELS) -> str:
    model, name = test
    statuses = models.invoke("test", "--select", model, "--vars", f"tested_rows: {tested_rows}")
    (found,) = [status for test_name, status in statuses.items() if test_name.startswith(name)]
    return found


def test_an_old_row_is_left_to_the_daily_run(models: Models, raw: RawTables) -> None:
    models.run("--select", "stg_orders__order_created")
    raw.load([order("2026-01-01 10:00:00", "CHANNEL_OLD"), order(NOW, "CHANNEL_WEB")])
    assert (verdict(models, "increment"), verdict(models, "everything")) == ("pass", "warn")


def test_a_row_loaded_lately_is_tested_in_the_hourly_run(models: Models, raw: RawTables) -> None:
    models.run("--select", "stg_orders__order_created")
    raw.load([order("2026-01-01 10:00:00", "CHANNEL_WEB"), order(NOW, "CHANNEL_NEW")])
    assert verdict(models, "increment") == "warn"


def test_a_mart_whose_rows_have_a_load_time_is_tested_likewise(models: Models, raw: RawTables) -> None:
    raw.load([order("2026-01-01 10:00:00", "CHANNEL_WEB", quantity=None), order(NOW, "CHANNEL_WEB")])
    models.run("--select", "+fct_orders", "+dim_card")
    assert (verdict(models, "increment", QUANTITIES), verdict(models, "everything", QUANTITIES)) == ("pass", "warn")


def test_another_word_is_refused(models: Models, raw: RawTables) -> None:
    models.run("--select", "stg_orders__order_created")
    assert verdict(models, "hourly") == "error"
    assert any("tested_rows is everything or increment, not hourly" in said for said in models.messages.values())

"""Hourly tests read what was loaded lately, and the daily ones everything."""

from __future__ import annotations

from datetime import UTC, datetime

from raw_rows import RawTables
from runner import Models

TEST = "accepted_values_stg_orders__order_created_channel"
NOW = datetime.now(UTC).strftime("%Y-%m-%d %H:%M:%S")


def order(loaded: str, channel: str) -> dict[str, object]:
    return {
        "kind": "order",
        "id": f"o-{loaded}",
        "at": "2026-01-01 10:00:00",
        "loaded": loaded,
        "fields": {"channel": channel},
    }


def verdict(models: Models, tested_rows: str) -> str:
    statuses = models.invoke("test", "--select", "stg_orders__order_created", "--vars", f"tested_rows: {tested_rows}")
    (found,) = [status for name, status in statuses.items() if name.startswith(TEST)]
    return found


def test_an_old_row_is_left_to_the_daily_run(models: Models, raw: RawTables) -> None:
    models.run("--select", "stg_orders__order_created")
    raw.load([order("2026-01-01 10:00:00", "CHANNEL_OLD"), order(NOW, "CHANNEL_WEB")])
    assert (verdict(models, "increment"), verdict(models, "everything")) == ("pass", "warn")


def test_a_row_loaded_lately_is_tested_in_the_hourly_run(models: Models, raw: RawTables) -> None:
    models.run("--select", "stg_orders__order_created")
    raw.load([order("2026-01-01 10:00:00", "CHANNEL_WEB"), order(NOW, "CHANNEL_NEW")])
    assert verdict(models, "increment") == "warn"


def test_another_word_is_refused(models: Models, raw: RawTables) -> None:
    models.run("--select", "stg_orders__order_created")
    assert verdict(models, "hourly") == "error"
    assert any("tested_rows is everything or increment, not hourly" in said for said in models.messages.values())

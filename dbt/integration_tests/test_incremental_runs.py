"""What a single increment touches, refuses and adapts to."""

from __future__ import annotations

from raw_rows import RawTables
from runner import Models

DEDUPLICATED = "int_orders__order_created_deduplicated"
SELECTED = ("--select", "stg_orders__order_created", DEDUPLICATED)
ORDER = {"kind": "order", "id": "o1", "at": "2026-11-21 10:00:00", "fields": {"order_id": "O-1"}}


def test_a_merge_is_bounded_by_the_event_days_of_its_increment(models: Models, raw: RawTables) -> None:
    raw.load([ORDER, ORDER | {"id": "o2", "at": "2026-11-19 10:00:00", "received": "2026-11-21 10:00:00"}])
    models.run(*SELECTED)
    raw.load([ORDER | {"id": "late", "at": "2026-10-01 23:00:00", "received": "2026-11-21 10:30:00"}])
    models.run(*SELECTED)
    merge = models.run_sql(DEDUPLICATED)
    assert "merge into" in merge
    assert "event_day in ('2026-10-01'::date)" in merge


def test_a_run_without_news_writes_nothing(models: Models, raw: RawTables) -> None:
    raw.load([ORDER])
    models.run(*SELECTED)
    models.run(*SELECTED)
    assert "merge" not in models.run_sql(DEDUPLICATED)
    assert len(models.rows(f"select event_id from intermediate.{DEDUPLICATED}")) == 1


def test_a_merge_source_with_two_rows_of_one_key_is_refused(models: Models, raw: RawTables) -> None:
    """Snowflake fails such a merge; here the strategy itself does, so that no engine can pick a row at random."""
    raw.execute("create table audit.doubled (event_day date, event_id varchar)")
    raw.execute(
        "insert into audit.doubled select '2026-11-20', 'once' union all select '2026-11-21', 'twice'"
        " union all select '2026-11-21', 'twice'"
    )
    complaint = models.operation(
        "refuse_doubled_keys", {"relation": "millrace_dev.audit.doubled", "unique_key": ["event_day", "event_id"]}
    )
    assert "more than one row for one key of (event_day, event_id) on event day 2026-11-21" in complaint


def test_a_column_that_a_contract_adds_is_appended(models: Models, raw: RawTables) -> None:
    raw.load([ORDER])
    models.run(*SELECTED)
    raw.execute(f"alter table intermediate.{DEDUPLICATED} drop column promotion_code")
    raw.load([ORDER | {"id": "o2", "received": "2026-11-21 11:00:00", "fields": {"promotion_code": "AUTUMN"}}])
    models.run(*SELECTED)
    found = models.rows(f"select event_id, promotion_code from intermediate.{DEDUPLICATED}")
    assert found == [{"event_id": "o1", "promotion_code": ""}, {"event_id": "o2", "promotion_code": "AUTUMN"}]


def test_a_load_time_that_is_missing_loses_no_row(models: Models, raw: RawTables) -> None:
    raw.load([ORDER | {"loaded": None}])
    models.run(*SELECTED)
    raw.load([ORDER | {"id": "o2", "loaded": None}])
    models.run(*SELECTED)
    assert len(models.rows(f"select event_id from intermediate.{DEDUPLICATED}")) == 2


def test_running_totals_go_on_from_those_before_the_first_change(models: Models, raw: RawTables) -> None:
    def sold(order: str, day: str, quantity: int | None) -> dict[str, object]:
        lines = {"order_id": order, "created_at": f"{day} 10:00:00", "lines": [["C-1", quantity, 250]]}
        return {"kind": "order", "id": order, "at": f"{day} 10:00:00", "fields": lines}

    totals = "select movement_id, made_so_far, sold_so_far from marts.fct_card_supply"
    raw.load([{"kind": "made", "id": "m1", "at": "2026-11-18 10:00:00"}, sold("O-1", "2026-11-19", 3)])
    models.run("--select", "+fct_card_supply")
    raw.load([sold("O-2", "2026-11-21", 2) | {"loaded": "2026-11-21 12:00:00"}])
    models.run("--select", "+fct_card_supply")
    assert [tuple(row.values()) for row in models.rows(totals)] == [
        ("M-1", "100", "0"),
        ("O-1|1", "100", "3"),
        ("O-2|1", "100", "5"),
    ]
    raw.load([sold("O-3", "2026-11-20", 4) | {"loaded": "2026-11-21 13:00:00"}])
    models.run("--select", "+fct_card_supply")
    assert [tuple(row.values()) for row in models.rows(totals)] == [
        ("M-1", "100", "0"),
        ("O-1|1", "100", "3"),
        ("O-2|1", "100", "9"),
        ("O-3|1", "100", "7"),
    ]
    # alone on its day: a quantity that nobody knows takes nothing away, in an increment as in a full refresh
    raw.load([sold("O-4", "2026-11-22", None) | {"loaded": "2026-11-22 12:00:00"}])
    models.run("--select", "+fct_card_supply")
    assert models.rows(totals)[-1] == {"movement_id": "O-4|1", "made_so_far": "100", "sold_so_far": "9"}

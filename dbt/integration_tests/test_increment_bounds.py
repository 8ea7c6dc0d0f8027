"""An increment reads and writes what is new and what that touches: held against the parse tree of what is executed."""

from __future__ import annotations

from typing import Any

import pytest
from raw_rows import RawTables
from runner import Models
from sqlglot import exp, parse_one

DIALECT = "snowflake"
KEYS = {
    "card_id",
    "customer_id",
    "order_id",
    "manufacturing_batch_id",
    "document_id",
    "product_id",
    "user_id",
    "file_name",
}
PERIODS = {"event_day", "loaded_hour", "received_hour"}
MARTS = (
    "int_cards__card_versions",
    "fct_order_status_history",
    "fct_orders",
    "fct_batch_performance",
    "dim_card",
    "dim_customer",
    "fct_card_supply",
    "shop_order_changes",
    "inventory_changes",
    "user_activity_changes",
    "shop_order_daily",
    "inventory_daily",
    "user_activity_daily",
    "int_delivery__file_hours",
    "fct_delivery_latency",
)
EVENTS = [
    {"kind": "card", "id": "c1", "at": "2026-11-19 10:00:00", "fields": {"card_id": "C-1"}},
    {"kind": "updated", "id": "u1", "at": "2026-11-19 11:00:00", "fields": {"card_id": "C-1"}},
    {"kind": "deleted", "id": "d1", "at": "2026-11-19 12:00:00", "fields": {"card_id": "C-1"}},
    {"kind": "order", "id": "o1", "at": "2026-11-20 10:00:00", "fields": {"order_id": "O-1", "lines": [["C-1", 1, 5]]}},
    {"kind": "made", "id": "m1", "at": "2026-11-20 09:00:00"},
    {"kind": "status", "id": "s1", "at": "2026-11-20 11:00:00"},
    {"kind": "placed", "id": "p1", "at": "2026-11-20 10:00:00"},
    {"kind": "stock", "id": "i1", "at": "2026-11-20 10:00:00"},
    {"kind": "activity", "id": "a1", "at": "2026-11-20 10:00:00"},
]


def relation(table: exp.Table) -> bool:
    return bool(table.db)


def readers(root: exp.Expression, name: str) -> list[exp.Select]:
    return [
        table.find_ancestor(exp.Select)
        for table in root.find_all(exp.Table)
        if not relation(table) and table.name.lower() == name.lower()
    ]


def conditions(select: exp.Select) -> list[exp.Expression]:
    found = [select.args["where"].this] if select.args.get("where") else []
    return found + [join.args["on"] for join in select.args.get("joins") or [] if join.args.get("on")]


def bounds(select: exp.Select) -> set[str]:
    """What a query restricts: the load time, keys and periods by what is new."""
    found: set[str] = set()
    for condition in conditions(select):
        for each in condition.find_all(exp.GTE, exp.EQ, exp.In):
            if each.find_ancestor(exp.Select) is not select:
                continue
            if isinstance(each, exp.In):
                # a key may be several columns, or one with a word for where it is missing
                if each.args.get("query") or each.expressions:
                    found |= {column.name.lower() for column in each.this.find_all(exp.Column)}
            elif not isinstance(each.this, exp.Column):
                continue
            elif isinstance(each, exp.GTE):
                found |= {"loaded_at", "event_day"} & {each.this.name.lower()}
            elif isinstance(each.expression, (exp.Column, exp.Cast)):
                found.add(each.this.name.lower())
    return found


def is_bounded(root: exp.Expression, select: exp.Select) -> bool:
    if bounds(select) & ({"loaded_at", "event_day"} | KEYS):
        return True
    if all(isinstance(each.unalias(), exp.Func) or each.find(exp.Max) for each in select.expressions) and not any(
        column.name.lower() not in {"loaded_at", "is_backfill"} for column in select.find_all(exp.Column)
    ):
        return True  # the watermark itself: the greatest load time
    cte = select.find_ancestor(exp.CTE)
    if cte is None or select.find_ancestor(exp.Select) is not cte.find_ancestor(exp.Select):
        return False
    reading = readers(root, cte.alias)
    return bool(reading) and all(is_bounded(root, each) for each in reading)


def unbounded(sql: str) -> list[str]:
    root = parse_one(sql, dialect=DIALECT)
    return sorted(
        {
            table.name.lower()
            for table in root.find_all(exp.Table)
            if relation(table) and not is_bounded(root, table.find_ancestor(exp.Select))
        }
    )


def wide_reads_without_days(sql: str) -> list[str]:
    """Deduplicated events that are read with all of their columns by key only."""
    root = parse_one(sql, dialect=DIALECT)
    return sorted(
        table.name.lower()
        for table in root.find_all(exp.Table)
        if relation(table)
        and table.name.lower().endswith("_deduplicated")
        and table.find_ancestor(exp.Select).is_star
        and not bounds(table.find_ancestor(exp.Select)) & {"event_day"}
    )


def test_every_input_of_an_increment_is_bounded_by_what_is_new(models: Models, raw: RawTables) -> None:
    raw.load(EVENTS)
    models.run("--select", *(f"+{mart}" for mart in MARTS))
    compiled = {node.name: node.compiled_code for node in models.compiled_increments(*(f"+{mart}" for mart in MARTS))}
    assert set(MARTS) < compiled.keys()
    assert {name: found for name, sql in compiled.items() if (found := unbounded(sql))} == {}
    assert {name: found for name in MARTS if (found := wide_reads_without_days(compiled[name]))} == {}


def test_what_an_increment_writes_is_bounded_by_literal_days_or_hours(models: Models, raw: RawTables) -> None:
    raw.load(EVENTS)
    models.run("--select", *(f"+{mart}" for mart in MARTS))
    late = {"at": "2025-11-20 12:00:00", "received": "2026-11-21 10:00:00"}
    raw.load(event | {"id": event["id"] + "-late"} | late for event in EVENTS)
    # what is told of an order later stays, so only another order changes the running totals of its cards
    raw.load([late | {"kind": "order", "id": "o2", "fields": {"order_id": "O-2", "lines": [["C-1", 1, 5]]}}])
    models.run("--select", *(f"+{mart}" for mart in MARTS))

    written: dict[str, exp.Expression] = {}
    for statement in models.statements():
        if "merge into" in statement or "delete from" in statement:
            tree = parse_one(statement, dialect=DIALECT)
            written[tree.this.name.lower()] = (
                tree.args["on"] if isinstance(tree, exp.Merge) else tree.args["where"].this
            )
    assert set(MARTS) < written.keys()
    for name, condition in written.items():
        days = [each for each in condition.find_all(exp.In) if each.this.name.lower() in PERIODS and each.expressions]
        assert days, f"{name}: {condition.sql()}"
        assert {each.find(exp.Literal).this[:10] for each in days[0].expressions} <= {
            "1970-01-01", "2025-11-20", "2026-11-19", "2026-11-20"
        }  # fmt: skip


@pytest.mark.parametrize(
    ("sql", "found"),
    [
        ("select * from d.s.t", ["t"]),
        ("with a as (select * from d.s.t) select * from a where loaded_at >= '2026-11-21'", []),
        (
            "with a as (select * from d.s.t) select * from a union all select * from a where loaded_at >= '2026-11-21'",
            ["t"],
        ),
        ("select * from d.s.t where order_id in (select order_id from touched)", []),
        ("select * from d.s.t where (order_id, product_id) in (select order_id, product_id from touched)", []),
        ("select * from d.s.t where quantity in (select quantity from touched)", ["t"]),
        ("select a.x from d.s.t as a inner join b on a.event_day = b.event_day", []),
        ("with w as (select max(loaded_at) as l from d.s.t) select * from w", []),
        ("select max(quantity) from d.s.t", ["t"]),
    ],
)
def test_an_unbounded_read_is_found(sql: str, found: Any) -> None:
    assert unbounded(sql) == found

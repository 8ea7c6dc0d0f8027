"""The view over the mirror of a replication tool gives staging what the table of the same name gave."""

from __future__ import annotations

from collections.abc import Iterator

import jinja2
import pytest
from migrated_warehouse import ROOT
from raw_rows import RawTables
from runner import Models

OPENFLOW = ROOT / "snowflake" / "openflow"
VARIABLES = {
    "environment": "dev",
    "mirrored": [
        {
            "table": "PUBLIC.ORDERS",
            "source": "orders",
            "type": "orders.v1.OrderCreated",
            "event_id": "event_uuid",
            "occurred_at": "placed",
            "fields": {
                "event_id": "event_uuid",
                "order_id": "order_number",
                "lines": "lines",
                "customer": "object_construct('customer_id', customer, 'name', name, 'country_code', country)",
                "currency": "currency",
                "channel": "'CHANNEL_' || upper(channel)",
                "total_amount_minor": "total",
            },
            "times": {"created_at": "placed"},
        },
        {
            "table": "PUBLIC.ORDERS",
            "source": "orders",
            "type": "orders.v1.OrderStatusChanged",
            "event_id": "order_number || '@' || placed",
            "occurred_at": "placed",
            "fields": {"order_id": "order_number"},
        },
    ],
}
MIRROR = """
create table millrace_dev_mirror.public.orders (
    event_uuid varchar, order_number varchar, placed timestamp_ntz(6), customer varchar, name varchar, country varchar,
    lines variant, currency varchar, channel varchar, total number(19, 0),
    _snowflake_inserted_at timestamp_ntz, _snowflake_updated_at timestamp_ntz, _snowflake_deleted boolean
)
"""
ROWS = """
insert into millrace_dev_mirror.public.orders
select column1, column2, '2026-11-21 10:00:00.123456', 'customer-1', 'Ada', 'SE',
    parse_json('[{"card_id": "C-1", "line_number": 1, "quantity": 2, "unit_price_minor": 9007199254740993}]'),
    'EUR', 'web', 9007199254740993, '2026-11-21 11:00:00', '2026-11-21 12:00:00', column3
from values ('m1', 'O-1', false), ('m2', 'O-2', null), ('m3', 'O-3', true)
"""


def statements(file: str) -> list[str]:
    text = jinja2.Environment(undefined=jinja2.StrictUndefined).from_string((OPENFLOW / file).read_text())
    lines = [line for line in text.render(VARIABLES).splitlines() if not line.strip().startswith("--")]
    return [part.strip() for part in "\n".join(lines).split(";") if part.strip()]


@pytest.fixture
def mirrored(raw: RawTables) -> Iterator[RawTables]:
    """The table has a row of its own, then becomes the view; afterwards it is the table again, for other tests."""
    raw.load(
        [
            {
                "kind": "order",
                "id": "t1",
                "at": "2026-11-21T10:00:00.123456Z",
                "backfill": True,
                "fields": {"order_id": "O-0"},
            }
        ]
    )
    raw.execute("create database if not exists millrace_dev_mirror")
    raw.execute("create schema if not exists millrace_dev_mirror.public")
    raw.execute(MIRROR)
    raw.execute(ROWS)
    for file in ("V1.0.1__keep_the_table.sql", "R__events_backfill.sql", "R__events_backfill.sql"):
        for statement in statements(file):
            raw.execute(statement)
    yield raw
    raw.execute("drop view millrace_dev.raw.events_backfill")
    raw.execute("alter table millrace_dev.raw.events_backfill_table rename to millrace_dev.raw.events_backfill")
    raw.execute("drop table millrace_dev_mirror.public.orders")


def test_rows_of_the_table_and_of_the_mirror_come_out_of_staging_alike(models: Models, mirrored: RawTables) -> None:
    models.run("--select", "+int_orders__order_created_deduplicated")
    columns = (
        "event_id, order_id, created_at, customer_id, customer_country_code, currency, channel, total_amount_minor,"
        " occurred_at, event_day, source, type, is_backfill"
    )
    rows = models.rows(f"select {columns} from staging.stg_orders__order_created order by event_id")
    # what is marked as deleted is not there
    assert [row["event_id"] for row in rows] == ["m1", "m2", "t1"]
    same = ("created_at", "occurred_at", "event_day", "currency", "channel", "source", "type", "is_backfill")
    assert {name: rows[0][name] for name in same} == {name: rows[2][name] for name in same}
    assert rows[0]["order_id"] == "O-1"
    assert rows[0]["customer_id"] == "customer-1"
    assert rows[0]["total_amount_minor"] == "9007199254740993"
    line = (
        "select lines[0]:unit_price_minor::number(19, 0) as price, loaded_at"
        " from intermediate.int_orders__order_created_deduplicated where event_id = 'm1'"
    )
    assert models.rows(line) == [{"price": "9007199254740993", "loaded_at": "2026-11-21 12:00:00"}]


def test_everything_before_the_view_is_made_once_and_nothing_is_replaced_or_dropped() -> None:
    variables = VARIABLES | {"postgres_address": "db.example:5432"}
    for path in OPENFLOW.glob("V*.sql"):
        text = (
            jinja2.Environment(undefined=jinja2.StrictUndefined).from_string(path.read_text()).render(variables).lower()
        )
        code = "\n".join(line for line in text.splitlines() if not line.strip().startswith("--"))
        assert "or replace" not in code, path.name
        assert "drop" not in code, path.name
        assert code.count("create ") - code.count("create schema on") == code.count("if not exists"), path.name

"""Events for measurements, made inside the warehouse: no contract is read and no file loaded, so what is measured are the models."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import snowflake.connector

CARDS = 500
CUSTOMERS = 50_000
ROWS_OF_A_FILE = 500


@dataclass(frozen=True)
class Kind:
    """One event type: its share of all events, and its columns as expressions over `n`, the event's number, and `happened`."""

    table: str
    source: str
    type: str
    prefix: str
    share: float
    fields: dict[str, str]


def order_line(number: int) -> str:
    return (
        f"object_construct('line_number', {number}, 'card_id', 'card-' || mod(n * {number}, {CARDS}),"
        " 'quantity', 1 + mod(n, 3), 'unit_price_minor', 250)"
    )


KINDS = (
    Kind(
        table="orders_v1__order_created",
        source="orders",
        type="orders.v1.OrderCreated",
        prefix="o",
        share=0.45,
        fields={
            "order_id": "'O-' || n",
            "created_at": "happened",
            "customer": f"object_construct('customer_id', 'K-' || mod(n, {CUSTOMERS}), 'country_code', 'SE')",
            "lines": f"array_construct({order_line(1)}, {order_line(2)})",
            "currency": "'EUR'",
            "channel": "'CHANNEL_WEB'",
            "total_amount_minor": "500",
        },
    ),
    Kind(
        table="orders_v1__order_status_changed",
        source="orders",
        type="orders.v1.OrderStatusChanged",
        prefix="s",
        share=0.30,
        fields={
            "order_id": "'O-' || n",
            "changed_at": "happened",
            "status": "'ORDER_STATUS_PAID'",
            "previous_status": "'ORDER_STATUS_PLACED'",
            "customer_id": f"'K-' || mod(n, {CUSTOMERS})",
        },
    ),
    Kind(
        table="manufacturing_v1__manufacturing_batch",
        source="manufacturing",
        type="manufacturing.v1.ManufacturingBatch",
        prefix="m",
        share=0.04,
        fields={
            "manufacturing_batch_id": "'M-' || n",
            "card_id": f"'card-' || mod(n, {CARDS})",
            "planned_quantity": "100",
            "produced_quantity": "100",
            "scrapped_quantity": "1",
            "started_at": "happened",
            "completed_at": "happened",
            "plant": "'Lund'",
        },
    ),
    Kind(
        table="cards_v1__card_catalog_updated",
        source="cards",
        type="cards.v1.CardCatalogUpdated",
        prefix="u",
        share=0.01,
        fields={
            "card_id": f"'card-' || mod(n, {CARDS})",
            "updated_at": "happened",
            "name": "'Card ' || n",
            "edition": "'First Light'",
            "rarity": "'RARITY_RARE'",
            "list_price_minor": "250",
            "currency": "'EUR'",
        },
    ),
    Kind(
        table="commerce_v1__order_placed",
        source="commerce",
        type="commerce.v1.OrderPlaced",
        prefix="p",
        share=0.05,
        fields={
            "order_id": "'S-' || mod(n, 20000)",
            "placed_at": "happened",
            "customer_id": f"'K-' || mod(n, {CUSTOMERS})",
            "status": "iff(mod(n, 2) = 0, 'PLACED_STATUS_PAID', 'PLACED_STATUS_SHIPPED')",
            "total_minor": "500",
            "currency": "'EUR'",
        },
    ),
    Kind(
        table="commerce_v1__inventory_changed",
        source="commerce",
        type="commerce.v1.InventoryChanged",
        prefix="i",
        share=0.05,
        fields={
            "product_id": "'P-' || mod(n, 2000)",
            "warehouse_id": "'W-' || mod(n, 3)",
            "changed_at": "happened",
            "quantity_delta": "1",
            "quantity_on_hand": "mod(n, 90)",
            "reason": "'INVENTORY_REASON_RECEIVED'",
        },
    ),
    Kind(
        table="commerce_v1__user_activity",
        source="commerce",
        type="commerce.v1.UserActivity",
        prefix="a",
        share=0.10,
        fields={
            "user_id": "'U-' || mod(n, 20000)",
            "occurred": "happened",
            "activity_type": "'ACTIVITY_TYPE_VIEW'",
            "session_id": "'V-' || floor(n / 5)",
            "product_id": "'P-' || mod(n, 2000)",
        },
    ),
)


def add_events(
    connection: snowflake.connector.SnowflakeConnection,
    first_number: int,
    events: int,
    since: datetime,
    until: datetime,
) -> None:
    """Spreads the events over the time, UTC; each is loaded a minute after it happened, 500 of a type in one file."""
    span = int((until - since).total_seconds())
    for kind in KINDS:
        rows = int(events * kind.share)
        columns = columns_of(kind)
        connection.cursor().execute(
            f"""
            insert into raw.{kind.table} ({", ".join(columns)})
            with numbered as (
                select {first_number} + row_number() over (order by seq4()) as n
                from table(generator(rowcount => {rows}))
            ),
            timed as (
                select
                    n,
                    dateadd(
                        second, floor((n - {first_number}) * {span} / {rows + 1}), '{since:%Y-%m-%d %H:%M:%S}'::timestamp_ntz
                    ) as happened
                from numbered
            )
            select {", ".join(f"{expression} as {name}" for name, expression in columns.items())} from timed
            """
        )


def columns_of(kind: Kind) -> dict[str, str]:
    file = f"'{kind.prefix}' || floor(n / {ROWS_OF_A_FILE})"
    return {
        "event_id": f"'{kind.prefix}' || n",
        **kind.fields,
        "_event_id": f"'{kind.prefix}' || n",
        "_id_origin": "'CONTRACT'",
        "_source": f"'{kind.source}'",
        "_type": f"'{kind.type}'",
        "_occurred_at": "happened",
        "_published_at": "happened",
        "_received_at": "dateadd(second, 5, happened)",
        "_schema_version": "'1'",
        "_payload_hash": f"'k1:{kind.prefix}' || n",
        "_batch_id": file,
        "_batch_row": f"mod(n, {ROWS_OF_A_FILE})",
        "_file": f"{file} || '.r{ROWS_OF_A_FILE}.parquet'",
        "_file_row": f"mod(n, {ROWS_OF_A_FILE})",
        "_loaded_at": "dateadd(minute, 1, happened)",
    }

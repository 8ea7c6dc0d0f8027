"""Rows of the raw tables as the load leaves them, from short descriptions."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

import snowflake.connector

TABLES = {
    "card": ("cards", "cards.v1.CardCatalogCreated", "cards_v1__card_catalog_created", "created_at"),
    "updated": ("cards", "cards.v1.CardCatalogUpdated", "cards_v1__card_catalog_updated", "updated_at"),
    "deleted": ("cards", "cards.v1.CardCatalogDeleted", "cards_v1__card_catalog_deleted", "deleted_at"),
    "status": ("orders", "orders.v1.OrderStatusChanged", "orders_v1__order_status_changed", "changed_at"),
    "order": ("orders", "orders.v1.OrderCreated", "orders_v1__order_created", "created_at"),
    "made": (
        "manufacturing",
        "manufacturing.v1.ManufacturingBatch",
        "manufacturing_v1__manufacturing_batch",
        "completed_at",
    ),
    "placed": ("commerce", "commerce.v1.OrderPlaced", "commerce_v1__order_placed", "placed_at"),
    "stock": ("commerce", "commerce.v1.InventoryChanged", "commerce_v1__inventory_changed", "changed_at"),
    "activity": ("commerce", "commerce.v1.UserActivity", "commerce_v1__user_activity", "occurred"),
}
CARD = {
    "event_id": None,
    "card_id": "C-1",
    "name": "Ember Fox",
    "edition": "First Light",
    "rarity": "RARITY_RARE",
    "list_price_minor": 250,
    "currency": "EUR",
    "attributes": {"power": "3"},
    "artist": None,
}
PAYLOADS: dict[str, dict[str, Any]] = {
    "card": CARD,
    "updated": CARD,
    "deleted": {"event_id": None, "card_id": "C-1", "reason": None},
    "status": {
        "event_id": None,
        "order_id": "O-1",
        "status": "ORDER_STATUS_PAID",
        "previous_status": "ORDER_STATUS_PLACED",
        "customer_id": "K-1",
    },
    "order": {
        "event_id": None,
        "order_id": "O-1",
        "created_at": None,
        "customer": {"customer_id": "K-1", "name": "A. Customer", "email": None, "country_code": "SE"},
        "lines": [],
        "currency": "EUR",
        "channel": "CHANNEL_WEB",
        "total_amount_minor": 0,
        "promotion_code": None,
    },
    "made": {
        "event_id": None,
        "manufacturing_batch_id": "M-1",
        "card_id": "C-1",
        "planned_quantity": 100,
        "produced_quantity": 100,
        "scrapped_quantity": 0,
        "started_at": None,
        "completed_at": None,
        "plant": "Lund",
        "defects": [],
        "scrap_rate": None,
    },
    "placed": {
        "event_id": None,
        "order_id": "S-1",
        "placed_at": None,
        "customer_id": "K-1",
        "status": "PLACED_STATUS_PAID",
        "items": [],
        "total_minor": 500,
        "currency": "EUR",
        "ship_to": {"recipient": "enc", "street": "enc", "postal_code": "h", "city": "Lund", "country_code": "SE"},
    },
    "stock": {
        "event_id": None,
        "product_id": "P-1",
        "warehouse_id": "W-1",
        "changed_at": None,
        "quantity_delta": 1,
        "quantity_on_hand": 1,
        "reason": "INVENTORY_REASON_RECEIVED",
        "document_id": None,
    },
    "activity": {
        "event_id": None,
        "user_id": "U-1",
        "occurred": None,
        "activity_type": "ACTIVITY_TYPE_VIEW",
        "session_id": "V-1",
        "product_id": None,
        "search_text": None,
        "user_agent": "h",
    },
}
VARIANTS = {"attributes", "customer", "lines", "defects", "items", "ship_to", "payload"}
EVERY_TABLE = [table for _, _, table, _ in TABLES.values()] + [
    "json_v1__json_event",
    "events_backfill",
    "failed_events",
]


def raw_row(description: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    """Table and row of one description.

    kind, id and at (event time) describe the event, fields its payload; batch, row, received, loaded, hash, file,
    unknown describe its way. `lines` of an order may be written [card, quantity, unit price].
    With `backfill` the row goes to raw.events_backfill.
    """
    kind, event_id, at = description["kind"], description["id"], description["at"]
    source, type_name, table, time_field = TABLES[kind]
    payload = PAYLOADS[kind] | {"event_id": event_id, time_field: at} | description.get("fields", {})
    if kind == "made":
        payload["started_at"] = payload["started_at"] or at
    if isinstance(payload.get("lines"), list):
        payload["lines"] = [
            {"line_number": number, "card_id": line[0], "quantity": line[1], "unit_price_minor": line[2]}
            if isinstance(line, list)
            else line
            for number, line in enumerate(payload["lines"], start=1)
        ]
    if description.get("backfill"):
        return "events_backfill", {
            "_source": source,
            "_type": type_name,
            "_event_id": event_id,
            "_occurred_at": at,
            "_loaded_at": description.get("loaded"),
            "payload": payload,
        }
    batch = description.get("batch", f"batch-{event_id}")
    received = description.get("received", at)
    return table, payload | {
        "_event_id": event_id,
        "_id_origin": "CONTRACT",
        "_source": source,
        "_type": type_name,
        "_occurred_at": at,
        "_published_at": received,
        "_received_at": received,
        "_schema_version": "1",
        "_payload_hash": description.get("hash", f"k1:{event_id}"),
        "_batch_id": batch,
        "_batch_row": description.get("row", 0),
        "_unknown_fields": description.get("unknown"),
        "_traceparent": description.get("traceparent"),
        "_file": description.get("file", f"{batch}.r1.parquet"),
        "_file_row": description.get("row", 0) + 1,
        "_loaded_at": description.get("loaded", received),
    }


class RawTables:
    def __init__(self, connection: snowflake.connector.SnowflakeConnection) -> None:
        self._cursor = connection.cursor()

    def execute(self, statement: str) -> None:
        self._cursor.execute(statement)

    def empty(self) -> None:
        for table in EVERY_TABLE:
            self._cursor.execute(f"delete from raw.{table}")

    def load(self, descriptions: Iterable[dict[str, Any]]) -> None:
        """Rows of one table by one statement: each costs the warehouse as much as its rows."""
        together: dict[tuple[str, ...], list[dict[str, Any]]] = {}
        for description in descriptions:
            table, row = raw_row(description)
            together.setdefault((table, *row), []).append(row)
        for (table, *names), rows in together.items():
            places = "select " + ", ".join("parse_json(%s)" if name in VARIANTS else "%s" for name in names)
            for some in batched(rows, 25):
                values = [
                    json.dumps(row[name]) if name in VARIANTS and row[name] is not None else row[name]
                    for row in some
                    for name in names
                ]
                self._cursor.execute(
                    f"insert into raw.{table} ({', '.join(names)}) " + " union all ".join([places] * len(some)), values
                )


def batched(rows: list[dict[str, Any]], size: int) -> Iterable[list[dict[str, Any]]]:
    return (rows[start : start + size] for start in range(0, len(rows), size))

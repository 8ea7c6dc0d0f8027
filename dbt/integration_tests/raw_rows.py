"""Rows of the raw tables as the load leaves them, from short descriptions."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

import snowflake.connector

TABLES = {
    "card": ("cards", "cards.v1.CardCatalogCreated", "cards_v1__card_catalog_created", "created_at"),
    "order": ("orders", "orders.v1.OrderCreated", "orders_v1__order_created", "created_at"),
    "made": (
        "manufacturing",
        "manufacturing.v1.ManufacturingBatch",
        "manufacturing_v1__manufacturing_batch",
        "completed_at",
    ),
}
PAYLOADS: dict[str, dict[str, Any]] = {
    "card": {
        "event_id": None,
        "card_id": "C-1",
        "created_at": None,
        "name": "Ember Fox",
        "edition": "First Light",
        "rarity": "RARITY_RARE",
        "list_price_minor": 250,
        "currency": "EUR",
        "attributes": {"power": "3"},
        "artist": None,
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
}
VARIANTS = {"attributes", "customer", "lines", "defects", "payload"}
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
        for description in descriptions:
            table, row = raw_row(description)
            values = [
                json.dumps(value) if name in VARIANTS and value is not None else value for name, value in row.items()
            ]
            places = ", ".join("parse_json(%s)" if name in VARIANTS else "%s" for name in row)
            self._cursor.execute(f"insert into raw.{table} ({', '.join(row)}) select {places}", values)

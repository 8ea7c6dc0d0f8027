"""Files as the writer makes them: typed Parquet by pyarrow, and JSON lines with the same values."""

from __future__ import annotations

import base64
import datetime
import gzip
import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

UTC_MICROSECONDS = pa.timestamp("us", tz="UTC")
METADATA = [
    ("_event_id", pa.string()),
    ("_id_origin", pa.string()),
    ("_source", pa.string()),
    ("_type", pa.string()),
    ("_occurred_at", UTC_MICROSECONDS),
    ("_published_at", UTC_MICROSECONDS),
    ("_received_at", UTC_MICROSECONDS),
    ("_schema_version", pa.string()),
    ("_payload_hash", pa.string()),
    ("_batch_id", pa.string()),
    ("_batch_row", pa.int32()),
    ("_unknown_fields", pa.string()),
    ("_traceparent", pa.string()),
]
CUSTOMER = pa.struct(
    [("customer_id", pa.string()), ("name", pa.string()), ("email", pa.string()), ("country_code", pa.string())]
)
LINE = pa.struct(
    [("line_number", pa.int32()), ("card_id", pa.string()), ("quantity", pa.int32()), ("unit_price_minor", pa.int64())]
)
ORDER = pa.schema(
    [
        ("event_id", pa.string()),
        ("order_id", pa.string()),
        ("created_at", UTC_MICROSECONDS),
        ("customer", CUSTOMER),
        ("lines", pa.list_(LINE)),
        ("currency", pa.string()),
        ("channel", pa.string()),
        ("total_amount_minor", pa.int64()),
        ("promotion_code", pa.string()),
        *METADATA,
    ]
)
START = datetime.datetime(2026, 11, 21, 10, 0, 0, 123456, tzinfo=datetime.UTC)


def metadata(number: int, batch: str, source: str = "orders", type_: str = "orders.v1.OrderCreated") -> dict[str, Any]:
    at = START + datetime.timedelta(seconds=number)
    return {
        "_event_id": f"{batch}-{number}",
        "_id_origin": "CONTRACT",
        "_source": source,
        "_type": type_,
        "_occurred_at": at,
        "_published_at": None if number % 3 == 0 else at + datetime.timedelta(microseconds=1),
        "_received_at": at + datetime.timedelta(seconds=1),
        "_schema_version": "1",
        "_payload_hash": f"k1:{number:064x}",
        "_batch_id": batch,
        "_batch_row": number,
        "_unknown_fields": None,
        "_traceparent": None if number % 2 else "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
    }


def order(number: int, batch: str = "b1") -> dict[str, Any]:
    return {
        "event_id": f"{batch}-{number}",
        "order_id": f"order-{number}",
        "created_at": START + datetime.timedelta(seconds=number),
        "customer": {
            "customer_id": f"c{number}",
            "name": 'Zoë "Zed" O\'Hara',
            "email": None if number % 2 else "zoe@example.com",
            "country_code": "NL",
        },
        "lines": [
            {"line_number": i + 1, "card_id": f"card-{i}", "quantity": i, "unit_price_minor": 2**40 + i}
            for i in range(number % 3)
        ],
        "currency": "EUR",
        "channel": "CHANNEL_WEB",
        "total_amount_minor": 9_007_199_254_740_993 + number,
        "promotion_code": None if number % 2 else "NULL",
        **metadata(number, batch),
    }


def orders(count: int, batch: str = "b1") -> list[dict[str, Any]]:
    return [order(number, batch) for number in range(count)]


def write_parquet(
    path: Path, rows: list[dict[str, Any]], schema: pa.Schema = ORDER, rows_per_group: int = 1000
) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    table = pa.Table.from_pylist(rows, schema=schema)
    pq.write_table(table, path, compression="zstd", row_group_size=rows_per_group)


def write_ndjson(path: Path, rows: list[dict[str, Any]], codec: str = "zstd") -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    text = "".join(json.dumps({name: _json(value) for name, value in row.items()}) + "\n" for row in rows).encode()
    path.write_bytes(gzip.compress(text) if codec == "gzip" else pa.compress(text, codec="zstd", asbytes=True))


def _json(value: Any) -> Any:
    if isinstance(value, datetime.datetime):
        return value.astimezone(datetime.UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    if isinstance(value, dict):
        return {name: _json(item) for name, item in value.items()}
    if isinstance(value, float) and value != value:
        return "NaN"
    if isinstance(value, list):
        return [_json(item) for item in value]
    return value

"""How long `dbt build` takes for many events, and the increment behind it: python dbt/benchmarks/build_and_increment.py 1000000

The events are made in the warehouse itself: 60 % orders of two lines, 35 % status changes, 4 % manufacturing batches, 1 %
updates of 500 cards, over 30 days. Prints a JSON line for each number of events: seconds of the first build, of the increment
of 10,000 more, of one without news, processor seconds and peak memory of the warehouse.
"""

from __future__ import annotations

import json
import resource
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "integration_tests"))
from migrated_warehouse import ROOT, migrated_warehouse
from runner import Models, connect

MORE = 10_000
CARDS = 500
COMMON = (
    "{event} as _event_id, 'CONTRACT' as _id_origin, '{source}' as _source, '{type}' as _type, {at} as _occurred_at,"
    " {at} as _published_at, {at} as _received_at, '1' as _schema_version, 'k1:' || {event} as _payload_hash,"
    " 'b' || floor(n / 500) as _batch_id, mod(n, 500) as _batch_row, 'f' || floor(n / 500) as _file, mod(n, 500) as _file_row,"
    " '{loaded}'::timestamp_ntz as _loaded_at"
)
LINE = "object_construct('line_number', {number}, 'card_id', 'card-' || mod(n * {number}, 500), 'quantity', 1 + mod(n, 3), 'unit_price_minor', 250)"


def kinds(loaded: str) -> dict[str, tuple[float, str]]:
    """Share and query of each raw table; n counts the rows."""

    def common(source: str, type_name: str, prefix: str) -> str:
        return COMMON.format(event=f"'{prefix}' || n", source=source, type=type_name, at="at", loaded=loaded)

    return {
        "orders_v1__order_created": (
            0.6,
            "'e' || n as event_id, 'O-' || n as order_id, at as created_at,"
            " object_construct('customer_id', 'K-' || mod(n, 50000), 'country_code', 'SE') as customer,"
            f" array_construct({LINE.format(number=1)}, {LINE.format(number=2)}) as lines, 'EUR' as currency,"
            f" 'CHANNEL_WEB' as channel, 500 as total_amount_minor, {common('orders', 'orders.v1.OrderCreated', 'o')}",
        ),
        "orders_v1__order_status_changed": (
            0.35,
            "'e' || n as event_id, 'O-' || n as order_id, dateadd(minute, 5, at) as changed_at, 'ORDER_STATUS_PAID' as status,"
            " 'ORDER_STATUS_PLACED' as previous_status, 'K-' || mod(n, 50000) as customer_id,"
            f" {common('orders', 'orders.v1.OrderStatusChanged', 's')}",
        ),
        "manufacturing_v1__manufacturing_batch": (
            0.04,
            "'e' || n as event_id, 'M-' || n as manufacturing_batch_id, 'card-' || mod(n, 500) as card_id,"
            " 100 as planned_quantity, 100 as produced_quantity, 1 as scrapped_quantity, at as started_at, at as completed_at,"
            f" 'Lund' as plant, {common('manufacturing', 'manufacturing.v1.ManufacturingBatch', 'm')}",
        ),
        "cards_v1__card_catalog_updated": (
            0.01,
            "'e' || n as event_id, 'card-' || mod(n, 500) as card_id, at as updated_at, 'Card ' || n as name, 'E' as edition,"
            " 'RARITY_RARE' as rarity, 250 as list_price_minor, 'EUR' as currency,"
            f" {common('cards', 'cards.v1.CardCatalogUpdated', 'u')}",
        ),
    }


def load(port: int, first: int, events: int, day: str, days: int, loaded: str) -> None:
    with connect(port) as connection:
        for table, (share, query) in kinds(loaded).items():
            rows = int(events * share)
            numbered = (
                f"select {first} + row_number() over (order by seq4()) as n from table(generator(rowcount => {rows}))"
            )
            timed = (
                f"select n, dateadd(second, mod(n * 7, {days * 86400}), '{day}'::timestamp_ntz) as at from ({numbered})"
            )
            names = ", ".join(part.rsplit(" ", 1)[-1] for part in outer_parts(query))
            connection.cursor().execute(f"insert into raw.{table} ({names}) select {query} from ({timed})")


def outer_parts(query: str) -> list[str]:
    """The selected expressions: commas within brackets do not part them."""
    parts, depth = [""], 0
    for letter in query:
        depth += (letter == "(") - (letter == ")")
        if letter == "," and depth == 0:
            parts.append("")
        else:
            parts[-1] += letter
    return [part.strip() for part in parts]


def seconds(models: Models) -> float:
    began = time.monotonic()
    models.build("--threads", "1")
    return round(time.monotonic() - began, 1)


def measured(events: int) -> dict[str, float]:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    with tempfile.TemporaryDirectory() as folder, migrated_warehouse(Path(folder), sys.executable) as port:
        load(port, 0, events, "2026-10-20", 30, "2026-11-20 00:00:00")
        models = Models(ROOT / "dbt", port, Path(folder) / "dbt")
        found = {"events": events, "build_s": seconds(models)}
        load(port, 10 * events, MORE, "2026-11-20", 1, "2026-11-21 00:00:00")
        found["increment_s"] = seconds(models)
        found["no_news_s"] = seconds(models)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    found["warehouse_cpu_s"] = round(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, 1)
    found["warehouse_peak_mib"] = after.ru_maxrss >> 10
    return found


if __name__ == "__main__":
    for number in [int(argument) for argument in sys.argv[1:]] or [1_000_000]:
        print(json.dumps(measured(number)), flush=True)

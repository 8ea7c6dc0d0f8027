"""However rows arrive (shuffled, doubled, late, split over runs), increments end where a full refresh ends."""

from __future__ import annotations

import datetime
import random
from typing import Any

import pytest
from raw_rows import RawTables
from runner import Models

ORDERS = ("--select", "stg_orders__order_created", "int_orders__order_created_deduplicated", "fct_orders")
MIDNIGHT = datetime.datetime(2026, 11, 21)
RUNS = 3


def generated_loads(seed: int) -> list[list[dict[str, Any]]]:
    """Rows per run: events of several days, each received one to three times, each receipt loaded in any of the runs."""
    chance = random.Random(seed)
    loads: list[list[dict[str, Any]]] = [[] for _ in range(RUNS)]
    for number in range(40):
        at = MIDNIGHT - datetime.timedelta(minutes=chance.randrange(4 * 24 * 60))
        lines = [[f"C-{chance.randrange(5)}", chance.randrange(1, 9), 250] for _ in range(chance.randrange(3))]
        for copy in range(chance.choice((1, 1, 1, 2, 3))):
            received = MIDNIGHT + datetime.timedelta(seconds=chance.randrange(60))
            batch = f"b{chance.randrange(10)}"
            run = chance.randrange(RUNS)
            unknown = chance.choice((None, None, "quarantine/somewhere"))
            row = {
                "kind": "order",
                "id": f"e{number}",
                "at": str(at if chance.random() < 0.95 else at - datetime.timedelta(days=1)),
                "received": str(received),
                "batch": batch,
                "row": chance.randrange(100),
                "unknown": unknown,
                "file": f"f{number}-{copy}",
                # up to the look-back behind the newest row: a load that committed late
                "loaded": str(MIDNIGHT + datetime.timedelta(hours=run, minutes=chance.randrange(-55, 55))),
                "hash": f"k1:{chance.randrange(2)}" if chance.random() < 0.2 else f"k1:{number}",
                "fields": {"order_id": f"O-{number % 35}", "lines": lines},
            }
            loads[run].append(row)
            if chance.random() < 0.1:  # loaded twice, as after the load history has forgotten the file
                loads[min(run + 1, RUNS - 1)].append(
                    row | {"loaded": str(MIDNIGHT + datetime.timedelta(hours=run + 1))}
                )
            if chance.random() < 0.1:
                loads[run].append(row | {"backfill": True})
    for load in loads:
        chance.shuffle(load)
    return loads


@pytest.mark.parametrize("seed", [1, 2, *(pytest.param(seed, marks=pytest.mark.proof) for seed in range(3, 31))])
def test_increments_end_where_a_full_refresh_ends(seed: int, models: Models, raw: RawTables) -> None:
    for load in generated_loads(seed):
        raw.load(load)
        models.run(*ORDERS)
    after_increments = tables(models)
    models.run(*ORDERS, "--full-refresh")
    assert after_increments == tables(models)
    assert len(after_increments["orders"]) > 40
    identities = {(row["event_id"], row["event_day"]) for row in after_increments["orders"]}
    assert len(identities) == len(after_increments["orders"])


def tables(models: Models) -> dict[str, list[dict[str, str]]]:
    return {
        "orders": models.rows("select * from intermediate.int_orders__order_created_deduplicated"),
        "lines": models.rows("select * from marts.fct_orders"),
    }

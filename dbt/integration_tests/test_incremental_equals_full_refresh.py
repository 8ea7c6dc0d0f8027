"""However rows arrive (shuffled, doubled, replayed, late, split over runs), increments end where a full refresh ends."""

from __future__ import annotations

import datetime
import random
from typing import Any

import pytest
from raw_rows import RawTables
from runner import Models

MIDNIGHT = datetime.datetime(2026, 11, 21)
BACKFILL_BEGAN = datetime.datetime(2026, 9, 1)
CARDS = 7
FORMS = ("history", "changes", "snapshot", "daily")
MARTS = (
    "dim_card",
    "fct_orders",
    "fct_order_status_history",
    "fct_batch_performance",
    "dim_customer",
    "fct_card_supply",
    *(f"{thing}_{form}" for thing in ("shop_order", "inventory", "user_activity") for form in FORMS),
)
HELD_ONCE_A_DAY = {
    "shop_order_snapshot": "order_id",
    "inventory_snapshot": "product_id, warehouse_id",
    "user_activity_snapshot": "user_id",
}
FIRST_RUN = ("--select", *(f"+{mart}" for mart in MARTS))
# views do not change with their rows
LATER_RUNS = ("--select", *(f"+{mart},config.materialized:incremental" for mart in MARTS))
CATALOGUED = ("card", "updated", "updated", "deleted", "order", "order", "order", "status", "status", "made")
KINDS = (*CATALOGUED, "placed", "placed", "stock", "stock", "activity")
STATUSES = ("PLACED", "PAID", "SHIPPED", "DELIVERED", "CANCELLED", "RETURNED")
CUSTOMERS = ("K-1", "K-2", "K-3", "K-4", "")


def payload(kind: str, chance: random.Random) -> dict[str, Any]:
    card = f"C-{chance.randrange(CARDS)}"
    match kind:
        case "card" | "updated":
            return {
                "card_id": card,
                "name": f"Card {chance.randrange(1000)}",
                "list_price_minor": chance.randrange(900),
            }
        case "deleted":
            return {"card_id": card}
        case "status":
            return {"order_id": f"O-{chance.randrange(12)}", "status": f"ORDER_STATUS_{chance.choice(STATUSES)}"}
        case "made":
            return {
                "manufacturing_batch_id": f"M-{chance.randrange(9)}",
                "card_id": chance.choice((card, card, "C-never-catalogued", "")),
                "produced_quantity": chance.randrange(50),
            }
        case "placed":
            return {"customer_id": chance.choice(CUSTOMERS)}
        case "stock" | "activity":
            return {}
        case _:
            sold = [
                chance.choice((card, f"C-{chance.randrange(CARDS)}", "C-sold-once", ""))
                for _ in range(chance.randrange(4))
            ]
            return {
                "order_id": f"O-{chance.randrange(12)}",
                "customer": {
                    "customer_id": chance.choice(CUSTOMERS),
                    "name": f"Customer {chance.randrange(1000)}",
                    "email": None,
                    "country_code": "SE",
                },
                "lines": [[each, chance.randrange(1, 9), 250] for each in sold],
            }


def retold(kind: str, chance: random.Random) -> dict[str, Any]:
    """What each receipt of an event of the shop says anew: receipts of one event may even disagree about its key."""
    match kind:
        case "placed":
            return {
                "order_id": f"S-{chance.randrange(6)}",
                "status": chance.choice(("PLACED_STATUS_PAID", "PLACED_STATUS_IN_REVIEW")),
                "total_minor": chance.randrange(3),
            }
        case "stock":
            return {
                "product_id": chance.choice(("P-1", "P-2", "")),
                "quantity_on_hand": chance.randrange(3),
                "quantity_delta": chance.randrange(3),
            }
        case "activity":
            types = ("ACTIVITY_TYPE_VIEW", "ACTIVITY_TYPE_SEARCH")
            return {"user_id": f"U-{chance.randrange(4)}", "activity_type": chance.choice(types)}
        case _:
            return {}


def generated_loads(seed: int, runs: int) -> list[list[dict[str, Any]]]:
    """Rows per run: events up to 400 days old, each received one to three times, each receipt loaded in any of the runs."""
    chance = random.Random(seed)
    loads: list[list[dict[str, Any]]] = [[] for _ in range(runs)]
    for number in range(150):
        kind = chance.choice(KINDS)
        days = chance.choice((0, 0, 1, 3, 400))
        at = MIDNIGHT - datetime.timedelta(days=days, minutes=chance.randrange(24 * 60))
        fields = payload(kind, chance)
        for copy in range(chance.choice((1, 1, 1, 2, 3))):
            run = chance.randrange(runs)
            row = {
                "kind": kind,
                "id": f"e{number}",
                "at": str(at if chance.random() < 0.95 else at - datetime.timedelta(days=1)),
                "received": str(MIDNIGHT + datetime.timedelta(seconds=chance.randrange(60))),
                "batch": f"b{chance.randrange(10)}",
                "row": chance.randrange(100),
                "unknown": chance.choice((None, None, "quarantine/somewhere")),
                "file": f"f{number}-{copy}",
                # up to the look-back behind the newest row: a load that committed late
                "loaded": str(MIDNIGHT + datetime.timedelta(hours=run, minutes=chance.randrange(-170, 5))),
                "hash": f"k1:{chance.randrange(2)}" if chance.random() < 0.2 else f"k1:{number}",
                "fields": fields | retold(kind, chance),
            }
            loads[run].append(row)
            later = min(run + 1, runs - 1)
            if chance.random() < 0.1:  # loaded twice, as after the load history has forgotten the file
                loads[later].append(row | {"loaded": str(MIDNIGHT + datetime.timedelta(hours=later))})
            # replayed behind a release: the same receipt in another file, with all of its fields
            if chance.random() < 0.1:
                loads[later].append(
                    row | {"loaded": str(MIDNIGHT + datetime.timedelta(hours=later)), "file": "replay", "unknown": None}
                )
            if chance.random() < 0.15:
                began = BACKFILL_BEGAN + datetime.timedelta(hours=run, minutes=chance.randrange(-170, 5))
                loads[run].append(row | {"backfill": True, "loaded": str(began)})
    for load in loads:
        chance.shuffle(load)
    return loads


CASES = [(1, 2), (2, 3), (3, 6)]
MORE = [pytest.param(seed, 2 + seed % 5, marks=pytest.mark.proof) for seed in range(4, 34)]


@pytest.mark.parametrize(("seed", "runs"), [*CASES, *MORE])
def test_increments_end_where_a_full_refresh_ends(seed: int, runs: int, models: Models, raw: RawTables) -> None:
    for run, load in enumerate(generated_loads(seed, runs)):
        raw.load(load)
        models.run(*(LATER_RUNS if run else FIRST_RUN))
    after_increments = {mart: models.rows(f"select * from marts.{mart}") for mart in MARTS}
    models.run(*LATER_RUNS, "--full-refresh")
    for mart in MARTS:
        assert after_increments[mart] == models.rows(f"select * from marts.{mart}"), mart
    for mart, key in HELD_ONCE_A_DAY.items():
        doubled = f"select snapshot_day, {key} from marts.{mart} group by snapshot_day, {key} having count(*) > 1"
        assert models.rows(doubled) == [], f"two states of one {key} hold on the same day"
    # of a mart with one row, the unknown one, nothing would be shown
    assert {mart: len(rows) for mart, rows in after_increments.items() if len(rows) < 2} == {}
    cards = after_increments["dim_card"]
    assert {"true", "false"} == {row["is_inferred"] for row in cards} == {row["is_deleted"] for row in cards}
    assert {row["card_version_id"] for row in after_increments["fct_orders"]} <= {
        row["card_version_id"] for row in cards
    }

"""DAGs run in a real Airflow with `dag.test()`: real dbt, real warehouse, and the mails that arrive."""

from __future__ import annotations

import json
import os
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from airflow.dag_processing.dagbag import DagBag
from conftest import DAGS, HOME, PYTHON_WITH_DBT, ROOT
from mailbox_server import Mailbox

NOW = datetime.now(UTC).replace(tzinfo=None)


@pytest.fixture(scope="session")
def bag(metadata_database: None) -> DagBag:
    return DagBag(DAGS, bundle_path=DAGS, bundle_name="dags-folder")


def load(port: int, *rows: dict[str, Any]) -> None:
    subprocess.run(
        [PYTHON_WITH_DBT, str(Path(__file__).with_name("load_rows.py")), str(port)],
        env=os.environ | {"PYTHONPATH": str(ROOT / "dbt" / "integration_tests")},
        input="\n".join(map(json.dumps, rows)),
        text=True,
        check=True,
    )


def at(hours_ago: float) -> str:
    return (NOW - timedelta(hours=hours_ago)).strftime("%Y-%m-%d %H:%M:%S")


def card(hours_ago: float) -> dict[str, Any]:
    return {"kind": "card", "id": "c1", "at": at(hours_ago)}


def made(event_id: str, hours_ago: float, quantity: int) -> dict[str, Any]:
    fields = {"manufacturing_batch_id": event_id, "produced_quantity": quantity}
    return {"kind": "made", "id": event_id, "at": at(hours_ago), "fields": fields}


def sold(hours_ago: float, quantity: int) -> dict[str, Any]:
    fields = {"lines": [["C-1", quantity, 250]], "total_amount_minor": quantity * 250}
    return {"kind": "order", "id": "o1", "at": at(hours_ago), "fields": fields}


def states(run: Any) -> dict[str, str]:
    return {task.task_id: str(task.state) for task in run.get_task_instances()}


def test_an_oversold_card_and_stale_sources_are_told_to_those_who_can_act_and_the_models_are_built(
    bag: DagBag, warehouse_port: int, mailbox: Mailbox
) -> None:
    load(warehouse_port, card(30), made("m1", 30, 5), sold(29, 7))
    run = bag.dags["millrace_hourly"].test()
    assert states(run) == {"freshness": "failed", "build": "success", "business_tests": "failed"}
    assert str(run.state) == "failed"

    (business,) = mailbox.to("operations@example.com")
    assert business.subject == "[millrace] business test: millrace_hourly.business_tests"
    assert "cards_sold_never_exceed_cards_produced" in business.body
    assert "7 sold, 5 good units" in business.body
    (stale,) = mailbox.to("sources@example.com")
    assert stale.subject == "[millrace] sources are stale: millrace_hourly.freshness"
    assert "stale: raw.orders_v1__order_created" in stale.body
    (of_run,) = mailbox.to("team@example.com")
    assert of_run.subject == "[millrace] run failed: millrace_hourly"
    assert len(mailbox.letters) == 3


@pytest.mark.proof
def test_a_good_run_tells_nobody(bag: DagBag, warehouse_port: int, mailbox: Mailbox) -> None:
    load(warehouse_port, card(0), made("m1", 0.5, 9), sold(0, 7))
    run = bag.dags["millrace_hourly"].test()
    assert (states(run)["build"], states(run)["business_tests"], str(run.state)) == ("success", "success", "success")
    assert mailbox.to("team@example.com") + mailbox.to("operations@example.com") == []


@pytest.mark.proof
def test_the_daily_run_tests_all_rows_and_writes_the_documentation(
    bag: DagBag, warehouse_port: int, mailbox: Mailbox
) -> None:
    load(warehouse_port, card(30), made("m1", 30, 9), sold(29, 7))
    run = bag.dags["millrace_daily"].test()
    assert states(run) == {"conflict_audit": "success", "full_tests": "success", "docs": "success"}
    catalog = json.loads((HOME / "state/millrace_daily/target/catalog.json").read_text())
    assert "model.millrace.fct_orders" in catalog["nodes"]
    assert (HOME / "state/millrace_daily/target/index.html").exists()


def test_a_failed_poll_is_tried_again_and_then_told_to_its_own_people_for_task_and_run(
    bag: DagBag, mailbox: Mailbox
) -> None:
    (HOME / "rates.sh").write_text(f"echo tried >> {HOME}/tries\necho 'no answer from <rates>'\nexit 7\n")
    run = bag.dags["millrace_rates"].test()
    assert states(run) == {"api_poll": "failed"}
    assert (HOME / "tries").read_text() == "tried\ntried\n"
    of_task, of_run = sorted(mailbox.to("rates@example.com"), key=lambda letter: letter.subject)
    assert of_task.subject == "[millrace] api_poll rates: millrace_rates.api_poll"
    assert "The command ended with 7.\nno answer from &lt;rates&gt;" in of_task.body
    assert of_run.subject == "[millrace] run failed: millrace_rates"
    assert len(mailbox.letters) == 2


def test_a_poll_that_works_the_second_time_is_good_and_nobody_is_told(bag: DagBag, mailbox: Mailbox) -> None:
    once = HOME / "once"
    (HOME / "rates.sh").write_text(f"[ -e {once} ] && exit 0\n: > {once}\nexit 1\n")
    run = bag.dags["millrace_rates"].test()
    assert (states(run), str(run.state)) == ({"api_poll": "success"}, "success")
    assert mailbox.letters == []

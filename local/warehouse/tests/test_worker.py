"""The order of effects in the loop: a notice is deleted last, or not at all."""

from __future__ import annotations

import dataclasses
import json
import random
from collections.abc import Callable
from typing import Any

import pytest
from warehouse.pipes.catalog import Pipe
from warehouse.pipes.client import Rows, WarehouseClient, WarehouseUnavailable
from warehouse.pipes.copy_statement import ObjectName
from warehouse.pipes.file_format import FileFormat
from warehouse.pipes.load import Loader, LoadReport
from warehouse.pipes.notices import Notice
from warehouse.pipes.queue import NoticeQueue, QueueMessage
from warehouse.pipes.worker import MOST_FILES_TOGETHER, Worker

TOPIC = "arn:aws:sns:eu-west-1:111111111111:t"
DEFINITION = """copy into D.RAW.{0} from '@D.RAW.EVENTS/{0}/' file_format = (format_name = 'D.RAW.F')
match_by_column_name = case_insensitive include_metadata = (_file = METADATA$FILENAME) on_error = skip_file"""
PARQUET = {
    "TYPE": "PARQUET",
    "COMPRESSION": "AUTO",
    "USE_LOGICAL_TYPE": True,
    "BINARY_AS_TEXT": False,
    "USE_VECTORIZED_SCANNER": True,
    "TRIM_SPACE": False,
    "REPLACE_INVALID_CHARACTERS": False,
    "NULL_IF": [],
}


class Effects(WarehouseClient, NoticeQueue, Loader):
    """Warehouse, queue and loader in memory: writes down what happens to them, in order."""

    def __init__(self, *bodies: str, paused: bool = False) -> None:
        self.happened: list[str] = []
        self.messages = [QueueMessage(body, f"r{number}") for number, body in enumerate(bodies)]
        self.paused = paused
        self.outages = 0
        self.when_empty: Callable[[], None] = lambda: None

    def show(self, statement: str) -> list[dict[str, str | None]]:
        named = {"database_name": "D", "schema_name": "RAW"}
        if "formats" in statement:
            return [named | {"name": "F", "type": "PARQUET", "format_options": json.dumps(PARQUET)}]
        if "stages" in statement:
            return [named | {"name": "EVENTS", "url": "s3://b/events/"}]
        state = "PAUSED" if self.paused else "RUNNING"
        shown = {"kind": "STAGE", "notification_channel": TOPIC, "execution_state": state}
        return [
            named | shown | {"name": f"{table}_PIPE", "definition": DEFINITION.format(table)} for table in ("X", "Y")
        ]

    def run(self, *transactions: Any) -> list[list[Rows]]:
        return [[[] for _ in statements] for statements in transactions]

    def receive(self, wait_seconds: int) -> list[QueueMessage]:
        received, self.messages = self.messages[:10], self.messages[10:]
        # A wait that gives nothing: all that came before is handled.
        if wait_seconds and not received:
            self.when_empty()
        return received

    def delete(self, receipts: list[str]) -> None:
        self.happened.append(f"delete {' '.join(sorted(receipts))}")

    def load(self, pipe: Pipe, notices: list[Notice]) -> LoadReport:
        if self.outages:
            self.outages -= 1
            self.happened.append("outage")
            raise WarehouseUnavailable("restarting")
        self.happened.append(f"load {pipe.table.name}: {' '.join(sorted(notice.key for notice in notices))}")
        return LoadReport(loaded=len(notices))


def body(*keys: str, bucket: str = "b") -> str:
    return json.dumps(
        {
            "Records": [
                {
                    "eventName": "ObjectCreated:Put",
                    "eventTime": "2026-11-21T10:00:00Z",
                    "s3": {"bucket": {"name": bucket}, "object": {"key": key, "size": 1}},
                }
                for key in keys
            ]
        }
    )


def work(effects: Effects, seed: int = 0) -> Worker:
    """Runs the loop until the queue is empty."""
    worker = Worker(effects, effects, effects, TOPIC, random.Random(seed), lambda line: None)
    effects.when_empty = worker.stop
    worker.run()
    return worker


def test_a_notice_is_deleted_after_its_file_is_loaded() -> None:
    effects = Effects(body("events/X/1"))
    work(effects)
    assert effects.happened == ["load X: events/X/1", "delete r0"]


def test_a_message_of_several_files_is_deleted_after_the_last_of_them() -> None:
    effects = Effects(body("events/X/1", "events/Y/2"))
    work(effects)
    assert effects.happened[-1] == "delete r0"
    assert sorted(effects.happened[:2]) == ["load X: events/X/1", "load Y: events/Y/2"]


def test_an_outage_deletes_nothing_and_the_load_is_repeated() -> None:
    effects = Effects(body("events/X/1"))
    effects.outages = 2
    work(effects)
    assert effects.happened == ["outage", "outage", "load X: events/X/1", "delete r0"]


def test_foreign_keys_and_test_events_are_deleted_and_counted() -> None:
    effects = Effects(body("archive/1"), body("events/X/1", bucket="other"), '{"Event": "s3:TestEvent"}')
    worker = work(effects)
    assert effects.happened == ["delete r0 r1 r2"]
    assert worker.counters.foreign == 2
    assert worker.counters.ignored == {"s3:TestEvent": 1}


def test_notices_of_a_paused_pipe_stay_in_the_queue() -> None:
    effects = Effects(body("events/X/1"), body("archive/1"), paused=True)
    worker = work(effects)
    assert effects.happened == ["delete r1"]
    assert worker.counters.paused == 1


def test_files_of_one_pipe_go_together_and_in_no_order() -> None:
    bodies = [body(f"events/X/{number:03}") for number in range(MOST_FILES_TOGETHER + 1)]
    orders = []
    for seed in (1, 2):
        effects = Effects(*bodies)
        work(effects, seed)
        loads = [line for line in effects.happened if line.startswith("load")]
        assert sorted(len(line.split()) - 2 for line in loads) == [1, MOST_FILES_TOGETHER]
        orders.append(effects.happened)
    assert orders[0] != orders[1]


@pytest.mark.parametrize("prefix", ["events/X", "events/X2/"])
def test_a_pipe_takes_only_keys_below_its_prefix(prefix: str) -> None:
    name = ObjectName("D", "RAW", "X_PIPE")
    pipe = Pipe(name, name, "b", "events/X/", FileFormat(parquet=True, compression="auto"), (), paused=False)
    assert not pipe.takes("b", prefix)
    assert pipe.takes("b", "events/X/1")
    assert not dataclasses.replace(pipe, bucket="other").takes("b", "events/X/1")

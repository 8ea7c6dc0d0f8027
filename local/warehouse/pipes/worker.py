"""The loop of the stand-in: receive notices, load files, delete notices."""

from __future__ import annotations

import json
import random
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from functools import partial
from typing import Any

from warehouse.pipes.catalog import Catalog, Pipe, read_catalog
from warehouse.pipes.client import WarehouseClient, WarehouseUnavailable
from warehouse.pipes.copy_statement import PipeDefinitionError
from warehouse.pipes.history import prepare_history
from warehouse.pipes.load import Loader, LoadReport
from warehouse.pipes.notices import Notice, read_message
from warehouse.pipes.queue import FAILURES, NoticeQueue, QueueMessage
from warehouse.pipes.requests import begin_look, end_look, prepare, refreshed, refreshes

MOST_FILES_GATHERED = 200
SECONDS_TO_GATHER = 0.3
"""Files announced within this time go into the same statements: one statement per small file would be many times slower."""

MOST_FILES_TOGETHER = 64
MOST_BYTES_TOGETHER = 64 * 1024 * 1024
SECONDS_BETWEEN_LOOKS = 5.0
"""How old the list of pipes may be when notices come: a pipe may have been paused or resumed."""
SECONDS_BETWEEN_BEATS = 5.0
FIRST_PAUSE = 0.2
LONGEST_PAUSE = 5.0


@dataclass
class Counters:
    """Since the start of the process. The history has what lasts."""

    loaded: int = 0
    failed: int = 0
    met_before: int = 0
    foreign: int = 0
    paused: int = 0
    ignored: dict[str, int] = field(default_factory=dict)

    def ignore(self, reason: str) -> None:
        self.ignored[reason] = self.ignored.get(reason, 0) + 1

    def count(self, report: LoadReport) -> None:
        self.loaded += report.loaded
        self.failed += report.failed
        self.met_before += report.met_before


class Worker:
    def __init__(
        self,
        client: WarehouseClient,
        queue: NoticeQueue,
        loader: Loader,
        topic_arn: str,
        chance: random.Random,
        say: Callable[[dict[str, Any]], None],
    ) -> None:
        self._client = client
        self._queue = queue
        self._loader = loader
        self._topic_arn = topic_arn
        self._chance = chance
        self._say = say
        self._stopping = threading.Event()
        self._catalog = Catalog()
        self._looked_at = 0.0
        self._beat_at = 0.0
        self._beat: dict[str, Any] = {}
        self.counters = Counters()

    def stop(self) -> None:
        """The running statements are finished; what is not loaded by then stays in the queue."""
        self._stopping.set()

    def run(self) -> None:
        self._insist(self._look)
        self._say({"ready": True, "pipes": len(self._catalog.pipes)})
        while not self._stopping.is_set():
            messages = self._gather()
            if messages:
                self._handle(messages)
            elif self._is_old([]):
                # Somebody may wait for a pause to be seen, or for a refresh.
                self._insist(self._look)
            self._heartbeat()

    def _look(self) -> None:
        prepare(self._client)
        begin_look(self._client)
        catalog = read_catalog(self._client, self._topic_arn)
        prepare_history(self._client, {pipe.table.database for pipe in catalog.pipes})
        self._catalog = catalog
        self._looked_at = time.monotonic()
        end_look(self._client)
        for refresh in refreshes(self._client):
            for pipe in catalog.pipes:
                if str(pipe.name) == refresh.pipe and not pipe.paused:
                    self._load(pipe, list(refresh.notices(pipe, self._loader.objects)))
                    refreshed(self._client, refresh)

    def _gather(self) -> list[QueueMessage]:
        messages: list[QueueMessage] = []
        until = None
        while len(messages) < MOST_FILES_GATHERED and not self._stopping.is_set():
            try:
                received = self._queue.receive(wait_seconds=0 if messages else 1)
            except FAILURES as failure:
                self._say({"waiting": f"the queue does not answer: {failure}"})
                self._stopping.wait(FIRST_PAUSE)
                return messages
            messages.extend(received)
            if not messages:
                return messages
            until = until or time.monotonic() + SECONDS_TO_GATHER
            if time.monotonic() > until:
                return messages
            if not received:
                self._stopping.wait(0.05)
        return messages

    def _handle(self, messages: list[QueueMessage]) -> None:
        """Deletes each message once all of its files are loaded or skipped, and none before."""
        read = [(message.receipt, read_message(message.body)) for message in messages]
        if self._is_old([notice for _, message in read for notice in message.notices]) and not self._insist(self._look):
            return
        waiting: dict[str, int] = {}
        by_pipe: dict[Pipe, list[tuple[Notice, str]]] = {}
        for receipt, message in read:
            if message.ignored:
                self.counters.ignore(message.ignored)
            waiting[receipt] = 0
            for notice in message.notices:
                taking = self._catalog.taking(notice.bucket, notice.key)
                if not taking:
                    self.counters.foreign += 1
                for pipe in taking:
                    waiting[receipt] += 1
                    if pipe.paused:
                        # Snowflake keeps the notices of a paused pipe; leaving the message in the queue does the same.
                        self.counters.paused += 1
                    else:
                        by_pipe.setdefault(pipe, []).append((notice, receipt))
        self._delete([receipt for receipt, files in waiting.items() if not files])
        for pipe, together in self._groups(by_pipe):
            if self._stopping.is_set():
                return
            if not self._insist(partial(self._load, pipe, [notice for notice, _ in together])):
                return
            for _, receipt in together:
                waiting[receipt] -= 1
            self._delete(list(dict.fromkeys(receipt for _, receipt in together if not waiting[receipt])))
            self._heartbeat()

    def _load(self, pipe: Pipe, notices: list[Notice]) -> None:
        self.counters.count(self._loader.load(pipe, notices))

    def _is_old(self, notices: list[Notice]) -> bool:
        """Whether the list of pipes must be read again. A released contract makes its pipe before its first file."""
        if time.monotonic() - self._looked_at > SECONDS_BETWEEN_LOOKS:
            return True
        return any(
            self._catalog.on_a_stage(notice.bucket, notice.key) and not self._catalog.taking(notice.bucket, notice.key)
            for notice in notices
        )

    def _groups(self, by_pipe: dict[Pipe, list[tuple[Notice, str]]]) -> Iterator[tuple[Pipe, list[tuple[Notice, str]]]]:
        """Groups of at most so many files and bytes, in no order: Snowpipe promises none, so nothing may depend on one."""
        groups = []
        for pipe, files in by_pipe.items():
            self._chance.shuffle(files)
            group: list[tuple[Notice, str]] = []
            size = 0
            for file in files:
                if group and (len(group) == MOST_FILES_TOGETHER or size + file[0].size > MOST_BYTES_TOGETHER):
                    groups.append((pipe, group))
                    group, size = [], 0
                group.append(file)
                size += file[0].size
            groups.append((pipe, group))
        self._chance.shuffle(groups)
        yield from groups

    def _insist(self, action: Callable[[], None]) -> bool:
        """Repeats the action until the warehouse answers. False when the process is to stop before that."""
        pause = FIRST_PAUSE
        while True:
            try:
                action()
                return True
            except WarehouseUnavailable as unavailable:
                self._say({"waiting": f"the warehouse does not answer: {unavailable}"})
                if self._stopping.wait(pause):
                    return False
                pause = min(pause * 2, LONGEST_PAUSE)

    def _delete(self, receipts: list[str]) -> None:
        if receipts:
            try:
                self._queue.delete(receipts)
            except FAILURES as failure:
                # The notices come again and the history knows their paths.
                self._say({"waiting": f"the queue does not answer: {failure}"})

    def _heartbeat(self) -> None:
        now = time.monotonic()
        beat = {"pipes": len(self._catalog.pipes), **asdict(self.counters)}
        if now - self._beat_at > SECONDS_BETWEEN_BEATS and beat != self._beat:
            self._beat_at, self._beat = now, beat
            self._say({"heartbeat": True, **beat})


def run_pipes(
    warehouse_port: int,
    aws_endpoint: str,
    topic_arn: str,
    objects: str,
    seed: int,
    share_in_halves: float,
    now: Callable[[], Any],
    say: Callable[[dict[str, Any]], None],
) -> int:
    """Runs until SIGTERM or SIGINT. Exit code 2 for a pipe that cannot be followed."""
    account = topic_arn.split(":")[4]
    chance = random.Random(seed)
    client = WarehouseClient(warehouse_port)
    loader = Loader(client, f"{objects}/{account}", now, lambda: chance.random() < share_in_halves)
    try:
        queue = NoticeQueue.subscribed(aws_endpoint, topic_arn)
    except FAILURES as failure:
        print(f"The pipes cannot subscribe to {topic_arn} at {aws_endpoint}: {failure}", file=sys.stderr)
        return 2
    worker = Worker(client, queue, loader, topic_arn, chance, say)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: worker.stop())
    try:
        worker.run()
    except PipeDefinitionError as error:
        print(str(error), file=sys.stderr)
        return 2
    say({"stopped": True, **asdict(worker.counters)})
    return 0


def say_json(line: dict[str, Any]) -> None:
    print(json.dumps(line), flush=True)

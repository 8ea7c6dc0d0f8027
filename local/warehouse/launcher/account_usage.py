"""SNOWFLAKE.ACCOUNT_USAGE.QUERY_HISTORY: the statements of sessions with a query tag, as an account keeps them of all."""

from __future__ import annotations

import datetime
import re
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from fakesnow.cursor import FakeSnowflakeCursor

from warehouse.launcher.patching import Patcher
from warehouse.launcher.statements import COMMENTS
from warehouse.launcher.store import ACCOUNT_DATABASE, FileStore

# dbt puts a comment behind its statements.
TAG = re.compile(
    rf"{COMMENTS}alter\s+session\s+(?:set\s+query_tag\s*=\s*'(?P<tag>(?:[^']|'')*)'|unset\s+query_tag\b)",
    re.IGNORECASE | re.DOTALL,
)
MOST_WAITING = 200
"""Statements that wait to be written together: a transaction each would cost as much as the statement itself."""


@dataclass(frozen=True)
class TaggedStatement:
    query_id: str
    tag: str
    database: str | None
    succeeded: bool
    started_at: datetime.datetime
    milliseconds: int


class StatementLog:
    """Statements of sessions with a query tag, written when enough of them wait or when somebody without a tag asks."""

    def __init__(self) -> None:
        self._waiting: list[TaggedStatement] = []
        self._lock = threading.Lock()

    def add(self, statement: TaggedStatement) -> bool:
        """Whether so many wait that they should be written."""
        with self._lock:
            self._waiting.append(statement)
            return len(self._waiting) >= MOST_WAITING

    def write(self, duck_conn: Any) -> None:
        with self._lock:
            statements, self._waiting = self._waiting, []
        if not statements:
            return
        columns = [
            [each.query_id for each in statements],
            [each.tag for each in statements],
            [each.database for each in statements],
            ["SUCCESS" if each.succeeded else "FAIL" for each in statements],
            [each.started_at for each in statements],
            [each.milliseconds for each in statements],
        ]
        # An own cursor: the session may be in a transaction that has written another database.
        with duck_conn.cursor() as cursor:
            cursor.execute(
                f"insert into {ACCOUNT_DATABASE}.ACCOUNT_USAGE.QUERY_HISTORY"
                " (QUERY_ID, QUERY_TAG, DATABASE_NAME, EXECUTION_STATUS, START_TIME, TOTAL_ELAPSED_TIME)"
                " select unnest(?), unnest(?), unnest(?::varchar[]), unnest(?), unnest(?), unnest(?)",
                columns,
            )


def statements_by_tag(patcher: Patcher) -> None:
    """fakesnow forgets query tags, so nobody could say which model took the time."""
    log = StatementLog()
    execute = FakeSnowflakeCursor.execute

    def execute_and_note(self: Any, command: str, *args: Any, **kwargs: Any) -> Any:
        connection = self._conn
        if match := TAG.match(command):
            connection.query_tag = match["tag"].replace("''", "'") if match["tag"] else None
            return execute(self, command, *args, **kwargs)
        tag = getattr(connection, "query_tag", None)
        if tag is None:
            log.write(self._duck_conn)
            return execute(self, command, *args, **kwargs)
        started_at, started = datetime.datetime.now(datetime.UTC), time.perf_counter()
        succeeded = False
        try:
            result = execute(self, command, *args, **kwargs)
            succeeded = True
            return result
        finally:
            milliseconds = round((time.perf_counter() - started) * 1000)
            statement = TaggedStatement(str(self.sfqid), tag, connection.database, succeeded, started_at, milliseconds)
            if log.add(statement):
                log.write(self._duck_conn)

    patcher.replace(FakeSnowflakeCursor, "execute", execute_and_note)
    checkpoint: Callable[[FileStore], None] = FileStore.checkpoint

    def write_and_checkpoint(self: FileStore) -> None:
        log.write(self.duck_conn)
        checkpoint(self)

    patcher.replace(FileStore, "checkpoint", write_and_checkpoint)

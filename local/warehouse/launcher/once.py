"""Patches that do once what fakesnow does twice for each statement. They change no answer, only what a laptop waits for."""

from __future__ import annotations

from collections import OrderedDict
from typing import Any

import fakesnow.cursor as fakesnow_cursor
import fakesnow.server as fakesnow_server
from fakesnow.cursor import FakeSnowflakeCursor

from warehouse.launcher.patching import Patcher

STATEMENTS_BETWEEN = 16
"""Parsed statements that wait for their execution: one per client that sends at this moment."""


def parsed_once(patcher: Patcher) -> None:
    """fakesnow's server parses a statement for its kind, and its cursor parses the same text again.

    The server is done with the tree when the cursor begins, so the cursor may take it and change it.
    """
    parse = fakesnow_cursor.parse_one
    waiting: OrderedDict[str, Any] = OrderedDict()

    def parse_first(sql: str) -> Any:
        expression = waiting[sql] = parse(sql)
        while len(waiting) > STATEMENTS_BETWEEN:
            waiting.popitem(last=False)
        return expression

    def take_or_parse(sql: str) -> Any:
        expression = waiting.pop(sql, None)
        return parse(sql) if expression is None else expression

    patcher.replace(fakesnow_server, "parse_one", parse_first)
    patcher.replace(fakesnow_cursor, "parse_one", take_or_parse)


def described_by_the_result(patcher: Patcher) -> None:
    """fakesnow learns a result's columns by a DESCRIBE of the statement: that parses and plans it again.

    DuckDB has told the same names and types with the result.
    """
    execute = FakeSnowflakeCursor._execute  # noqa: SLF001
    describe = FakeSnowflakeCursor._describe_last_sql  # noqa: SLF001

    def execute_and_remember(self: Any, transformed: Any, *args: Any, **kwargs: Any) -> None:
        self.described = None
        execute(self, transformed, *args, **kwargs)
        # RESULT_SCAN runs nothing: what DuckDB would tell is about another statement.
        if not transformed.args.get("result_scan_sfqid"):
            self.described = [
                (column[0], str(column[1]), "YES", None, None, None) for column in self._duck_conn.description
            ]

    def remembered_or_described(self: Any) -> list[Any]:
        return describe(self) if getattr(self, "described", None) is None else self.described

    patcher.replace(FakeSnowflakeCursor, "_execute", execute_and_remember)
    patcher.replace(FakeSnowflakeCursor, "_describe_last_sql", remembered_or_described)

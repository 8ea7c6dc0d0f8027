"""Items of DynamoDB in a journal, from before their writer is answered.

MiniStack keeps items in memory and writes them when it is stopped in order, or asked to. DynamoDB itself never loses one it has
accepted, and data keys of persons live there: a lost one erases its person. So every request that changes items appends one line
to a journal, with what each of them is now, before it is answered; a transaction is one line and so there as a whole or not at
all. A table that is there again begins with what the journal says of it.
"""

from __future__ import annotations

import contextvars
import copy
import json
import os
import threading
from collections import defaultdict
from pathlib import Path
from typing import Any

import ministack.core.persistence as persistence
import ministack.services.dynamodb as dynamodb
from ministack.core.responses import AccountRegionScopedDict

Table = dict[str, Any]
Item = dict[str, Any]
Items = dict[str, dict[str, Item]]
"""By partition key and sort key, as MiniStack has them."""


class Journal:
    """What items are, line by line: [[table's ARN, partition key, sort key, item or null], ...] or {"gone": table's ARN}."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._lock = threading.Lock()
        self._tables: dict[str, Items] = {}
        """What the journal said when it was opened; later a table's own items are the truth."""
        self._read()
        self._compact()

    def known(self, table: Table) -> Items | None:
        """The items of a table as they were left; None for one that the journal has not met."""
        return self._tables.get(table["TableArn"])

    def write(self, changed: list[tuple[Table, str, str]]) -> None:
        """Appends what these items are now. Looked at under the lock: of two writers of one item the later line is the later state."""
        with self._lock:
            lines = [[table["TableArn"], pk, sk, table["items"].get(pk, {}).get(sk)] for table, pk, sk in changed]
            self._append(lines)

    def forget(self, table: Table) -> None:
        with self._lock:
            self._tables.pop(table["TableArn"], None)
            self._append({"gone": table["TableArn"]})

    def clear(self) -> None:
        with self._lock:
            self._tables.clear()
            self._file.write_text("")

    def _append(self, line: Any) -> None:
        with self._file.open("a") as journal:
            journal.write(_json(line) + "\n")

    def _read(self) -> None:
        if not self._file.exists():
            return
        for line in self._file.read_text().splitlines(keepends=True):
            # a kill may cut the last one, whose writer was never answered
            if line.endswith("\n"):
                self._apply(json.loads(line, object_hook=persistence._json_object_hook))  # noqa: SLF001

    def _apply(self, line: Any) -> None:
        if isinstance(line, dict):
            self._tables.pop(line["gone"], None)
            return
        for arn, pk, sk, item in line:
            items = self._tables.setdefault(arn, defaultdict(dict))
            if item is not None:
                items[pk][sk] = item
            elif items[pk].pop(sk, None) is None or not items[pk]:
                items.pop(pk)

    def _compact(self) -> None:
        """Every start begins with a line per item; whole or absent."""
        self._file.parent.mkdir(parents=True, exist_ok=True)
        half = self._file.with_suffix(".half")
        with half.open("w") as journal:
            for arn, items in self._tables.items():
                for pk, partition in items.items():
                    for sk, item in partition.items():
                        journal.write(_json([[arn, pk, sk, item]]) + "\n")
        os.replace(half, self._file)


def _json(value: Any) -> str:
    return json.dumps(value, default=persistence._json_default)  # noqa: SLF001


class DurableTable(dict[str, Any]):
    """A table whose items may be replaced as a whole too, as a restored backup and a refused transaction do."""

    def __init__(self, journal: Journal, table: Table) -> None:
        super().__init__(table)
        self._journal = journal

    def __setitem__(self, name: str, value: Any) -> None:
        if name != "items":
            super().__setitem__(name, value)
            return
        before = self["items"]
        super().__setitem__(name, value)
        keys = {(pk, sk) for items in (before, value) for pk, partition in items.items() for sk in partition}
        self._journal.write([(self, pk, sk) for pk, sk in sorted(keys)])

    def __deepcopy__(self, memo: dict[int, Any]) -> Table:
        return {name: copy.deepcopy(value, memo) for name, value in self.items()}


class Tables(AccountRegionScopedDict):
    """MiniStack's tables; each one that is put into it gets its items back."""

    __slots__ = ("_journal",)

    def __init__(self, journal: Journal) -> None:
        super().__init__()
        self._journal = journal

    def __setitem__(self, name: str, table: Table) -> None:
        super().__setitem__(name, self._with_items(table))

    def set_scoped(self, account_id: str, region: str, name: str, table: Table) -> None:
        super().set_scoped(account_id, region, name, self._with_items(table))

    def update(self, other: Any) -> None:
        super().update(other)
        for key, table in self._data.items():
            self._data[key] = self._with_items(table)

    def pop(self, name: str, *default: Any) -> Any:
        return self._gone(super().pop(name, *default))

    def pop_scoped(self, account_id: str, region: str, name: str, *default: Any) -> Any:
        return self._gone(super().pop_scoped(account_id, region, name, *default))

    def __delitem__(self, name: str) -> None:
        self.pop(name)

    def clear(self) -> None:
        super().clear()
        self._journal.clear()

    def _with_items(self, table: Table) -> DurableTable:
        if isinstance(table, DurableTable):
            return table
        durable = DurableTable(self._journal, table)
        # The journal is the truth: a state that MiniStack saved may be older.
        known = self._journal.known(table)
        durable["items"] = table["items"] if known is None else known
        dynamodb._items_replaced(durable)  # noqa: SLF001
        return durable

    def _gone(self, table: Any) -> Any:
        if isinstance(table, dict):
            self._journal.forget(table)
        return table


def keep_items_in(folder: Path) -> None:
    """To be called before MiniStack starts: all of its ways to change an item go through the two functions replaced here.

    An upgrade that brings another way fails in local/emulator/tests.
    """
    journal = Journal(folder / "items.jsonl")
    changed: contextvars.ContextVar[list[tuple[Table, str, str]] | None] = contextvars.ContextVar(
        "changed", default=None
    )

    def remembering(change: Any) -> Any:
        def changed_item(table: Table, pk: str, sk: str, *item: Item) -> Any:
            old = change(table, pk, sk, *item)
            of_request = changed.get()
            if of_request is None:  # nobody waits for an answer, as when an item's time to live is over
                journal.write([(table, pk, sk)])
            else:
                of_request.append((table, pk, sk))
            return old

        return changed_item

    handle_request = dynamodb.handle_request

    async def handle_and_write(*request: Any) -> Any:
        of_request: list[tuple[Table, str, str]] = []
        token = changed.set(of_request)
        try:
            return await handle_request(*request)
        finally:
            changed.reset(token)
            if of_request:
                journal.write(of_request)

    dynamodb._set_item = remembering(dynamodb._set_item)  # noqa: SLF001
    dynamodb._remove_item = remembering(dynamodb._remove_item)  # noqa: SLF001
    dynamodb.handle_request = handle_and_write
    dynamodb._tables = Tables(journal)  # noqa: SLF001

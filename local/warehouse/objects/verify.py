"""Golden files loaded through real pipes into tables of their own, and every value compared with what was written.

The tables have the columns that the migrations give the raw ones, without policies and tags: who compares must see values.
Nothing of it lies in RAW, and no pipe of RAW takes a file below `events/verify/`.
"""

from __future__ import annotations

import base64
import datetime
import json
import math
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from warehouse.objects.present import Questions
from warehouse.objects.sql import literal
from warehouse.objects.state import State

SCHEMA = "VERIFY"
SECONDS_BETWEEN_LOOKS = 0.5


class VerifyError(Exception):
    """The verification cannot be made. The message says why."""


@dataclass(frozen=True)
class GoldenFile:
    """A file and the rows in it: `rows` as the JSON lines of the writer, one object each, by column name."""

    type: str
    table: str
    format: str
    file_format: str
    prefix: str
    key: str
    rows: list[dict[str, Any]]

    @property
    def name(self) -> str:
        return f"{self.table}__{self.format}".upper()


def read_golden(folder: Path) -> list[GoldenFile]:
    """What `manifest.json` of the folder lists: type, table, format, file_format, prefix, key, and `expected`, a file of JSON lines."""
    manifest = json.loads((folder / "manifest.json").read_text())
    return [
        GoldenFile(
            each["type"],
            each["table"],
            each["format"],
            each["file_format"],
            each["prefix"],
            each["key"],
            # Not splitlines: it takes more than line feeds for the end of a line, and texts have such signs.
            [json.loads(line) for line in (folder / each["expected"]).read_bytes().split(b"\n") if line],
        )
        for each in manifest
    ]


class Verification:
    def __init__(
        self, questions: Questions, code: State, database: str, topic_arn: str, files: list[GoldenFile]
    ) -> None:
        self._questions = questions
        self._code = code
        self._database = database
        self._topic_arn = topic_arn
        self._files = files

    def prepare(self) -> None:
        """Empty tables and their pipes. What an earlier verification left goes first."""
        self.clean()
        self._questions.ask(
            f"create schema {self._database}.{SCHEMA} comment = 'Golden files: see ./millrace snowflake verify'"
        )
        for file in self._files:
            self._questions.ask(
                f"create table {self._table(file)} ({', '.join(f'{name} {kind}' for name, kind in self._columns(file).items())})"
            )
            self._questions.ask(
                f"create pipe {self._table(file)}_PIPE auto_ingest = TRUE aws_sns_topic = {literal(self._topic_arn)}"
                f" comment = {literal(file.type)} as copy into {self._table(file)}"
                f" from '@{self._database}.RAW.EVENTS/{file.prefix.removeprefix('events/')}'"
                f" file_format = (format_name = '{self._database}.RAW.{file.file_format}')"
                " match_by_column_name = CASE_INSENSITIVE include_metadata = (_file = METADATA$FILENAME,"
                " _file_row = METADATA$FILE_ROW_NUMBER, _loaded_at = METADATA$START_SCAN_TIME) on_error = SKIP_FILE"
            )

    def clean(self) -> None:
        for file in self._files:
            self._questions.ask(f"drop pipe if exists {self._table(file)}_PIPE")
        self._questions.ask(f"drop schema if exists {self._database}.{SCHEMA} cascade")

    def compare(
        self, patience: float, say: Callable[[str], None], clock: Callable[[], float], sleep: Callable[[float], None]
    ) -> list[str]:
        """A sentence for each value that is not what was written, each file that was not loaded; empty when all is well."""
        self._wait(patience, say, clock, sleep)
        found = []
        for file in self._files:
            columns = self._columns(file)
            loaded = self._questions.ask(f"select * from {self._table(file)} order by _batch_row")
            if len(loaded) != len(file.rows):
                found.append(
                    f"{file.type}, {file.format}: {len(loaded)} rows were loaded, the file has {len(file.rows)}."
                )
                continue
            for number, (row, written) in enumerate(zip(loaded, file.rows, strict=True)):
                found += self._row(file, number, columns, row, written)
            say(f"{file.type}, {file.format}: {len(loaded)} rows of {len(columns)} columns compared")
        return found

    def _row(
        self, file: GoldenFile, number: int, columns: dict[str, str], row: dict[str, Any], written: dict[str, Any]
    ) -> list[str]:
        place = f"{file.type}, {file.format}, row {number}"
        found = [
            f"{place}: the file has {name}, the table does not." for name in written if name.lower() not in columns
        ]
        for name, kind in columns.items():
            if name in ("_file_row", "_loaded_at"):
                continue
            want = file.key if name == "_file" else expected(kind, written.get(name))
            got = actual(kind, row[name])
            if not same(got, want):
                found.append(f"{place}, {name}: loaded {got!r}, written {want!r}.")
        if row["_file_row"] != number + 1:
            found.append(f"{place}, _file_row: loaded {row['_file_row']}.")
        return found

    def _wait(
        self, patience: float, say: Callable[[str], None], clock: Callable[[], float], sleep: Callable[[float], None]
    ) -> None:
        end = clock() + patience
        left = list(self._files)
        while left and clock() < end:
            left = [file for file in left if self._count(file) < len(file.rows)]
            if left:
                say(f"waiting for {len(left)} of {len(self._files)} files")
                sleep(SECONDS_BETWEEN_LOOKS)

    def _count(self, file: GoldenFile) -> int:
        return int(self._questions.ask(f"select count(*) as number from {self._table(file)}")[0]["number"])

    def _table(self, file: GoldenFile) -> str:
        return f"{self._database}.{SCHEMA}.{file.name}"

    def _columns(self, file: GoldenFile) -> dict[str, str]:
        key = ("TABLE", f"{self._database}.RAW.{file.table.upper()}")
        if key not in self._code.objects:
            raise VerifyError(f"no migration makes RAW.{file.table.upper()}: run ./millrace contract migrate")
        return {option[7:].lower(): kind for option, kind in self._code.objects[key].items()}


def expected(kind: str, value: Any) -> Any:
    """What a column of this type has to hold for a value of the JSON lines."""
    if value is None:
        return None
    kind = kind.split("(")[0].split(" ")[0]
    if kind == "timestamp_ntz":
        return datetime.datetime.fromisoformat(value).astimezone(datetime.UTC).replace(tzinfo=None)
    if kind == "binary":
        return base64.b64decode(value)
    if kind == "float":
        return float(value)
    return value


def actual(kind: str, value: Any) -> Any:
    """What the connector gave, in the same form."""
    if value is None:
        return None
    kind = kind.split("(")[0].split(" ")[0]
    if kind == "variant":
        return json.loads(value)
    if kind == "binary":
        return bytes(value)
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else value
    if isinstance(value, datetime.datetime) and value.tzinfo is not None:
        return value.astimezone(datetime.UTC).replace(tzinfo=None)
    return value


def same(got: Any, want: Any) -> bool:
    """Equal in value and in kind: 1 is not true, and not-a-number equals itself."""
    if isinstance(got, float) and isinstance(want, float) and math.isnan(got) and math.isnan(want):
        return True
    if isinstance(got, dict) and isinstance(want, dict):
        return got.keys() == want.keys() and all(same(got[key], want[key]) for key in got)
    if isinstance(got, list) and isinstance(want, list):
        return len(got) == len(want) and all(map(same, got, want))
    return isinstance(got, bool) == isinstance(want, bool) and got == want

"""Loads a group of files of one pipe: each file whole or not at all, and each path once in 14 days."""

from __future__ import annotations

import datetime
import os
from collections.abc import Callable
from dataclasses import dataclass

from warehouse.pipes.catalog import Pipe
from warehouse.pipes.client import Statement, StatementRefused, Transaction, WarehouseClient, WarehouseUnavailable
from warehouse.pipes.column_types import literal, quoted
from warehouse.pipes.copy_statement import PipeDefinitionError
from warehouse.pipes.files import PATH, Files, FilesRefused, NdjsonFiles, ParquetFiles, TargetColumn
from warehouse.pipes.history import LOADING, HistoryTable, text
from warehouse.pipes.notices import Notice

HALF = "_millrace_half"
FILES_IN_HALVES = 4
"""Of a group, because rows that wait for their second transaction are held in a temporary table."""

ENVIRONMENT = frozenset(
    {"OutOfMemoryException", "FatalException", "InternalException", "InterruptException", "TransactionException"}
)
"""What the engine reports when the machine is at fault and not the file: try again, never skip a file for it."""


@dataclass
class LoadReport:
    """What became of the files of one call."""

    loaded: int = 0
    failed: int = 0
    met_before: int = 0

    def add(self, other: LoadReport) -> None:
        self.loaded += other.loaded
        self.failed += other.failed
        self.met_before += other.met_before


@dataclass(frozen=True)
class Loader:
    client: WarehouseClient
    objects: str
    """Folder of the account's buckets."""
    now: Callable[[], datetime.datetime]
    in_halves: Callable[[], bool]
    """Whether some files of the next group become visible in two transactions."""

    def load(self, pipe: Pipe, notices: list[Notice]) -> LoadReport:
        """Raises WarehouseUnavailable when it must be called again; what was loaded by then is not loaded twice."""
        history = HistoryTable(pipe.table.database)
        started_at = self.now()
        by_key = {notice.key: notice for notice in notices}
        [[columns, met]] = self.client.run([_columns(pipe), history.met(pipe.name, list(by_key), started_at)])
        if not columns:
            raise PipeDefinitionError(f"Pipe {pipe.name} loads into {pipe.table}, which does not exist.")
        begun = [key for key, status in met if status == LOADING]
        if begun:
            self.client.run(history.forget_begun(pipe.name, pipe.table, _file_column(pipe), begun))
        done = {key for key, status in met if status != LOADING}
        fresh = [notice for key, notice in by_key.items() if key not in done]
        report = LoadReport(met_before=len(by_key) - len(fresh))
        work = _Work(self, pipe, history, [TargetColumn(*column) for column in columns], started_at)
        if fresh and self.in_halves():
            report.add(work.load(fresh[:FILES_IN_HALVES], in_halves=True))
            fresh = fresh[FILES_IN_HALVES:]
        if fresh:
            report.add(work.load(fresh))
        return report


@dataclass(frozen=True)
class _Work:
    """One call's group, with what is known of its table."""

    loader: Loader
    pipe: Pipe
    history: HistoryTable
    columns: list[TargetColumn]
    started_at: datetime.datetime

    def load(self, notices: list[Notice], in_halves: bool = False) -> LoadReport:
        """All in one statement, which is fast; when that fails, file by file to find the bad ones."""
        try:
            self._load_together(notices, in_halves)
            return LoadReport(loaded=len(notices))
        except (FilesRefused, StatementRefused) as error:
            if isinstance(error, StatementRefused) and (error.kind in ENVIRONMENT or "No space left" in error.message):
                raise WarehouseUnavailable(error.first_line()) from error
            if len(notices) > 1:
                # By halves: with one bad file among many, most are still loaded by few statements.
                middle = len(notices) // 2
                report = self.load(notices[:middle], in_halves)
                report.add(self.load(notices[middle:], in_halves))
                return report
            reason = error.first_line() if isinstance(error, StatementRefused) else str(error)
            self._skip(notices[0], reason)
            return LoadReport(failed=1)

    def _skip(self, notice: Notice, reason: str) -> None:
        self.loader.client.run(
            [
                self.history.failed(
                    self.pipe.name, self.pipe.table, notice.key, notice.size, reason, notice.at, self.started_at
                )
            ]
        )

    def _load_together(self, notices: list[Notice], in_halves: bool) -> None:
        root = os.path.join(self.loader.objects, self.pipe.bucket) + os.sep
        paths = tuple(root + notice.key for notice in notices)
        for path in paths:
            if not os.path.isfile(path):
                raise FilesRefused("the file does not exist")
        files: Files = (
            ParquetFiles(paths)
            if self.pipe.file_format.parquet
            else NdjsonFiles(paths, self.pipe.file_format.compression)
        )
        [[described]] = self.loader.client.run([Statement(files.describe())])
        names, select = self._selection(files, files.values(self.columns, described), len(root))
        rows = [(n.key, path, os.path.getsize(path), n.at) for n, path in zip(notices, paths, strict=True)]
        begun = self.history.begun(self.pipe.name, self.pipe.table, rows, files.rows_by_path(), self.started_at)
        finished = self.history.finished(self.pipe.name, [notice.key for notice in notices])
        into = f"INSERT INTO {self.pipe.table.quoted()} ({', '.join(map(quoted, names))})"
        if in_halves:
            transactions = self._halves(names, select, into, begun, finished)
        else:
            transactions = [[Statement(f"{into} {select}"), begun, finished]]
        try:
            self.loader.client.run(*transactions)
        except StatementRefused as error:
            if error.transaction == 0:
                raise
            # The rows were checked by the first transaction, so the file is not to blame for the second.
            raise WarehouseUnavailable(error.first_line()) from error

    def _halves(
        self, names: list[str], select: str, into: str, begun: Statement, finished: Statement
    ) -> list[Transaction]:
        """Every other row first. The first transaction has checked all rows, so what is visible belongs to files that load whole."""
        types = {column.name: column for column in self.columns}
        declared = ", ".join(
            f"{quoted(name)} {types[name].type}{'' if types[name].nullable else ' NOT NULL'}" for name in names
        )
        chosen = ", ".join(map(quoted, names))
        return [
            [
                Statement(f"CREATE TEMP TABLE {HALF} ({declared})"),
                Statement(f"INSERT INTO {HALF} {select}"),
                Statement(f"{into} SELECT {chosen} FROM {HALF} WHERE rowid % 2 = 0"),
                begun,
            ],
            [
                Statement(f"{into} SELECT {chosen} FROM {HALF} WHERE rowid % 2 = 1"),
                finished,
                Statement(f"DROP TABLE {HALF}"),
            ],
        ]

    def _selection(self, files: Files, values: dict[str, str], root_length: int) -> tuple[list[str], str]:
        """Columns of the table and the SELECT that fills them. A column that no file has stays NULL."""
        metadata = {
            # As METADATA$FILENAME: the key, without the bucket.
            "FILENAME": f"substr(f.{PATH}, {root_length + 1})",
            "FILE_ROW_NUMBER": files.row_number(),
            "START_SCAN_TIME": f"TIMESTAMP {literal(text(self.started_at))}",
        }
        names = {column.name.upper(): column.name for column in self.columns}
        filled = dict(values)
        for column, what in self.pipe.metadata:
            if column.upper() not in names:
                raise PipeDefinitionError(
                    f"Pipe {self.pipe.name} fills {column}, which {self.pipe.table} does not have."
                )
            filled[names[column.upper()]] = metadata[what]
        missing = [c.name for c in self.columns if not c.nullable and c.name not in filled]
        if missing:
            raise FilesRefused(f"NULL result in a non-nullable column: the file has no {', '.join(missing)}")
        items = ", ".join(f"{expression} AS {quoted(name)}" for name, expression in filled.items())
        return list(filled), f"SELECT {items} FROM {files.source()} AS f"


def _columns(pipe: Pipe) -> Statement:
    return Statement(
        """
        SELECT column_name, data_type, is_nullable FROM duckdb_columns()
        WHERE database_name = ? AND schema_name = ? AND table_name = ? ORDER BY column_index
        """,
        (pipe.table.database, pipe.table.schema, pipe.table.name),
    )


def _file_column(pipe: Pipe) -> str:
    for column, what in pipe.metadata:
        if what == "FILENAME":
            return column
    raise PipeDefinitionError(
        f"Pipe {pipe.name} does not include METADATA$FILENAME: an interrupted load could not be taken back."
    )

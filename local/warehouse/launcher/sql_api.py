"""The part of Snowflake's SQL API that the command line needs: one statement in, values as strings out, large results in parts."""

from __future__ import annotations

import datetime
import decimal
import threading
import uuid
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
import snowflake.connector.errors as snowflake_errors
from fakesnow.instance import FakeSnow
from fakesnow.rowtype import ColumnInfo, describe_as_rowtype
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

ROWS_PER_PARTITION = 10_000
MOST_HANDLES = 16
"""Results of which later partitions can still be asked for. A client that reads on takes them at once."""

EPOCH_DAY = datetime.date(1970, 1, 1)
EPOCH = datetime.datetime(1970, 1, 1)
SUCCEEDED = {"code": "090001", "message": "Statement executed successfully."}
DML_COLUMN = "number of "


@dataclass(frozen=True)
class Result:
    handle: str
    columns: list[ColumnInfo]
    table: pa.Table

    def partitions(self) -> int:
        return max(1, -(-self.table.num_rows // ROWS_PER_PARTITION))

    def rows(self, partition: int) -> list[list[str | None]]:
        part = self.table.slice(partition * ROWS_PER_PARTITION, ROWS_PER_PARTITION)
        columns = [
            [None if value is None else text(value) for value in column.to_pylist()]
            for column, text in zip(part.columns, map(_text_of, self.columns), strict=True)
        ]
        return [list(row) for row in zip(*columns, strict=True)]


class SqlApi:
    """POST /api/v2/statements and GET /api/v2/statements/{handle}?partition=N."""

    def __init__(self, store: FakeSnow) -> None:
        self._store = store
        self._results: OrderedDict[str, Result] = OrderedDict()
        self._lock = threading.Lock()

    def routes(self) -> list[Route]:
        return [
            Route("/api/v2/statements", self.submit, methods=["POST"]),
            Route("/api/v2/statements/{handle}", self.partition, methods=["GET"]),
        ]

    async def submit(self, request: Request) -> JSONResponse:
        try:
            body = await request.json()
            statement = body["statement"]
        except (ValueError, KeyError, TypeError):
            return _refused(400, "391902", "The body must be JSON with a statement.")
        try:
            result = await run_in_threadpool(self._run, statement, body.get("database"), body.get("schema"))
        except snowflake_errors.Error as error:
            code = f"{error.errno:06d}" if error.errno and error.errno > 0 else "000000"
            return _refused(422, code, str(error.raw_msg or error.msg), error.sqlstate or "")
        except Exception as error:
            return _refused(422, "261000", f"{type(error).__name__}: {error}")
        return JSONResponse(self._first_answer(result))

    async def partition(self, request: Request) -> JSONResponse:
        handle = request.path_params["handle"]
        with self._lock:
            result = self._results.get(handle)
        if result is None:
            return _refused(404, "390403", f"No result is kept for the handle {handle}.")
        number = request.query_params.get("partition", "0")
        if not number.isdigit() or int(number) >= result.partitions():
            return _refused(422, "391919", f"The result has no partition {number}.")
        return JSONResponse({"data": await run_in_threadpool(result.rows, int(number))})

    def _run(self, statement: str, database: str | None, schema: str | None) -> Result:
        connection = self._store.connect(database, schema)
        try:
            cursor = connection.cursor()
            cursor.execute(statement)
            columns = describe_as_rowtype(cursor._describe_last_sql())  # noqa: SLF001
            table = cursor._arrow_table  # noqa: SLF001
            # The cache of results serves RESULT_SCAN in the same session, which ends here.
            self._store.results_cache.pop(cursor.sfqid, None)
            return Result(str(uuid.uuid4()), columns, table)
        finally:
            connection.close()

    def _first_answer(self, result: Result) -> dict[str, Any]:
        if result.partitions() > 1:
            with self._lock:
                self._results[result.handle] = result
                while len(self._results) > MOST_HANDLES:
                    self._results.popitem(last=False)
        table = result.table
        answer = {
            **SUCCEEDED,
            "statementHandle": result.handle,
            "sqlState": "00000",
            "resultSetMetaData": {
                "numRows": table.num_rows,
                "format": "jsonv2",
                "rowType": [
                    {name: column[name] for name in ("name", "type", "nullable", "length", "precision", "scale")}
                    for column in result.columns
                ],
                "partitionInfo": [
                    {"rowCount": min(ROWS_PER_PARTITION, table.num_rows - start)}
                    for start in range(0, max(1, table.num_rows), ROWS_PER_PARTITION)
                ],
            },
            "data": result.rows(0),
        }
        names = [column["name"] for column in result.columns]
        if table.num_rows == 1 and names and all(name.startswith(DML_COLUMN) for name in names):
            counts = dict(zip(names, (column[0].as_py() for column in table.columns), strict=True))
            answer["stats"] = {
                "numRowsInserted": int(counts.get("number of rows inserted", 0)),
                "numRowsUpdated": int(counts.get("number of rows updated", 0)),
                "numRowsDeleted": int(counts.get("number of rows deleted", 0)),
            }
        return answer


def _refused(status: int, code: str, message: str, sql_state: str = "") -> JSONResponse:
    return JSONResponse(
        {"code": code, "message": message, "sqlState": sql_state, "statementHandle": str(uuid.uuid4())},
        status_code=status,
    )


def _text_of(column: ColumnInfo) -> Callable[[Any], str]:
    """How a value of this column is written, as Snowflake's SQL API writes it."""
    return _TEXTS.get(column["type"], str)


def _fixed(value: Any) -> str:
    return (
        format(value, "f") if isinstance(value, decimal.Decimal) else str(int(value) if value == int(value) else value)
    )


def _seconds(value: datetime.datetime) -> str:
    elapsed = value.replace(tzinfo=None) - EPOCH
    microseconds = (elapsed.days * 86_400 + elapsed.seconds) * 1_000_000 + elapsed.microseconds
    sign, microseconds = ("-", -microseconds) if microseconds < 0 else ("", microseconds)
    return f"{sign}{microseconds // 1_000_000}.{microseconds % 1_000_000:06d}000"


def _time(value: datetime.time) -> str:
    seconds = value.hour * 3600 + value.minute * 60 + value.second
    return f"{seconds}.{value.microsecond:06d}000"


_TEXTS: dict[str, Callable[[Any], str]] = {
    "fixed": _fixed,
    "real": repr,
    "boolean": lambda value: "true" if value else "false",
    "date": lambda value: str((value - EPOCH_DAY).days),
    "time": _time,
    "timestamp_ntz": _seconds,
    "timestamp_ltz": _seconds,
    # The zone is given in minutes, 1440 being UTC, which is the only one here.
    "timestamp_tz": lambda value: f"{_seconds(value)} 1440",
    "binary": lambda value: value.hex().upper(),
}

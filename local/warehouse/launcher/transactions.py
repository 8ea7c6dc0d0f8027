"""The load's door: DuckDB statements in transactions.

Snowpipe loads inside Snowflake, not through its protocol, and its stand-in does the same: reading files, inserting rows and
marking the load history is one transaction of the engine, so a process killed at any moment leaves all of it or nothing.
fakesnow's translation would rewrite the file functions and types that the statements need.
"""

from __future__ import annotations

import contextlib
import datetime
import decimal
import threading
from typing import Any

import duckdb
from fakesnow.instance import FakeSnow
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

PATH = "/local/v1/transactions"

Statements = list[dict[str, Any]]


def transactions_route(store: FakeSnow) -> Route:
    """POST {"transactions": [[{"sql", "parameters"}, ...], ...]} gives {"results": [[[row, ...], ...], ...]}.

    All run on one connection, so a temporary table lives as long as the call. The first failure ends the call with 422 and the
    index of its transaction: those before it stay committed.
    """

    # A caller that gave up waiting or died may call again while its first call still runs: the second one must see its effects.
    one_at_a_time = threading.Lock()

    def run(transactions: list[Statements]) -> JSONResponse:
        with one_at_a_time:
            return _run(store, transactions)

    async def transactions(request: Request) -> JSONResponse:
        body = await request.json()
        return await run_in_threadpool(run, body["transactions"])

    return Route(PATH, transactions, methods=["POST"])


def _run(store: FakeSnow, transactions: list[Statements]) -> JSONResponse:
    results: list[list[list[list[Any]]]] = []
    with store.duck_conn.cursor() as cursor:
        for statements in transactions:
            try:
                results.append(_transaction(cursor, statements))
            except duckdb.Error as error:
                return JSONResponse(
                    {"transaction": len(results), "kind": type(error).__name__, "message": str(error)}, status_code=422
                )
    return JSONResponse({"results": results})


def _transaction(cursor: duckdb.DuckDBPyConnection, statements: Statements) -> list[list[list[Any]]]:
    cursor.begin()
    try:
        results = []
        for statement in statements:
            cursor.execute(statement["sql"], statement.get("parameters") or [])
            results.append([[_json(value) for value in row] for row in cursor.fetchall()])
        cursor.commit()
        return results
    except BaseException:
        _rollback(cursor)
        raise


def _rollback(cursor: duckdb.DuckDBPyConnection) -> None:
    # The engine may have ended the transaction itself.
    with contextlib.suppress(duckdb.TransactionException):
        cursor.rollback()


def _json(value: Any) -> Any:
    if isinstance(value, (datetime.datetime, datetime.date, datetime.time)):
        return value.isoformat()
    if isinstance(value, decimal.Decimal):
        return int(value) if value == value.to_integral_value() else str(value)
    return value

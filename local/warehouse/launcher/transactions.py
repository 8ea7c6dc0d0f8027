"""The load's door: several DuckDB statements in one transaction.

Snowpipe loads inside Snowflake, not through its protocol, and its stand-in does the same: reading files, inserting rows and
marking the load history is one transaction of the engine, so a process killed at any moment leaves all of it or nothing.
fakesnow's translation would rewrite the file functions and types that the statements need.
"""

from __future__ import annotations

import datetime
import decimal
from typing import Any

import duckdb
from fakesnow.instance import FakeSnow
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

PATH = "/local/v1/transaction"


def transaction_route(store: FakeSnow) -> Route:
    """POST {"statements": [{"sql", "parameters"}]} gives {"results": [[row, ...], ...]}, or 422 with the failing statement's index."""

    async def transaction(request: Request) -> JSONResponse:
        body = await request.json()
        return await run_in_threadpool(_run, store, body["statements"])

    return Route(PATH, transaction, methods=["POST"])


def _run(store: FakeSnow, statements: list[dict[str, Any]]) -> JSONResponse:
    results: list[list[list[Any]]] = []
    with store.duck_conn.cursor() as cursor:
        cursor.begin()
        try:
            for statement in statements:
                cursor.execute(statement["sql"], statement.get("parameters") or [])
                results.append([[_json(value) for value in row] for row in cursor.fetchall()])
            cursor.commit()
        except duckdb.Error as error:
            _rollback(cursor)
            return JSONResponse(
                {"statement": len(results), "kind": type(error).__name__, "message": str(error)}, status_code=422
            )
        except BaseException:
            _rollback(cursor)
            raise
    return JSONResponse({"results": results})


def _rollback(cursor: duckdb.DuckDBPyConnection) -> None:
    try:
        cursor.rollback()
    except duckdb.TransactionException:
        # The engine has ended the transaction itself.
        pass


def _json(value: Any) -> Any:
    if isinstance(value, (datetime.datetime, datetime.date, datetime.time)):
        return value.isoformat()
    if isinstance(value, decimal.Decimal):
        return int(value) if value == value.to_integral_value() else str(value)
    return value

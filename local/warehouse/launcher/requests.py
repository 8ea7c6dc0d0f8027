"""Patches of the answer to one HTTP request."""

from __future__ import annotations

import json

import fakesnow.server as fakesnow_server
import snowflake.connector.errors as snowflake_errors
from fakesnow.cursor import FakeSnowflakeCursor
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from warehouse.launcher.patching import Patcher


def engine_errors_as_sql_errors(patcher: Patcher) -> None:
    """An error that fakesnow did not expect answers HTTP 500, and every Snowflake client repeats the statement for minutes.

    As a SQL error it reaches the user at once, with the engine's message.
    """
    execute = FakeSnowflakeCursor.execute

    def execute_or_explain(self: FakeSnowflakeCursor, *args: object, **kwargs: object) -> object:
        try:
            return execute(self, *args, **kwargs)
        except snowflake_errors.Error:
            raise
        except Exception as error:
            raise snowflake_errors.ProgrammingError(
                msg=f"{type(error).__name__}: {error}", errno=9998, sqlstate="99999"
            ) from error

    patcher.replace(FakeSnowflakeCursor, "execute", execute_or_explain)
    query_request = fakesnow_server.query_request

    async def answer_or_explain(request: Request) -> Response:
        try:
            response = await query_request(request)
            if response.status_code < 500:
                return response
            message = json.loads(response.body)["message"]
        except Exception as error:
            message = f"{type(error).__name__}: {error}"
        return JSONResponse(
            {
                "data": {"errorCode": "261000", "sqlState": "99999"},
                "code": "261000",
                "message": message[:2000],
                "success": False,
            }
        )

    patcher.replace(fakesnow_server, "query_request", answer_or_explain)

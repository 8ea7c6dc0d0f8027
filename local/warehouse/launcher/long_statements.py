"""Statements that take longer than a client waits for an answer.

The Snowflake connector gives up on a silent connection after 60 s and sends its statement again: it would run twice. Like
Snowflake, the server answers before that with "still running" and a place to ask, as often as it takes.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Awaitable, Callable

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

SECONDS_OF_SILENCE = 40.0
STILL_RUNNING = "333333"


class LongStatements:
    def __init__(self, answer: Callable[[Request], Awaitable[Response]]) -> None:
        self._answer = answer
        self._running: dict[str, asyncio.Future[Response]] = {}

    async def start(self, request: Request) -> Response:
        # Read now, and kept by the request: after an early answer the connection has nothing more to give.
        await request.body()
        return await self._answer_of(secrets.token_hex(16), asyncio.ensure_future(self._answer(request)))

    def route(self) -> Route:
        return Route("/queries/{statement}/result", self._result, methods=["GET"])

    async def _result(self, request: Request) -> Response:
        statement = request.path_params["statement"]
        running = self._running.pop(statement, None)
        if running is None:
            return JSONResponse(
                {"data": {}, "code": "000709", "message": "No such statement is running.", "success": False}
            )
        return await self._answer_of(statement, running)

    async def _answer_of(self, statement: str, running: asyncio.Future[Response]) -> Response:
        # Kept while waiting too: a client whose connection broke asks again.
        self._running[statement] = running
        finished, _ = await asyncio.wait({running}, timeout=SECONDS_OF_SILENCE)
        if finished:
            self._running.pop(statement, None)
            return running.result()
        return JSONResponse(
            {
                "data": {"queryId": statement, "getResultUrl": f"/queries/{statement}/result"},
                "code": STILL_RUNNING,
                "message": "The statement is still running.",
                "success": True,
            }
        )

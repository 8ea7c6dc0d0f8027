"""The server: fakesnow's protocol, the SQL API and the load's transactions on one loopback port."""

from __future__ import annotations

import json
import logging
import signal
import socket
import sys
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

# fakesnow asks DuckDB for Arrow tables through its DB-API cursor, which warns at each statement.
warnings.filterwarnings("ignore", message="Arrow output on a DB-API")

import fakesnow.server as fakesnow_server
import uvicorn
from fakesnow.instance import FakeSnow
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from warehouse.launcher.all_patches import PATCHES
from warehouse.launcher.limits import Limits
from warehouse.launcher.long_statements import LongStatements
from warehouse.launcher.patching import Patcher, apply_patches
from warehouse.launcher.sql_api import SqlApi
from warehouse.launcher.store import FileStore, StoreInUse
from warehouse.launcher.transactions import transactions_route

SECONDS_TO_FINISH_REQUESTS = 20


async def query(request: Request) -> Response:
    """fakesnow's answer as patched: its own table of routes holds the function of before."""
    return await fakesnow_server.query_request(request)


class Warehouse:
    """A warehouse process's inside: a store, behind the patches, as a web application. Close it to undo the patches."""

    def __init__(self, folder: Path, limits: Limits = Limits(), without_patch: str | None = None) -> None:
        self._patcher: Patcher = apply_patches(PATCHES, without=without_patch)
        try:
            self.store: FakeSnow = FileStore(folder, limits)
        except BaseException:
            self._patcher.undo()
            raise
        self._patcher.replace(fakesnow_server, "shared_fs", self.store)
        self._patcher.replace(fakesnow_server, "sessions", {})
        long_statements = LongStatements(query)
        protocol = [
            Route(route.path, long_statements.start, methods=["POST"])
            if route.path == "/queries/v1/query-request"
            else route
            for route in fakesnow_server.routes
        ]
        self.application = Starlette(
            routes=[
                long_statements.route(),
                *protocol,
                *SqlApi(self.store).routes(),
                transactions_route(self.store),
                Route("/local/v1/checkpoint", self._checkpoint, methods=["POST"]),
            ]
        )

    async def _checkpoint(self, _request: Request) -> Response:
        await run_in_threadpool(self.store.checkpoint)
        return JSONResponse({})

    def close(self) -> None:
        try:
            for session in list(fakesnow_server.sessions.values()):
                # Rolls back what a client that went away had begun.
                session.close()
            self.store.close()
        finally:
            self._patcher.undo()


def listen(port: int) -> socket.socket:
    """A listening socket on loopback; port 0 takes any free one. The kernel queues clients until the server accepts."""
    # With the protocol named, asyncio sets TCP_NODELAY; without it each answer waits 40 ms for the client's delayed ACK.
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind(("127.0.0.1", port))
    except OSError:
        listener.close()
        raise
    return listener


class ReadyServer(uvicorn.Server):
    """Says when it answers, and leaves signals to its caller.

    uvicorn's own handling raises the signal again after the shutdown, so nothing after it would run: no checkpoint, exit code 143.
    """

    def __init__(self, config: uvicorn.Config, when_ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._when_ready = when_ready

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield

    def stop(self) -> None:
        self.should_exit = True

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._when_ready()


def http_server(warehouse: Warehouse, when_ready: Callable[[], None]) -> ReadyServer:
    config = uvicorn.Config(
        warehouse.application,
        log_level="warning",
        access_log=False,
        lifespan="off",
        timeout_graceful_shutdown=SECONDS_TO_FINISH_REQUESTS,
    )
    return ReadyServer(config, when_ready)


def quiet() -> None:
    """fakesnow logs every login and refused statement, sqlglot every clause that DuckDB has no word for: clients are told anyway."""
    logging.getLogger("fakesnow.server").setLevel(logging.ERROR)
    logging.getLogger("sqlglot").setLevel(logging.ERROR)


def serve(port: int, folder: Path, limits: Limits) -> int:
    """Runs until SIGTERM or SIGINT; finishes running requests, then writes everything into the files."""
    quiet()
    try:
        listener = listen(port)
    except OSError as error:
        print(
            f"The warehouse cannot listen on 127.0.0.1:{port}: {error.strerror}. Choose another --port.",
            file=sys.stderr,
        )
        return 2
    try:
        warehouse = Warehouse(folder, limits)
    except StoreInUse as error:
        print(f"The warehouse cannot start: {error}. Stop it, or name another --db.", file=sys.stderr)
        return 2
    actual = listener.getsockname()[1]

    def ready() -> None:
        print(json.dumps({"ready": True, "port": actual}), flush=True)

    server = http_server(warehouse, ready)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: server.stop())
    try:
        server.run(sockets=[listener])
    finally:
        warehouse.close()
    return 0

"""Servers for the tests, each on a port of the kernel's choice and a folder of its own."""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import snowflake.connector
from warehouse.launcher.server import Warehouse, http_server, listen, quiet

REPOSITORY = Path(__file__).resolve().parents[3]
MIGRATIONS = REPOSITORY / "snowflake" / "migrations"
LOCAL = REPOSITORY / "local"
ACCOUNT = "111111111111"
BUCKET = f"millrace-dev-{ACCOUNT}-eu-west-1"
VARIABLES = {
    "environment": "dev",
    "bucket": BUCKET,
    "topic_arn": f"arn:aws:sns:eu-west-1:{ACCOUNT}:millrace-dev-files",
    "storage_role_arn": f"arn:aws:iam::{ACCOUNT}:role/millrace-dev-warehouse",
    "external_id": "millrace-dev",
    "error_topic_arn": f"arn:aws:sns:eu-west-1:{ACCOUNT}:millrace-dev-load-errors",
    "error_role_arn": f"arn:aws:iam::{ACCOUNT}:role/millrace-dev-load-errors",
    "event_format": "parquet",
}
DEADLINE_SECONDS = 120
"""Only a failing test waits so long: the machine may be busy with other things."""


def until(condition: Callable[[], Any], what: str, seconds: float = DEADLINE_SECONDS) -> Any:
    """Polls until the condition holds, and fails saying what was waited for."""
    deadline = time.monotonic() + seconds
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > deadline:
            raise AssertionError(f"after {seconds} s there is still not {what}")
        time.sleep(0.02)


@dataclass(frozen=True)
class Client:
    """What a test needs of a warehouse that answers on a port."""

    port: int

    def connect(self, **arguments: Any) -> snowflake.connector.SnowflakeConnection:
        return snowflake.connector.connect(
            **{
                "account": "local",
                "user": "test",
                "password": "none",
                "host": "127.0.0.1",
                "port": self.port,
                "protocol": "http",
                "login_timeout": 10,
                "network_timeout": 10,
                **arguments,
            }
        )

    def api(self, statement: str, database: str | None = None, schema: str | None = None) -> tuple[int, dict[str, Any]]:
        body = {"statement": statement, "database": database, "schema": schema, "timeout": 10}
        return self.http("/api/v2/statements", body)

    def rows(
        self, statement: str, database: str | None = "MILLRACE_DEV", schema: str | None = "RAW"
    ) -> list[list[str | None]]:
        status, answer = self.api(statement, database, schema)
        assert status == 200, answer
        return answer["data"]

    def http(
        self, path: str, body: dict[str, Any] | None = None, headers: dict[str, str] | None = None
    ) -> tuple[int, dict[str, Any]]:
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}{path}", data=data, headers=headers or {})
        try:
            with urllib.request.urlopen(request, timeout=DEADLINE_SECONDS) as response:
                return response.status, json.load(response)
        except urllib.error.HTTPError as error:
            with error:
                return error.code, json.load(error)


@contextlib.contextmanager
def serving(folder: Path, without_patch: str | None = None) -> Iterator[Client]:
    """A warehouse in this process, so that one patch can be left out."""
    quiet()
    warehouse = Warehouse(folder, without_patch=without_patch)
    ready = threading.Event()
    listener = listen(0)
    server = http_server(warehouse, ready.set)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
    thread.start()
    try:
        assert ready.wait(DEADLINE_SECONDS)
        yield Client(listener.getsockname()[1])
    finally:
        server.stop()
        thread.join()
        warehouse.close()


@dataclass
class ServeProcess:
    """A warehouse in a process of its own, as in a run: it can be killed."""

    folder: Path
    process: subprocess.Popen[str]
    client: Client

    @staticmethod
    def start(folder: Path, port: int = 0) -> ServeProcess:
        process = subprocess.Popen(
            [sys.executable, "-m", "warehouse", "serve", "--port", str(port), "--db", str(folder)],
            cwd=LOCAL,
            stdout=subprocess.PIPE,
            text=True,
        )
        line = process.stdout.readline()
        if not line:
            raise AssertionError(f"the warehouse did not start: exit code {process.wait()}")
        ready = json.loads(line)
        assert ready["ready"]
        return ServeProcess(folder, process, Client(ready["port"]))

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()
        self.process.stdout.close()

    def terminate(self) -> int:
        self.process.terminate()
        code = self.process.wait(timeout=DEADLINE_SECONDS)
        self.process.stdout.close()
        return code


@contextlib.contextmanager
def serve_process(folder: Path, port: int = 0) -> Iterator[ServeProcess]:
    server = ServeProcess.start(folder, port)
    try:
        yield server
    finally:
        if server.process.poll() is None:
            server.kill()


def run_migrate(
    port: int, root: Path = MIGRATIONS, *options: str, **variables: str
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [
            sys.executable,
            "-m",
            "warehouse",
            "migrate",
            "--port",
            str(port),
            "--root",
            str(root),
            "--vars",
            json.dumps(VARIABLES | variables),
            *options,
        ],
        cwd=LOCAL,
        capture_output=True,
        text=True,
        timeout=120,
    )


@pytest.fixture(scope="session")
def migrated_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store after all migrations, made once, by the first process of pytest that wants it: tests that change it take a copy."""
    own = tmp_path_factory.getbasetemp()
    folder = (own.parent if "PYTEST_XDIST_WORKER" in os.environ else own) / "migrated"
    with folder.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not folder.with_suffix(".whole").exists():
            with serve_process(folder) as server:
                result = run_migrate(server.client.port)
                assert result.returncode == 0, result.stdout + result.stderr
                assert server.terminate() == 0
            folder.with_suffix(".whole").touch()
    return folder

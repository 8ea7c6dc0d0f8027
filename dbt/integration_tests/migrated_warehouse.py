"""A warehouse of its own for a suite, with all migrations applied. Nothing but the standard library is imported here."""

from __future__ import annotations

import contextlib
import fcntl
import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
MIGRATION_VARIABLES = {
    "environment": "dev",
    "bucket": "millrace-dev-111111111111-eu-west-1",
    "topic_arn": "arn:aws:sns:eu-west-1:111111111111:millrace-dev-files",
    "storage_role_arn": "arn:aws:iam::111111111111:role/millrace-dev-snowflake",
    "external_id": "integration-tests",
    "error_topic_arn": "arn:aws:sns:eu-west-1:111111111111:millrace-dev-load-errors",
    "error_role_arn": "arn:aws:iam::111111111111:role/millrace-dev-load-errors",
    "event_format": "parquet",
}


@dataclass(frozen=True)
class Warehouse:
    """A process that answers on a port of 127.0.0.1."""

    port: int
    pid: int


@contextlib.contextmanager
def served_warehouse(folder: Path, python: str, *options: str) -> Iterator[Warehouse]:
    """`python` is an interpreter with the packages of the laptop run; the folder has the warehouse's files and its log."""
    with (folder / "log.txt").open("a") as log:
        server = subprocess.Popen(
            [python, "-m", "warehouse", "serve", "--port", "0", "--db", str(folder / "db"), *options],
            env=environment(),
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
        )
        try:
            ready = server.stdout.readline() if server.stdout else ""
            assert ready, "the warehouse did not start: " + (folder / "log.txt").read_text()
            yield Warehouse(json.loads(ready)["port"], server.pid)
        finally:
            server.terminate()
            server.wait(timeout=30)


@contextlib.contextmanager
def migrated_warehouse(folder: Path, python: str, *options: str, like: Path | None = None) -> Iterator[Warehouse]:
    """With all migrations. Suites that run in several processes name one folder as `like`: the first one migrates, all copy."""
    if like is not None:
        shutil.copytree(migrated_once(like, python) / "db", folder / "db")
        with served_warehouse(folder, python, *options) as warehouse:
            yield warehouse
        return
    with served_warehouse(folder, python, *options) as warehouse:
        subprocess.run(
            [python, "-m", "warehouse", "migrate", "--port", str(warehouse.port)]
            + ["--vars", json.dumps(MIGRATION_VARIABLES), "--root", str(ROOT / "snowflake" / "migrations")],
            env=environment(),
            check=True,
            stdout=subprocess.DEVNULL,
        )
        yield warehouse


def migrated_once(folder: Path, python: str) -> Path:
    """The folder with the files of a migrated warehouse; who comes while they are made waits for them."""
    folder.mkdir(exist_ok=True)
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / "whole").exists():
            with migrated_warehouse(folder, python):
                pass
            (folder / "whole").touch()
    return folder


def environment() -> dict[str, str]:
    return os.environ | {"PYTHONPATH": str(ROOT / "local"), "PYTHONWARNINGS": "ignore"}

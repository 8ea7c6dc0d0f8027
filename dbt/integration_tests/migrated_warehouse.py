"""A warehouse of its own for a suite, with all migrations applied. Nothing but the standard library is imported here."""

from __future__ import annotations

import contextlib
import json
import os
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
    "event_format": "parquet",
}


@dataclass(frozen=True)
class Warehouse:
    """A process that answers on a port of 127.0.0.1."""

    port: int
    pid: int


@contextlib.contextmanager
def migrated_warehouse(folder: Path, python: str) -> Iterator[Warehouse]:
    """`python` is an interpreter with the packages of the laptop run; the folder gets the warehouse's files and its log."""
    environment = os.environ | {"PYTHONPATH": str(ROOT / "local"), "PYTHONWARNINGS": "ignore"}
    with (folder / "log.txt").open("w") as log:
        server = subprocess.Popen(
            [python, "-m", "warehouse", "serve", "--port", "0", "--db", str(folder / "db")],
            env=environment,
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
        )
        try:
            ready = server.stdout.readline() if server.stdout else ""
            assert ready, "the warehouse did not start: " + (folder / "log.txt").read_text()
            port = json.loads(ready)["port"]
            subprocess.run(
                [python, "-m", "warehouse", "migrate", "--port", str(port)]
                + ["--vars", json.dumps(MIGRATION_VARIABLES), "--root", str(ROOT / "snowflake" / "migrations")],
                env=environment,
                check=True,
                stdout=log,
                stderr=log,
            )
            yield Warehouse(port, server.pid)
        finally:
            server.terminate()
            server.wait(timeout=30)

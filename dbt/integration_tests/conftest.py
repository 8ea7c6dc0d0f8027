"""A warehouse of its own for these tests: our launcher, our migrations, the unmodified dbt adapter."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from raw_rows import RawTables
from runner import Models, connect

ROOT = Path(__file__).resolve().parents[2]
MIGRATION_VARIABLES = {
    "environment": "dev",
    "bucket": "millrace-dev-111111111111-eu-west-1",
    "topic_arn": "arn:aws:sns:eu-west-1:111111111111:millrace-dev-files",
    "storage_role_arn": "arn:aws:iam::111111111111:role/millrace-dev-snowflake",
    "external_id": "integration-tests",
    "event_format": "parquet",
}


@pytest.fixture(scope="session")
def warehouse_port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    folder = tmp_path_factory.mktemp("warehouse")
    environment = os.environ | {"PYTHONPATH": str(ROOT / "local"), "PYTHONWARNINGS": "ignore"}
    with (folder / "log.txt").open("w") as log:
        server = subprocess.Popen(
            [sys.executable, "-m", "warehouse", "serve", "--port", "0", "--db", str(folder / "db")],
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
                [sys.executable, "-m", "warehouse", "migrate", "--port", str(port)]
                + ["--vars", json.dumps(MIGRATION_VARIABLES), "--root", str(ROOT / "snowflake" / "migrations")],
                env=environment,
                check=True,
                stdout=log,
                stderr=log,
            )
            yield port
        finally:
            server.terminate()
            server.wait(timeout=30)


@pytest.fixture(scope="session")
def models_of_session(warehouse_port: int, tmp_path_factory: pytest.TempPathFactory) -> Models:
    return Models(ROOT / "dbt", warehouse_port, tmp_path_factory.mktemp("dbt"))


@pytest.fixture
def raw(warehouse_port: int) -> Iterator[RawTables]:
    """The raw tables, empty; all models dropped, so that each test begins with a first run."""
    with connect(warehouse_port) as connection:
        cursor = connection.cursor()
        cursor.execute(
            "select table_schema, table_name, table_type from information_schema.tables"
            " where table_schema in ('STAGING', 'INTERMEDIATE', 'MARTS', 'AUDIT')"
        )
        for schema, name, kind in cursor.fetchall():
            if name not in ("CHANGE_HISTORY", "LOAD_HISTORY"):
                cursor.execute(f"drop {'view' if kind == 'VIEW' else 'table'} if exists {schema}.{name}")
        tables = RawTables(connection)
        tables.empty()
        yield tables


@pytest.fixture
def models(models_of_session: Models, raw: RawTables) -> Models:
    return models_of_session

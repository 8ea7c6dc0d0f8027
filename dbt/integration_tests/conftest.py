"""A warehouse of its own for these tests: our launcher, our migrations, the unmodified dbt adapter."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from migrated_warehouse import ROOT, migrated_warehouse
from raw_rows import RawTables
from runner import Models, connect


@pytest.fixture(scope="session")
def warehouse_port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    with migrated_warehouse(tmp_path_factory.mktemp("warehouse"), sys.executable) as warehouse:
        yield warehouse.port


@pytest.fixture(scope="session")
def models_of_session(warehouse_port: int, tmp_path_factory: pytest.TempPathFactory) -> Models:
    return Models(ROOT / "dbt", warehouse_port, tmp_path_factory.mktemp("dbt"))


@contextmanager
def empty_warehouse(port: int) -> Iterator[RawTables]:
    """The raw tables, empty; all models dropped."""
    with connect(port) as connection:
        cursor = connection.cursor()
        cursor.execute(
            "select table_schema, table_name, table_type from information_schema.tables"
            " where table_schema in ('STAGING', 'INTERMEDIATE', 'MARTS', 'AUDIT')"
        )
        for schema, name, kind in cursor.fetchall():
            if name not in ("CHANGE_HISTORY", "LOAD_HISTORY") and not name.startswith("ACCOUNT_"):
                cursor.execute(f"drop {'view' if kind == 'VIEW' else 'table'} if exists {schema}.{name}")
        tables = RawTables(connection)
        tables.empty()
        yield tables


@pytest.fixture
def raw(warehouse_port: int) -> Iterator[RawTables]:
    """The raw tables, empty, so that each test begins with a first run."""
    with empty_warehouse(warehouse_port) as tables:
        yield tables


@pytest.fixture
def models(models_of_session: Models, raw: RawTables) -> Models:
    return models_of_session

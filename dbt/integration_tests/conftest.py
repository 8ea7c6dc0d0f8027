"""A warehouse of its own for these tests: our launcher, our migrations, the unmodified dbt adapter."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from migrated_warehouse import ROOT, migrated_warehouse
from raw_rows import RawTables
from runner import Models, connect
from snowflake.connector import SnowflakeConnection


@pytest.fixture(scope="session")
def warehouse_port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """Each process of pytest has its own."""
    like = of_all_processes(tmp_path_factory) / "migrated"
    with migrated_warehouse(tmp_path_factory.mktemp("warehouse"), sys.executable, like=like) as warehouse:
        yield warehouse.port


def of_all_processes(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of this run of pytest; a process of pytest-xdist has one of its own in it."""
    own = tmp_path_factory.getbasetemp()
    return own.parent if "PYTEST_XDIST_WORKER" in os.environ else own


@pytest.fixture(scope="session")
def objects_of_migrations(warehouse_port: int) -> set[tuple[str, str]]:
    """Schema and name of what is no model."""
    with connect(warehouse_port) as connection:
        return {(schema, name) for schema, name, _ in model_schemas(connection)}


def model_schemas(connection: SnowflakeConnection) -> list[tuple[str, str, str]]:
    """Schema, name and kind of every table and view beside the raw ones."""
    return (
        connection.cursor()
        .execute(
            "select table_schema, table_name, table_type from information_schema.tables"
            " where table_schema in ('STAGING', 'INTERMEDIATE', 'MARTS', 'AUDIT')"
        )
        .fetchall()
    )


@pytest.fixture(scope="session")
def models_of_session(warehouse_port: int, tmp_path_factory: pytest.TempPathFactory) -> Models:
    return Models(ROOT / "dbt", warehouse_port, tmp_path_factory.mktemp("dbt"))


@contextmanager
def empty_warehouse(port: int, kept: set[tuple[str, str]]) -> Iterator[RawTables]:
    """The raw tables, empty; all models dropped."""
    with connect(port) as connection:
        cursor = connection.cursor()
        present = model_schemas(connection)
        for schema in sorted({schema for schema, _, _ in present} - {schema for schema, _ in kept}):
            # A statement for each of sixty models would take longer than most of the tests.
            cursor.execute(f"drop schema {schema}")
            cursor.execute(f"create schema {schema}")
        for schema, name, kind in present:
            if schema in {schema for schema, _ in kept} and (schema, name) not in kept:
                cursor.execute(f"drop {'view' if kind == 'VIEW' else 'table'} if exists {schema}.{name}")
        cursor.execute("use schema raw")
        tables = RawTables(connection)
        tables.empty()
        yield tables


@pytest.fixture
def raw(warehouse_port: int, objects_of_migrations: set[tuple[str, str]]) -> Iterator[RawTables]:
    """The raw tables, empty, so that each test begins with a first run."""
    with empty_warehouse(warehouse_port, objects_of_migrations) as tables:
        yield tables


@pytest.fixture
def models(models_of_session: Models, raw: RawTables) -> Models:
    return models_of_session

"""Applies the migrations with schemachange to a warehouse on loopback."""

from __future__ import annotations

import contextlib
import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import snowflake.connector

from warehouse.pipes.client import WarehouseClient
from warehouse.pipes.history import play_copy_history

NEEDED = ("environment", "bucket", "topic_arn", "storage_role_arn", "external_id", "event_format")
FORMATS = ("parquet", "ndjson")


def migrate(port: int, root: Path, variables: dict[str, str], dry_run: bool) -> int:
    """Exit code 0 when every migration is applied (now or before), 1 when one failed, 2 when the call is wrong."""
    problems = _problems(root, variables)
    if problems:
        print("\n".join(problems), file=sys.stderr)
        return 2
    database = f"MILLRACE_{variables['environment'].upper()}"
    with _connections_to(port):
        _create_database(database)
        play_copy_history(WarehouseClient(port), database)
        return _schemachange(root, database, variables, dry_run)


def _problems(root: Path, variables: dict[str, str]) -> list[str]:
    problems = [f"--vars lacks {name}." for name in NEEDED if not variables.get(name)]
    if variables.get("event_format") not in (None, *FORMATS):
        problems.append(f"event_format is {variables['event_format']!r}; it must be one of {', '.join(FORMATS)}.")
    if not re.fullmatch(r"[A-Za-z][A-Za-z0-9_]*", variables.get("environment") or "dev"):
        problems.append(f"environment {variables['environment']!r} cannot be part of a database's name.")
    if not root.is_dir():
        problems.append(f"There are no migrations in {root}; name their folder with --root.")
    return problems


@contextlib.contextmanager
def _connections_to(port: int) -> Iterator[None]:
    """schemachange has no options for host, port and protocol, so the connector gets them here."""
    connect = snowflake.connector.connect

    def connect_here(**arguments: Any) -> Any:
        arguments |= {
            "account": "local",
            "user": "migrations",
            "password": "none",
            "host": "127.0.0.1",
            "port": port,
            "protocol": "http",
            "login_timeout": 20,
            "network_timeout": 60,
        }
        return connect(**arguments)

    snowflake.connector.connect = connect_here
    try:
        yield
    finally:
        snowflake.connector.connect = connect


def _create_database(database: str) -> None:
    """The change history is a table in the database that the first migration makes."""
    with snowflake.connector.connect() as connection:
        connection.cursor().execute(f"create database if not exists {database}")


def _schemachange(root: Path, database: str, variables: dict[str, str], dry_run: bool) -> int:
    from schemachange import cli

    arguments = [
        "schemachange",
        "deploy",
        "--config-folder",
        str(root.parent),
        "--root-folder",
        str(root),
        "--vars",
        json.dumps(variables),
        "--change-history-table",
        f"{database}.AUDIT.CHANGE_HISTORY",
        "--create-change-history-table",
        "--snowflake-account",
        "local",
        "--snowflake-user",
        "migrations",
        "--snowflake-database",
        database,
    ]
    if dry_run:
        arguments.append("--dry-run")
    saved, sys.argv = sys.argv, arguments
    try:
        cli.main()
    except SystemExit as exit_:
        return 1 if exit_.code else 0
    finally:
        sys.argv = saved
    return 0

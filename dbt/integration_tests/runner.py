"""Runs dbt as the command line does, in this process, and reads tables as text."""

from __future__ import annotations

import csv
import datetime
import json
import os
from decimal import Decimal
from pathlib import Path
from typing import Any

import snowflake.connector
from dbt.cli.main import dbtRunner, dbtRunnerResult
from dbt_common.events.base_types import EventMsg


def connect(port: int) -> snowflake.connector.SnowflakeConnection:
    return snowflake.connector.connect(
        account="local",
        user="tests",
        password="none",
        host="127.0.0.1",
        port=port,
        protocol="http",
        database="MILLRACE_DEV",
        schema="RAW",
        login_timeout=20,
        network_timeout=60,
    )


class Models:
    """The dbt project against one warehouse."""

    def __init__(self, project: Path, port: int, state: Path) -> None:
        self.project = project
        self.state = state
        self._port = port
        os.environ |= {
            "SNOWFLAKE_HOST": "127.0.0.1",
            "SNOWFLAKE_PORT": str(port),
            "MILLRACE_ENV": "dev",
            "MILLRACE_DBT_TARGET": "local",
            "DBT_THREADS": "4",
            "DBT_TARGET_PATH": str(state / "target"),
            "DBT_LOG_PATH": str(state / "logs"),
        }
        self._errors: list[str] = []
        self._statements: list[str] = []
        # Parsed once: what these tests change are rows, not models.
        self._dbt = dbtRunner()
        self.manifest = self._invoke("parse").result
        self._dbt = dbtRunner(manifest=self.manifest, callbacks=[self._remember])

    def invoke(self, *arguments: str) -> dict[str, str]:
        """Status of each node by its name. Raises when dbt did not get so far as to have results."""
        results = self._results(*arguments)
        self.messages = {result.node.name: result.message or "" for result in results}
        return {result.node.name: str(result.status) for result in results}

    def operation(self, macro: str, arguments: dict[str, Any]) -> str:
        """Runs one macro and returns what it complains about; dbt tells that by its log only."""
        self._errors.clear()
        self._results("run-operation", macro, "--args", json.dumps(arguments))
        return "\n".join(self._errors)

    def compiled(self, first_run: bool = True) -> list[Any]:
        """All models and tests with the SQL that a first run would execute, or one that finds its tables."""
        return [result.node for result in self._results("compile", *(["--full-refresh"] if first_run else []))]

    def catalog(self) -> dict[str, Any]:
        """What `docs generate` finds in the warehouse: tables and views with their columns, by the id of their node."""
        return dict(self._invoke("docs", "generate").result.nodes)

    def compiled_increments(self, *select: str) -> list[Any]:
        """Incremental models with the SQL that their next run would execute."""
        nodes = [result.node for result in self._results("compile", "--select", *select)]
        return [node for node in nodes if node.config.materialized == "incremental"]

    def statements(self) -> list[str]:
        """What the last command has sent to the warehouse, in order; models that run side by side mix."""
        return list(self._statements)

    def _remember(self, event: EventMsg) -> None:
        if event.info.level == "error":
            self._errors.append(event.info.msg)
        elif event.info.name == "SQLQuery":
            self._statements.append(event.data.sql)

    def _results(self, *arguments: str) -> list[Any]:
        self._statements.clear()
        results = getattr(self._invoke(*arguments).result, "results", [])
        return [result for result in results if not is_hook(result)]

    def _invoke(self, *arguments: str) -> dbtRunnerResult:
        project = str(self.project)
        outcome = self._dbt.invoke(
            ["--log-level", "none", "--no-write-json", *arguments]
            + ["--project-dir", project, "--profiles-dir", project]
        )
        if outcome.exception is not None:
            raise outcome.exception
        return outcome

    def build(self, *arguments: str) -> dict[str, str]:
        """The hourly command: models and data tests."""
        return self._without_failures("build", "--exclude-resource-type", "unit_test", *arguments)

    def run(self, *arguments: str) -> dict[str, str]:
        """The models alone."""
        return self._without_failures("run", *arguments)

    def _without_failures(self, *arguments: str) -> dict[str, str]:
        statuses = self.invoke(*arguments)
        failed = {
            name: self.messages[name] for name, status in statuses.items() if status in ("error", "fail", "skipped")
        }
        assert not failed, failed
        return statuses

    def run_sql(self, name: str) -> str:
        """The statement that last wrote a model."""
        return next((self.state / "target" / "run").rglob(f"{name}.sql")).read_text()

    def columns(self, relation: str) -> list[str]:
        with connect(self._port) as connection:
            return [column.name for column in connection.cursor().describe(f"select * from {relation}")]

    def rows(self, query: str) -> list[dict[str, str]]:
        """The rows as text, sorted, columns by lower-case name."""
        with connect(self._port) as connection:
            cursor = connection.cursor()
            cursor.execute(query)
            names = [column.name.lower() for column in cursor.description]
            variants = {column.name.lower() for column in cursor.description if column.type_code == 5}
            found = [
                {name: as_text(value, name in variants) for name, value in zip(names, row, strict=True)}
                for row in cursor.fetchall()
            ]
        return sorted(found, key=lambda row: tuple(row.values()))


def is_hook(result: Any) -> bool:
    """dbt lists what runs before the models among the results."""
    return getattr(getattr(result, "node", None), "resource_type", None) == "operation"


def as_text(value: Any, is_variant: bool = False) -> str:
    match value:
        case None:
            return ""
        case bool():
            return str(value).lower()
        case datetime.datetime():
            return value.strftime("%Y-%m-%d %H:%M:%S") + (f".{value.microsecond:06}" if value.microsecond else "")
        case Decimal():
            return format(value, "f")
        case str() if is_variant:
            return json.dumps(json.loads(value), sort_keys=True)
        case _:
            return str(value)


def expected_rows(file: Path) -> list[dict[str, str]]:
    with file.open(newline="") as lines:
        return sorted(csv.DictReader(lines), key=lambda row: tuple(row.values()))

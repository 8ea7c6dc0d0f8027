from __future__ import annotations

import re
import shutil
from pathlib import Path

import jinja2
from conftest import MIGRATIONS, VARIABLES, run_migrate, serve_process, serving
from warehouse.objects.sql import split

DERIVED = MIGRATIONS.parent / "derived"
RAW_TABLES = {path.stem.upper() for path in DERIVED.glob("*.sql")} | {"FAILED_EVENTS", "EVENTS_BACKFILL"}
COLUMNS = (
    "select table_name, column_name, data_type, is_nullable, numeric_precision, numeric_scale"
    " from {database}.information_schema.columns where table_schema = 'RAW' and table_name in ({tables})"
    " order by table_name, column_name"
)


def test_an_empty_warehouse_gets_every_table_and_pipe(migrated_folder: Path, tmp_path: Path) -> None:
    shutil.copytree(migrated_folder, tmp_path / "db")
    with serving(tmp_path / "db") as client:
        tables = client.rows("select table_name from information_schema.tables where table_schema = 'RAW'")
        assert {name for (name,) in tables} == RAW_TABLES
        with client.connect(database="MILLRACE_DEV") as connection:
            pipes = connection.cursor(snowflake_dict()).execute("show pipes in schema raw").fetchall()
        names = {f"{table}_PIPE" for table in RAW_TABLES - {"EVENTS_BACKFILL", "JSON_V1__JSON_EVENT"}}
        assert {pipe["name"] for pipe in pipes} == names | {"JSON_V1__JSON_EVENT__SHIPPING_PIPE"}
        assert all(pipe["notification_channel"].endswith(":millrace-dev-files") for pipe in pipes)


def test_all_migrations_from_empty_give_the_tables_that_follow_from_the_contracts(
    migrated_folder: Path, tmp_path: Path
) -> None:
    shutil.copytree(migrated_folder, tmp_path / "db")
    names = ", ".join(f"'{path.stem.upper()}'" for path in DERIVED.glob("*.sql"))
    with serving(tmp_path / "db") as client:
        for statement in ("create database MILLRACE_DERIVED", "create schema MILLRACE_DERIVED.RAW"):
            client.rows(statement, database=None, schema=None)
        for path in DERIVED.glob("*.sql"):
            text = jinja2.Template(path.read_text()).render(VARIABLES | {"environment": "derived"})
            for statement in split(text):
                client.rows(statement, database="MILLRACE_DERIVED")
        migrated, derived = (
            client.rows(COLUMNS.format(database=database, tables=names), database=database)
            for database in ("MILLRACE_DEV", "MILLRACE_DERIVED")
        )
    assert len(derived) > 25
    assert migrated == derived


def test_the_descriptions_tags_and_policies_of_the_contracts_stand_in_the_migrations() -> None:
    migrations = "".join(path.read_text() for path in sorted(MIGRATIONS.glob("V*.sql")))
    for path in DERIVED.glob("*.sql"):
        for column in re.findall(r"^    (\w+ .*?),?$", path.read_text(), re.MULTILINE):
            for text in re.findall(r"comment '(?:[^']|'')*'|MASK_\w+|RAW\.PII = '[^']*'", column):
                assert text in migrations, (path.name, column)


def test_a_second_run_applies_nothing_and_changes_nothing(migrated_folder: Path, tmp_path: Path) -> None:
    shutil.copytree(migrated_folder, tmp_path / "db")
    with serve_process(tmp_path / "db") as server:
        before = server.client.rows("select script, installed_on from audit.change_history order by script")
        assert len(before) == len(list(MIGRATIONS.glob("*.sql")))
        result = run_migrate(server.client.port)
        assert result.returncode == 0, result.stderr
        assert server.client.rows("select script, installed_on from audit.change_history order by script") == before


def test_a_dry_run_says_what_it_would_apply_and_applies_nothing(tmp_path: Path) -> None:
    with serve_process(tmp_path / "db") as server:
        result = run_migrate(server.client.port, MIGRATIONS, "--dry-run")
        assert result.returncode == 0, result.stderr
        assert "V1.1.1__orders_v1__order_created.sql" in result.stdout
        assert server.client.rows("select count(*) from information_schema.tables where table_schema = 'RAW'") == [
            ["0"]
        ]


def test_a_missing_variable_is_named_and_nothing_is_tried() -> None:
    result = run_migrate(1, MIGRATIONS, topic_arn="")
    assert result.returncode == 2
    assert "topic_arn" in result.stderr


def snowflake_dict() -> type:
    from snowflake.connector import DictCursor

    return DictCursor

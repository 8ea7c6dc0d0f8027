from __future__ import annotations

import shutil
from pathlib import Path

from conftest import MIGRATIONS, run_migrate, serve_process, serving

RAW_TABLES = {
    "CARDS_V1__CARD_CATALOG_CREATED",
    "ORDERS_V1__ORDER_CREATED",
    "MANUFACTURING_V1__MANUFACTURING_BATCH",
    "FAILED_EVENTS",
    "EVENTS_BACKFILL",
}


def test_an_empty_warehouse_gets_every_table_and_pipe(migrated_folder: Path, tmp_path: Path) -> None:
    shutil.copytree(migrated_folder, tmp_path / "db")
    with serving(tmp_path / "db") as client:
        tables = client.rows("select table_name from information_schema.tables where table_schema = 'RAW'")
        assert {name for (name,) in tables} == RAW_TABLES
        with client.connect(database="MILLRACE_DEV") as connection:
            pipes = connection.cursor(snowflake_dict()).execute("show pipes in schema raw").fetchall()
        assert {pipe["name"] for pipe in pipes} == {f"{table}_PIPE" for table in RAW_TABLES - {"EVENTS_BACKFILL"}}
        assert all(pipe["notification_channel"].endswith(":millrace-dev-files") for pipe in pipes)


def test_a_second_run_applies_nothing_and_changes_nothing(migrated_folder: Path, tmp_path: Path) -> None:
    shutil.copytree(migrated_folder, tmp_path / "db")
    with serve_process(tmp_path / "db") as server:
        before = server.client.rows("select script, installed_on from audit.change_history order by script")
        assert len(before) == len(list(MIGRATIONS.glob("V*.sql")))
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

"""The load history: which path a pipe has met in the last 14 days. Snowflake keeps the same with the pipe."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from warehouse.pipes.client import Statement, WarehouseClient
from warehouse.pipes.column_types import literal, quoted
from warehouse.pipes.copy_statement import ObjectName
from warehouse.pipes.requests import WORK

KEPT = datetime.timedelta(days=14)
LOADED = "LOADED"
LOAD_FAILED = "LOAD_FAILED"
LOADING = "LOADING"
"""Some of the file's rows are visible, the rest is not: another transaction will follow, or a crash has kept it from following."""


@dataclass(frozen=True)
class HistoryTable:
    """AUDIT.LOAD_HISTORY of the pipe's database: in the same file as the rows, so that both change in one transaction."""

    database: str

    def sql(self) -> str:
        return ObjectName(self.database, "AUDIT", "LOAD_HISTORY").quoted()

    def create(self) -> list[Statement]:
        return [
            Statement(f'CREATE SCHEMA IF NOT EXISTS {quoted(self.database)}."AUDIT"'),
            Statement(
                f"""
                CREATE TABLE IF NOT EXISTS {self.sql()} (
                    "FILE" VARCHAR NOT NULL, "TABLE_NAME" VARCHAR NOT NULL, "PIPE" VARCHAR NOT NULL,
                    "ROWS_LOADED" BIGINT NOT NULL, "BYTES" BIGINT NOT NULL, "STATUS" VARCHAR NOT NULL,
                    "FIRST_ERROR" VARCHAR, "NOTIFIED_AT" TIMESTAMP, "SCAN_STARTED_AT" TIMESTAMP NOT NULL,
                    "LOADED_AT" TIMESTAMP
                )
                """
            ),
        ]

    def met(self, pipe: ObjectName, keys: list[str], now: datetime.datetime) -> Statement:
        """(key, status) of the paths this pipe need not look at again, and of those it has begun."""
        return Statement(
            f"""
            SELECT "FILE", "STATUS" FROM {self.sql()}
            WHERE "PIPE" = ? AND "SCAN_STARTED_AT" > ? AND list_contains(?, "FILE")
            -- A pipe that was made again knows nothing of what the one before has loaded.
            AND coalesce("LOADED_AT" > (SELECT CAST(noted_at AS TIMESTAMP) FROM {WORK} WHERE what = 'recreated' AND pipe = ?), true)
            """,
            (pipe.name, text(now - KEPT), keys, str(pipe)),
        )

    def forget_begun(self, pipe: ObjectName, table: ObjectName, file_column: str, keys: list[str]) -> list[Statement]:
        """Takes back the rows of files whose load was cut off, so that loading them again doubles nothing."""
        return [
            Statement(f"DELETE FROM {table.quoted()} WHERE list_contains(?, {quoted(file_column)})", (keys,)),
            Statement(
                f"""DELETE FROM {self.sql()} WHERE "PIPE" = ? AND "STATUS" = '{LOADING}' AND list_contains(?, "FILE")""",
                (pipe.name, keys),
            ),
        ]

    def failed(
        self,
        pipe: ObjectName,
        table: ObjectName,
        key: str,
        size: int,
        error: str,
        notified_at: datetime.datetime,
        started_at: datetime.datetime,
    ) -> Statement:
        return Statement(
            f"INSERT INTO {self.sql()} VALUES (?, ?, ?, 0, ?, '{LOAD_FAILED}', ?, ?, ?, CAST(now() AS TIMESTAMP))",
            (key, table.name, pipe.name, size, error, text(notified_at), text(started_at)),
        )

    def begun(
        self,
        pipe: ObjectName,
        table: ObjectName,
        files: list[tuple[str, str, int, datetime.datetime]],
        rows_by_path: str,
        started_at: datetime.datetime,
    ) -> Statement:
        """Marks files as begun, with the row counts that `rows_by_path` gives: a query of (path, rows)."""
        keys, paths, sizes, times = zip(*files, strict=True)
        return Statement(
            f"""
            INSERT INTO {self.sql()}
            SELECT f.key, ?, ?, coalesce(r.rows, 0), f.size, '{LOADING}', NULL, CAST(f.at AS TIMESTAMP), ?, NULL
            FROM (SELECT unnest(?) AS key, unnest(?) AS path, unnest(?) AS size, unnest(?) AS at) f
            LEFT JOIN ({rows_by_path}) AS r(path, rows) ON r.path = f.path
            """,
            (table.name, pipe.name, text(started_at), list(keys), list(paths), list(sizes), [text(at) for at in times]),
        )

    def finished(self, pipe: ObjectName, keys: list[str]) -> Statement:
        return Statement(
            f"""
            UPDATE {self.sql()} SET "STATUS" = '{LOADED}', "LOADED_AT" = CAST(now() AS TIMESTAMP)
            WHERE "PIPE" = ? AND "STATUS" = '{LOADING}' AND list_contains(?, "FILE")
            """,
            (pipe.name, keys),
        )


def play_copy_history(client: WarehouseClient, database: str) -> None:
    """SNOWFLAKE.ACCOUNT_USAGE.COPY_HISTORY: what every database's own history says, under the names of an account."""
    client.run(HistoryTable(database).create())
    [[databases]] = client.run(
        [
            Statement(
                """
                SELECT database_name FROM duckdb_tables()
                WHERE schema_name = 'AUDIT' AND table_name = 'LOAD_HISTORY' ORDER BY database_name
                """
            )
        ]
    )
    histories = " UNION ALL ".join(
        f"SELECT {literal(name)} AS TABLE_CATALOG_NAME, h.* FROM {HistoryTable(name).sql()} AS h"
        for (name,) in databases
    )
    client.run(
        [
            Statement(
                f"""
                CREATE OR REPLACE VIEW SNOWFLAKE.ACCOUNT_USAGE.COPY_HISTORY AS
                SELECT TABLE_CATALOG_NAME, 'RAW' AS TABLE_SCHEMA_NAME, TABLE_NAME, PIPE AS PIPE_NAME, FILE AS FILE_NAME,
                    BYTES AS FILE_SIZE, ROWS_LOADED AS ROW_COUNT, FIRST_ERROR AS FIRST_ERROR_MESSAGE,
                    CASE STATUS WHEN '{LOADED}' THEN 'Loaded' WHEN '{LOADING}' THEN 'Load in progress'
                        ELSE 'Load failed' END AS STATUS,
                    LOADED_AT AT TIME ZONE 'UTC' AS LAST_LOAD_TIME
                FROM ({histories})
                """
            )
        ]
    )


def prepare_history(client: WarehouseClient, databases: set[str]) -> None:
    for database in sorted(databases):
        client.run(HistoryTable(database).create())


def text(at: datetime.datetime) -> str:
    """As the engine casts it to a TIMESTAMP in UTC."""
    return at.astimezone(datetime.UTC).replace(tzinfo=None).isoformat(sep=" ", timespec="microseconds")

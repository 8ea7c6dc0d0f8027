"""The store: one DuckDB file per Snowflake database, found again at the next start."""

from __future__ import annotations

from pathlib import Path

import duckdb
import fakesnow.info_schema as info_schema
import fakesnow.macros as macros
from fakesnow.instance import GLOBAL_DATABASE_NAME, FakeSnow
from fakesnow.transforms import show

from warehouse.launcher.limits import Limits

CATALOG_FILE = "catalog.duckdb"
"""Holds what Snowflake keeps beside the databases: stages, file formats, pipes, comments. Not named like a database's file."""

ACCOUNT_DATABASE = "SNOWFLAKE"
"""The database that every account has, with what the account knows of itself."""

ACCOUNT_USAGE = f"""
create schema if not exists {ACCOUNT_DATABASE}.ACCOUNT_USAGE;
create table if not exists {ACCOUNT_DATABASE}.ACCOUNT_USAGE.QUERY_HISTORY (
    QUERY_ID varchar, QUERY_TAG varchar, DATABASE_NAME varchar, WAREHOUSE_NAME varchar, EXECUTION_STATUS varchar,
    START_TIME timestamptz, TOTAL_ELAPSED_TIME bigint
);
create table if not exists {ACCOUNT_DATABASE}.ACCOUNT_USAGE.QUERY_ATTRIBUTION_HISTORY (
    QUERY_ID varchar, CREDITS_ATTRIBUTED_COMPUTE double
);
create table if not exists {ACCOUNT_DATABASE}.ACCOUNT_USAGE.PIPES (
    PIPE_ID bigint, PIPE_NAME varchar, PIPE_CATALOG varchar
);
create table if not exists {ACCOUNT_DATABASE}.ACCOUNT_USAGE.PIPE_USAGE_HISTORY (
    PIPE_ID bigint, START_TIME timestamptz, CREDITS_USED double, BYTES_BILLED bigint
);
"""
"""A laptop knows what ran for how long, and no credits: the tables that hold them stay empty."""


class StoreInUse(Exception):
    """Another process holds the files of this store."""


class FileStore(FakeSnow):
    """fakesnow over files.

    fakesnow keeps stages and file formats in memory and attaches a database only when somebody logs in to it by name, so after
    a restart a qualified name in a session of another database would not be found.
    """

    def __init__(self, folder: Path, limits: Limits = Limits()) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._start_memory(folder)
        connection = self.duck_conn
        connection.execute(f"SET memory_limit = '{limits.memory}'")
        connection.execute(f"SET threads = {limits.threads}")
        # Snowflake promises no order of rows either, and keeping it holds what is written in memory.
        connection.execute("SET preserve_insertion_order = false")
        connection.execute(f"SET temp_directory = {_literal(folder / 'spill')}")
        self._attach(folder / CATALOG_FILE, GLOBAL_DATABASE_NAME)
        connection.execute(info_schema.fs_global_creation_sql())
        connection.execute(show.fs_global_creation_sql())
        for file in sorted({folder / f"{ACCOUNT_DATABASE}.db", *folder.glob("*.db")}):
            self._attach(file, file.stem)
            connection.execute(info_schema.per_db_creation_sql(file.stem))
            connection.execute(macros.creation_sql(file.stem))
        connection.execute(ACCOUNT_USAGE)

    def _start_memory(self, folder: Path) -> None:
        # As in Snowflake, naming a database or schema at login does not make it.
        FakeSnow.__init__(self, create_database_on_connect=False, create_schema_on_connect=False, db_path=folder)
        # The constructor attached a catalog in memory: it makes room for the one in the file.
        self.duck_conn.execute(f"DETACH {GLOBAL_DATABASE_NAME}")

    def _attach(self, file: Path, name: str) -> None:
        try:
            self.duck_conn.execute(f"ATTACH {_literal(file)} AS {name}")
        except duckdb.IOException as error:
            if "lock" in str(error):
                raise StoreInUse(f"{file} is in use by another process") from error
            raise

    def checkpoint(self) -> None:
        """Moves what is committed from the logs into the files, so that the next start has nothing to replay."""
        names = self.duck_conn.execute(
            "select database_name from duckdb_databases() where path is not null and not internal"
        ).fetchall()
        for (name,) in names:
            try:
                self.duck_conn.execute(f'CHECKPOINT "{name}"')
            except duckdb.TransactionException:
                # Somebody's transaction is open. FORCE would wait for it for ever; the log is replayed at the next start.
                continue

    def close(self) -> None:
        self.checkpoint()
        self.duck_conn.close()


def _literal(path: Path) -> str:
    return "'" + str(path).replace("'", "''") + "'"

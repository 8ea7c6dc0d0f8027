"""Pipes: fakesnow knows none, so they are remembered here and answered to SHOW PIPES, from where the load follows them."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any

import fakesnow.server as fakesnow_server
import snowflake.connector.errors as snowflake_errors
from fakesnow.cursor import FakeSnowflakeCursor

from warehouse.launcher.patching import Patcher
from warehouse.launcher.statements import COMMENTS
from warehouse.pipes.requests import CREATE_WORK, WORK

TABLE = "_fs_global._fs_information_schema.millrace_pipes"
IDENTIFIER = r'(?:[A-Za-z_][\w$]*|"(?:[^"]|"")+")'
NAME = rf"{IDENTIFIER}(?:\.{IDENTIFIER}){{0,2}}"
FLAGS = re.IGNORECASE | re.DOTALL

CREATE = re.compile(
    rf"{COMMENTS}create\s+(?P<replace>or\s+replace\s+)?pipe\s+(?P<exists>if\s+not\s+exists\s+)?(?P<name>{NAME})"
    r"(?P<options>.*?)\bas\s+(?P<definition>copy\s+into\b.*)",
    FLAGS,
)
DROP = re.compile(rf"{COMMENTS}drop\s+pipe\s+(?P<exists>if\s+exists\s+)?(?P<name>{NAME})\s*", FLAGS)
ALTER = re.compile(
    rf"{COMMENTS}alter\s+pipe\s+(?P<exists>if\s+exists\s+)?(?P<name>{NAME})\s+(?:"
    r"set\s+pipe_execution_paused\s*=\s*(?P<paused>true|false)"
    rf"|set\s+error_integration\s*=\s*'?(?P<errors>{IDENTIFIER})'?|(?P<no_errors>unset\s+error_integration)"
    r"|(?P<refresh>refresh)(?:\s+prefix\s*=\s*'(?P<prefix>[^']*)')?(?:\s+modified_after\s*=\s*'(?P<after>[^']*)')?)\s*",
    FLAGS,
)
SHOW = re.compile(
    rf"{COMMENTS}show\s+pipes(\s+like\s+'(?P<like>[^']*)')?"
    rf"(\s+in\s+((?P<account>account)|database\s+(?P<database>{NAME})|(schema\s+)?(?P<schema>{NAME})))?\s*",
    FLAGS,
)
STATUS = re.compile(rf"{COMMENTS}select\s+system\$pipe_status\s*\(\s*'(?P<name>[^']+)'\s*\)(\s+as\s+\w+)?\s*", FLAGS)
ANY = re.compile(
    rf"{COMMENTS}((create(\s+or\s+\w+)?|drop|alter|show|desc|describe)\s+pipes?|select\s+system\$pipe_status)\b", FLAGS
)

CREATE_TABLE = f"""
create table if not exists {TABLE} (
    created_on timestamptz default current_timestamp,
    name varchar, database_name varchar, schema_name varchar, definition varchar,
    notification_channel varchar, comment varchar, auto_ingest boolean, paused boolean default false,
    primary key (database_name, schema_name, name)
)
"""


@dataclass(frozen=True)
class PipeName:
    database: str
    schema: str
    name: str

    def __str__(self) -> str:
        return f"{self.database}.{self.schema}.{self.name}"


def remembered_pipes(patcher: Patcher) -> None:
    """fakesnow fails on CREATE PIPE and answers no SHOW PIPES, so nobody could follow the pipes that the migrations make."""
    parse_one = fakesnow_server.parse_one
    patcher.replace(fakesnow_server, "parse_one", lambda sql: parse_one("select 1" if ANY.match(sql) else sql))
    execute = FakeSnowflakeCursor.execute

    def execute_pipe(self: FakeSnowflakeCursor, command: str, *args: Any, **kwargs: Any) -> Any:
        if not ANY.match(command):
            return execute(self, command, *args, **kwargs)
        return execute(self, _answer(self, command.rstrip().rstrip(";").rstrip()))

    patcher.replace(FakeSnowflakeCursor, "execute", execute_pipe)


def _answer(cursor: FakeSnowflakeCursor, command: str) -> str:
    """Does what the statement asks and returns the query whose result is its answer."""
    # An own DuckDB cursor: the caller may be in a transaction that has written another database already.
    with cursor._duck_conn.cursor() as catalog:  # noqa: SLF001
        catalog.execute(CREATE_TABLE)
        catalog.execute(CREATE_WORK)
        if match := CREATE.fullmatch(command):
            return _create(catalog, match, _resolve(cursor, match["name"]))
        if match := DROP.fullmatch(command):
            name = _resolve(cursor, match["name"])
            _change(catalog, f"delete from {TABLE}", name, missing_is_fine=bool(match["exists"]))
            return _status(f"{name.name} successfully dropped.")
        if match := ALTER.fullmatch(command):
            return _alter(catalog, match, _resolve(cursor, match["name"]))
        if match := SHOW.fullmatch(command):
            return _show(cursor, match)
        if match := STATUS.fullmatch(command):
            return _pipe_status(catalog, _resolve(cursor, match["name"]))
    raise snowflake_errors.ProgrammingError(
        msg=f"SQL compilation error:\nthe warehouse does not know this form of a pipe statement: {command[:200]}",
        errno=1003,
        sqlstate="42000",
    )


def _create(catalog: Any, match: re.Match[str], name: PipeName) -> str:
    exists = catalog.execute(
        f"select 1 from {TABLE} where database_name = ? and schema_name = ? and name = ?",
        [name.database, name.schema, name.name],
    ).fetchone()
    if exists and match["exists"]:
        return _status(f"{name.name} already exists, statement succeeded.")
    if exists and not match["replace"]:
        raise snowflake_errors.ProgrammingError(
            msg=f"SQL compilation error:\nObject '{name.name}' already exists.", errno=2002, sqlstate="42710"
        )
    options = match["options"]
    catalog.execute(f"delete from {WORK} where pipe = ?", [str(name)])
    # A pipe of that name may have been there before: what it had loaded is forgotten with it.
    _note(catalog, "recreated", name, "")
    errors = _option(options, rf"error_integration\s*=\s*'?({IDENTIFIER})'?")
    if errors:
        _note(catalog, "errors", name, _parts(errors)[0])
    catalog.execute(
        f"""
        insert or replace into {TABLE}
            (name, database_name, schema_name, definition, notification_channel, comment, auto_ingest)
        values (?, ?, ?, ?, ?, ?, ?)
        """,
        [
            name.name,
            name.database,
            name.schema,
            match["definition"].strip(),
            _option(options, r"aws_sns_topic\s*=\s*'([^']*)'"),
            _option(options, r"comment\s*=\s*'([^']*)'") or "",
            (_option(options, r"auto_ingest\s*=\s*(true|false)") or "false").lower() == "true",
        ],
    )
    return _status(f"Pipe {name.name} successfully created.")


def _alter(catalog: Any, match: re.Match[str], name: PipeName) -> str:
    paused = (match["paused"] or "paused").lower()
    # The count of rows says whether it is there; what is no part of the definition is noted beside it.
    _change(catalog, f"update {TABLE} set paused = {paused}", name, missing_is_fine=bool(match["exists"]))
    if match["refresh"]:
        _note(catalog, "refresh", name, json.dumps({"prefix": match["prefix"] or "", "after": match["after"] or ""}))
    elif match["paused"]:
        _note(catalog, "paused", name, paused)
    elif match["errors"]:
        _note(catalog, "errors", name, _parts(match["errors"])[0])
    else:
        catalog.execute(f"delete from {WORK} where what = 'errors' and pipe = ?", [str(name)])
    return _status("Statement executed successfully.")


def _note(catalog: Any, what: str, name: PipeName, value: str) -> None:
    catalog.execute(f"insert or replace into {WORK} values (?, ?, ?, now())", [what, str(name), value])


def _option(options: str, pattern: str) -> str | None:
    found = re.search(pattern, options, re.IGNORECASE)
    return found[1] if found else None


def _change(catalog: Any, statement: str, name: PipeName, missing_is_fine: bool) -> None:
    changed = catalog.execute(
        f"{statement} where database_name = ? and schema_name = ? and name = ?", [name.database, name.schema, name.name]
    ).fetchone()
    if not changed[0] and not missing_is_fine:
        raise _missing(name)


def _missing(name: PipeName) -> snowflake_errors.ProgrammingError:
    return snowflake_errors.ProgrammingError(
        msg=f"SQL compilation error:\nPipe '{name.database}.{name.schema}.{name.name}' does not exist or not authorized.",
        errno=2003,
        sqlstate="02000",
    )


def _show(cursor: FakeSnowflakeCursor, match: re.Match[str]) -> str:
    conditions = ["true"]
    if match["like"]:
        conditions.append(f"name ilike {_text(match['like'])}")
    if match["database"]:
        conditions.append(f"database_name = {_text(_parts(match['database'])[-1])}")
    elif match["schema"]:
        *database, schema = _parts(match["schema"])
        conditions.append(f"schema_name = {_text(schema)}")
        conditions.append(f"database_name = {_text(database[0] if database else cursor._conn.database or '')}")  # noqa: SLF001
    elif not match["account"] and cursor._conn.database:  # noqa: SLF001
        conditions.append(f"database_name = {_text(cursor._conn.database)}")  # noqa: SLF001
    return f"""
        select created_on as "created_on", name as "name", database_name as "database_name", schema_name as "schema_name",
            definition as "definition", 'SYSADMIN' as "owner", notification_channel as "notification_channel",
            comment as "comment", null as "integration", null as "pattern", work.value as "error_integration",
            'ROLE' as "owner_role_type", null as "invalid_reason", case when auto_ingest then 'STAGE' end as "kind",
            case when paused then 'PAUSED' else 'RUNNING' end as "execution_state"
        from {TABLE}
        left join {WORK} as work on work.what = 'errors' and work.pipe = concat_ws('.', database_name, schema_name, name)
        where {" and ".join(conditions)} order by database_name, schema_name, name
    """


def _pipe_status(catalog: Any, name: PipeName) -> str:
    row = catalog.execute(
        f"select paused from {TABLE} where database_name = ? and schema_name = ? and name = ?",
        [name.database, name.schema, name.name],
    ).fetchone()
    if row is None:
        raise _missing(name)
    state = "PAUSED" if row[0] else "RUNNING"
    return f"""select '{{"executionState":"{state}","pendingFileCount":{_pending(catalog, name)}}}' as status"""


def _pending(catalog: Any, name: PipeName) -> int:
    """Above 0 while the load may still be at a file of this pipe: it was asked to refresh, or has not seen the pause yet."""
    return catalog.execute(
        f"""
        select count(*) from {WORK} as work
        left join {WORK} as load on load.what = 'looked' and load.pipe = ''
        where work.pipe = ? and (
            work.what = 'refresh' or (work.what = 'paused' and work.value = 'true' and load.noted_at <= work.noted_at)
        )
        """,
        [str(name)],
    ).fetchone()[0]


def _resolve(cursor: FakeSnowflakeCursor, name: str) -> PipeName:
    connection = cursor._conn  # noqa: SLF001
    parts = _parts(name)
    database = parts[-3] if len(parts) == 3 else connection.database
    schema = parts[-2] if len(parts) >= 2 else connection.schema
    if not database or not schema:
        raise snowflake_errors.ProgrammingError(
            msg=f"Cannot perform this on pipe {name}: the session has no current database or schema.",
            errno=90105,
            sqlstate="22000",
        )
    return PipeName(database, schema, parts[-1])


def _parts(name: str) -> list[str]:
    return [p[1:-1].replace('""', '"') if p.startswith('"') else p.upper() for p in re.findall(IDENTIFIER, name)]


def _status(text: str) -> str:
    return f'select {_text(text)} as "status"'


def _text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"

"""What a warehouse has, in the words of the migrations: read with SHOW, DESC and the information schema."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from snowflake.connector import DictCursor, SnowflakeConnection
from snowflake.connector.errors import ProgrammingError

from warehouse.objects.effects import Granted
from warehouse.objects.state import State

Row = dict[str, Any]


@dataclass(frozen=True)
class Shown:
    """A SHOW statement and the option behind each of its columns that is compared."""

    statement: str
    kind: Callable[[Row], str]
    options: dict[str, str]


def _of(kind: str) -> Callable[[Row], str]:
    return lambda row: kind


SHOWN = (
    Shown(
        "show warehouses like '{database}%'",
        _of("WAREHOUSE"),
        {"auto_suspend": "AUTO_SUSPEND", "resource_monitor": "RESOURCE_MONITOR"},
    ),
    Shown("show roles like '{database}%'", _of("ROLE"), {}),
    Shown("show users like '{database}%'", _of("USER"), {"type": "TYPE", "default_role": "DEFAULT_ROLE"}),
    Shown("show resource monitors like '{database}%'", _of("RESOURCE MONITOR"), {"credit_quota": "CREDIT_QUOTA"}),
    Shown(
        "show integrations like '{database}%'",
        lambda row: f"{row['category'].upper()} INTEGRATION",
        {"enabled": "ENABLED"},
    ),
    Shown("show network policies like '{database}%'", _of("NETWORK POLICY"), {}),
    Shown("show masking policies in database {database}", _of("MASKING POLICY"), {}),
    Shown("show snowflake.core.budget in database {database}", _of("SNOWFLAKE.CORE.BUDGET"), {}),
    Shown("show tags in database {database}", _of("TAG"), {}),
    Shown(
        "show alerts in database {database}",
        _of("ALERT"),
        {"schedule": "SCHEDULE", "state": "STATE", "condition": "CONDITION", "action": "ACTION"},
    ),
    Shown("show tasks in database {database}", _of("TASK"), {"schedule": "SCHEDULE", "state": "STATE"}),
    Shown(
        "show pipes in database {database}",
        _of("PIPE"),
        {
            "definition": "DEFINITION",
            "notification_channel": "AWS_SNS_TOPIC",
            "error_integration": "ERROR_INTEGRATION",
            "execution_state": "STATE",
        },
    ),
    Shown(
        "show stages in database {database}", _of("STAGE"), {"url": "URL", "storage_integration": "STORAGE_INTEGRATION"}
    ),
    Shown("show schemas in database {database}", _of("SCHEMA"), {}),
    Shown("show views in database {database}", _of("VIEW"), {}),
)
DESCRIBED = {
    "STORAGE INTEGRATION": (
        "STORAGE_AWS_ROLE_ARN",
        "STORAGE_AWS_EXTERNAL_ID",
        "STORAGE_ALLOWED_LOCATIONS",
    ),
    "NOTIFICATION INTEGRATION": ("AWS_SNS_TOPIC_ARN", "AWS_SNS_ROLE_ARN"),
    "NETWORK POLICY": ("ALLOWED_IP_LIST",),
}


class Questions:
    """One connection; each answer as rows by column name, lower case."""

    def __init__(self, connection: SnowflakeConnection) -> None:
        self._connection = connection

    def ask(self, statement: str) -> list[Row]:
        with self._connection.cursor(DictCursor) as cursor:
            return [{key.lower(): value for key, value in row.items()} for row in cursor.execute(statement).fetchall()]


def read_state(questions: Questions, database: str, grantees: set[str], say: Callable[[str], None]) -> State:
    """Everything of this database and its environment, and what is granted to `grantees` (ROLE X, USER X).

    Asks about 60 questions: `say` is told of each kind.
    """
    state = State()
    for shown in SHOWN:
        say(f"reading {' '.join(shown.statement.split()[1:3]).removesuffix(' like').removesuffix(' in')}")
        for row in questions.ask(shown.statement.format(database=database)):
            options = {
                option: str(row[column]).strip()
                for column, option in shown.options.items()
                if row.get(column) not in (None, "", "null")
            }
            state.objects[(shown.kind(row), _name(row))] = options
    for kind, properties in DESCRIBED.items():
        for name in state.names(kind):
            state.objects[(kind, name)] |= _described(questions, kind, name, properties)
    for name in state.names("MASKING POLICY"):
        [policy] = questions.ask(f"desc masking policy {name}")
        state.objects[("MASKING POLICY", name)]["BODY"] = policy["body"]
    for name in state.names("SNOWFLAKE.CORE.BUDGET"):
        [[limit]] = (row.values() for row in questions.ask(f"call {name}!get_spending_limit()"))
        state.objects[("SNOWFLAKE.CORE.BUDGET", name)]["SPENDING_LIMIT"] = f"{float(limit):g}"
    say("reading columns")
    state.objects |= {("TABLE", name): columns for name, columns in _tables(questions, database).items()}
    say("reading file formats")
    for row in questions.ask(f"show file formats in database {database}"):
        state.objects[("FILE FORMAT", _name(row))] = _format(row)
    say("reading grants")
    there = {f"{kind} {name}" for kind, name in state.objects if kind in ("ROLE", "USER")} | {"ROLE SYSADMIN"}
    for grantee in sorted(grantees & there):
        state.grants |= _grants(questions, grantee)
    return state


def _name(row: Row) -> str:
    parts = [row.get("database_name"), row.get("schema_name"), row["name"]]
    return ".".join(str(part) for part in parts if part)


def _described(questions: Questions, kind: str, name: str, properties: tuple[str, ...]) -> dict[str, str]:
    try:
        rows = questions.ask(f"desc {'integration' if kind.endswith('INTEGRATION') else kind.lower()} {name}")
    except ProgrammingError as error:
        raise ProgrammingError(f"{name} is shown and cannot be described: {error.msg}") from error
    found = {
        str(row.get("property") or row.get("name")).upper(): str(row.get("property_value") or row.get("value") or "")
        for row in rows
    }
    return {name: found[name] for name in properties if found.get(name)}


def _tables(questions: Questions, database: str) -> dict[str, dict[str, str]]:
    rows = questions.ask(
        "select table_schema, table_name, column_name, data_type, is_nullable, numeric_precision, numeric_scale"
        f" from {database}.information_schema.columns where table_schema in ('RAW', 'AUDIT')"
    )
    tables: dict[str, dict[str, str]] = {}
    for row in rows:
        name = f"{database}.{row['table_schema']}.{row['table_name']}"
        required = "" if row["is_nullable"] == "YES" else " not null"
        tables.setdefault(name, {})[f"COLUMN {row['column_name']}"] = _type(row) + required
    return tables


def _type(row: Row) -> str:
    kind = row["data_type"].lower()
    if kind == "number":
        return f"number({row['numeric_precision']}, {row['numeric_scale']})"
    return {"text": "varchar", "timestamp_ntz": "timestamp_ntz(6)"}.get(kind, kind)


def _format(row: Row) -> dict[str, str]:
    options = json.loads(row["format_options"] or "{}")
    return {name: _text(value) for name, value in options.items()}


def _text(value: Any) -> str:
    if isinstance(value, list):
        return "(" + ", ".join(f"'{part}'" for part in value) + ")"
    return str(value).upper()


def _grants(questions: Questions, grantee: str) -> set[Granted]:
    rows = questions.ask(f"show grants to {grantee}")
    if grantee.startswith("USER "):
        return {Granted("USAGE", "ROLE", str(row.get("role") or row.get("name")), grantee) for row in rows}
    found = {
        Granted(row["privilege"], str(row["granted_on"]).replace("_", " "), str(row["name"]).replace('"', ""), grantee)
        for row in rows
    }
    return found | {
        Granted(
            row["privilege"],
            f"FUTURE {str(row['grant_on']).replace('_', ' ')}S",
            str(row["name"]).rsplit(".<", 1)[0],
            grantee,
        )
        for row in questions.ask(f"show future grants to {grantee}")
    }

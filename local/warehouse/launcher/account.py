"""What an account holds beside databases: remembered from the statements that would make it, and shown again.

A laptop has no warehouses, roles, users, integrations, policies, tags, alerts and tasks, and nothing here makes them do anything.
But what the migrations said of them can be asked for, so that a plan and a check see the same here as in an account.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

import fakesnow.server as fakesnow_server
import snowflake.connector.errors as snowflake_errors
from fakesnow.cursor import FakeSnowflakeCursor

from warehouse.launcher.patching import Patcher
from warehouse.launcher.statements import COMMENTS, is_account_level
from warehouse.objects.effects import PARTS, Changed, Dropped, Granted, effects
from warehouse.objects.sql import NAME, full_name, literal
from warehouse.objects.state import changed

OBJECTS = "_fs_global._fs_information_schema.millrace_objects"
GRANTS = "_fs_global._fs_information_schema.millrace_grants"
SNOWFLAKES_USER = "arn:aws:iam::111111111111:user/snowflake"
"""Snowflake's own IAM user, as this warehouse tells it: of the example account, like everything on a laptop."""

CREATE_TABLES = f"""
create table if not exists {OBJECTS} (
    kind varchar, name varchar, options varchar, created_on timestamptz default current_timestamp, primary key (kind, name)
);
create table if not exists {GRANTS} (
    privilege varchar, granted_on varchar, name varchar, grantee varchar, primary key (privilege, granted_on, name, grantee)
);
"""
FLAGS = re.IGNORECASE | re.DOTALL
REMEMBERED = {
    kind for kind in PARTS if kind not in ("DATABASE", "SCHEMA", "TABLE", "VIEW", "PIPE", "STAGE", "FILE FORMAT")
}
"""Kinds that nothing else here stores."""

SHOWN: dict[str, tuple[tuple[str, ...], dict[str, str]]] = {
    "WAREHOUSES": (
        ("WAREHOUSE",),
        {
            "size": "WAREHOUSE_SIZE",
            "auto_suspend": "AUTO_SUSPEND",
            "auto_resume": "AUTO_RESUME",
            "resource_monitor": "RESOURCE_MONITOR",
        },
    ),
    "ROLES": (("ROLE",), {}),
    "USERS": (("USER",), {"type": "TYPE", "default_role": "DEFAULT_ROLE", "default_warehouse": "DEFAULT_WAREHOUSE"}),
    "RESOURCE MONITORS": (("RESOURCE MONITOR",), {"credit_quota": "CREDIT_QUOTA", "frequency": "FREQUENCY"}),
    "INTEGRATIONS": (("STORAGE INTEGRATION", "NOTIFICATION INTEGRATION"), {"type": "TYPE", "enabled": "ENABLED"}),
    "NETWORK POLICIES": (("NETWORK POLICY",), {}),
    "MASKING POLICIES": (("MASKING POLICY",), {}),
    "SNOWFLAKE.CORE.BUDGET": (("SNOWFLAKE.CORE.BUDGET",), {}),
    "TAGS": (("TAG",), {}),
    "ALERTS": (
        ("ALERT",),
        {
            "warehouse": "WAREHOUSE",
            "schedule": "SCHEDULE",
            "state": "STATE",
            "condition": "CONDITION",
            "action": "ACTION",
        },
    ),
    "TASKS": (
        ("TASK",),
        {"warehouse": "WAREHOUSE", "schedule": "SCHEDULE", "state": "STATE", "definition": "DEFINITION"},
    ),
}
"""Word of SHOW -> kinds, and the option behind each column that SHOW has in an account."""

WORDS = "|".join(re.escape(word).replace(r"\ ", "[ ]+") for word in SHOWN)
SHOW = re.compile(
    rf"{COMMENTS}show\s+(?P<what>{WORDS})(\s+like\s+'(?P<like>[^']*)')?"
    rf"(\s+in\s+(account|database\s+(?P<database>{NAME})|schema\s+(?P<schema>{NAME})))?\s*",
    FLAGS,
)
SHOW_GRANTS = re.compile(
    rf"{COMMENTS}show\s+(?P<future>future\s+)?grants\s+to\s+(?P<to>role|user)\s+(?P<name>{NAME})\s*", FLAGS
)
DESCRIBE = re.compile(
    rf"{COMMENTS}desc(ribe)?\s+(?P<kind>(storage\s+|notification\s+)?integration|(network|masking)\s+policy|user)\s+(?P<name>{NAME})\s*",
    FLAGS,
)
SNS_POLICY = re.compile(
    rf"{COMMENTS}select\s+system\$get_aws_sns_iam_policy\s*\(\s*'(?P<topic>[^']+)'\s*\)(\s+as\s+\w+)?\s*", FLAGS
)
SPENDING_LIMIT = re.compile(rf"{COMMENTS}call\s+(?P<name>{NAME})!get_spending_limit\s*\(\s*\)\s*", FLAGS)
ANSWERED = (SHOW, SHOW_GRANTS, DESCRIBE, SNS_POLICY, SPENDING_LIMIT)


def remembered_account_objects(patcher: Patcher) -> None:
    """What is skipped as a statement about the account was gone: no plan and no check could see that it had been said."""
    parse_one = fakesnow_server.parse_one
    patcher.replace(fakesnow_server, "parse_one", lambda sql: parse_one("select 1" if _asks(sql) else sql))
    execute = FakeSnowflakeCursor.execute

    def execute_or_remember(self: FakeSnowflakeCursor, command: str, *args: Any, **kwargs: Any) -> Any:
        if _asks(command):
            return execute(self, _in_catalog(self, lambda catalog: _answer(catalog, command)))
        if is_account_level(command):
            connection = self._conn
            found = effects(command, connection.database, connection.schema)
            if found:
                _in_catalog(self, lambda catalog: [_remember(catalog, effect) for effect in found])
        return execute(self, command, *args, **kwargs)

    patcher.replace(FakeSnowflakeCursor, "execute", execute_or_remember)


def _asks(command: str) -> bool:
    bare = command.rstrip().rstrip(";")
    return any(pattern.fullmatch(bare) for pattern in ANSWERED)


def _in_catalog(cursor: FakeSnowflakeCursor, action: Callable[[Any], Any]) -> Any:
    # An own DuckDB cursor: the caller may be in a transaction that has written another database already.
    with cursor._duck_conn.cursor() as catalog:  # noqa: SLF001
        catalog.execute(CREATE_TABLES)
        return action(catalog)


def _remember(catalog: Any, effect: Any) -> None:
    if isinstance(effect, Granted):
        catalog.execute(
            f"insert or ignore into {GRANTS} values (?, ?, ?, ?)", [effect.privilege, effect.on, effect.name, effect.to]
        )
        return
    if effect.kind not in REMEMBERED:
        return
    row = catalog.execute(
        f"select options from {OBJECTS} where kind = ? and name = ?", [effect.kind, effect.name]
    ).fetchone()
    if isinstance(effect, Dropped):
        catalog.execute(f"delete from {OBJECTS} where kind = ? and name = ?", [effect.kind, effect.name])
    elif isinstance(effect, Changed):
        if row is not None:
            catalog.execute(
                f"update {OBJECTS} set options = ? where kind = ? and name = ?",
                [json.dumps(changed(json.loads(row[0]), effect)), effect.kind, effect.name],
            )
    elif row is None:
        catalog.execute(
            f"insert into {OBJECTS} (kind, name, options) values (?, ?, ?)",
            [effect.kind, effect.name, json.dumps(effect.options)],
        )


def _answer(catalog: Any, command: str) -> str:
    bare = command.rstrip().rstrip(";")
    if match := SHOW.fullmatch(bare):
        return _show(catalog, match)
    if match := SHOW_GRANTS.fullmatch(bare):
        return _show_grants(catalog, match)
    if match := DESCRIBE.fullmatch(bare):
        return _describe(catalog, match)
    if match := SPENDING_LIMIT.fullmatch(bare):
        _, options = _object(catalog, "SNOWFLAKE.CORE.BUDGET", match["name"].upper())
        return f'select {options.get("SPENDING_LIMIT", "-1")} as "GET_SPENDING_LIMIT"'
    match = SNS_POLICY.fullmatch(bare)
    assert match
    return f"select {literal(_sns_policy(match['topic']))} as policy"


def _show(catalog: Any, match: re.Match[str]) -> str:
    kinds, columns = SHOWN[" ".join(match["what"].upper().split())]
    found = catalog.execute(
        f"select kind, name, options, cast(created_on as varchar) from {OBJECTS} where list_contains(?, kind)"
        " and name ilike ? order by name",
        [list(kinds), "%" if match["like"] is None else f"%{match['like']}"],
    ).fetchall()
    within = f"{full_name(match['database'] or match['schema'] or '', None, None, 1)}."
    rows = []
    for kind, name, text, created_on in found:
        if within != "." and not name.startswith(within):
            continue
        options = json.loads(text)
        *place, own = name.rsplit(".", PARTS[kind] - 1)
        row = {"created_on": created_on, "name": own}
        if place:
            row |= {"database_name": place[0], "schema_name": place[1]}
        row |= {column: options.get(option) for column, option in columns.items()}
        if kind == "USER":
            row["has_rsa_public_key"] = "true" if "RSA_PUBLIC_KEY" in options else "false"
        if kind.endswith("INTEGRATION"):
            row["category"] = kind.split()[0]
        rows.append(row | {"comment": options.get("COMMENT", "")})
    names = ["created_on", "name"]
    if PARTS[kinds[0]] == 3:
        names += ["database_name", "schema_name"]
    names += list(columns)
    names += ["has_rsa_public_key"] if kinds == ("USER",) else []
    names += ["category"] if len(kinds) == 2 else []
    return _values([*names, "comment"], rows)


def _show_grants(catalog: Any, match: re.Match[str]) -> str:
    future = bool(match["future"])
    grants = catalog.execute(
        f"select privilege, granted_on, name from {GRANTS} where grantee = ? and starts_with(granted_on, 'FUTURE ') = ?"
        " order by all",
        [f"{match['to'].upper()} {match['name'].upper()}", future],
    ).fetchall()
    on = "grant_on" if future else "granted_on"
    rows = []
    for privilege, granted_on, name in grants:
        if future:
            # TABLES -> TABLE; in an account the name ends in <TABLE>.
            granted_on = granted_on.removeprefix("FUTURE ").removesuffix("S").replace(" ", "_")
            name = f"{name}.<{granted_on}>"
        rows.append({"privilege": privilege, on: granted_on, "name": name, "grantee_name": match["name"].upper()})
    return _values(["privilege", on, "name", "grantee_name"], rows)


def _describe(catalog: Any, match: re.Match[str]) -> str:
    kind, said = _object(catalog, " ".join(match["kind"].upper().split()), match["name"].upper())
    if kind == "MASKING POLICY":
        name = match["name"].upper().rsplit(".", 1)[-1]
        return _values(["name", "body"], [{"name": name, "body": said["BODY"]}])
    options = {key: _plain(value) for key, value in said.items()}
    if kind == "STORAGE INTEGRATION":
        options["STORAGE_AWS_IAM_USER_ARN"] = SNOWFLAKES_USER
    if kind == "NOTIFICATION INTEGRATION" and options.get("TYPE") == "QUEUE":
        options["SF_AWS_IAM_USER_ARN"] = SNOWFLAKES_USER
        # Its own, unlike that of a storage integration: nobody can choose it.
        options["SF_AWS_EXTERNAL_ID"] = f"standin_{match['name'].upper()}"
    return _values(
        ["property", "property_type", "property_value", "property_default"],
        [{"property": key, "property_type": "String", "property_value": value} for key, value in options.items()],
    )


def _object(catalog: Any, kind: str, name: str) -> tuple[str, dict[str, str]]:
    """Its kind, where the one that is asked for may be the end of it, and its options."""
    row = catalog.execute(
        f"select kind, options from {OBJECTS} where ends_with(kind, ?) and name = ?", [kind, name]
    ).fetchone()
    if row is None:
        raise snowflake_errors.ProgrammingError(
            msg=f"SQL compilation error:\n{kind.capitalize()} '{name}' does not exist or not authorized.",
            errno=2003,
            sqlstate="02000",
        )
    return row[0], json.loads(row[1])


def _plain(value: str) -> str:
    """A list as DESC prints it: without parentheses and quotes, joined by commas."""
    if not value.startswith("("):
        return value
    return ",".join(part.strip().strip("'") for part in value[1:-1].split(","))


def _sns_policy(topic: str) -> str:
    return json.dumps(
        {
            "Version": "2012-10-17",
            "Statement": [
                {
                    "Sid": "1",
                    "Effect": "Allow",
                    "Principal": {"AWS": SNOWFLAKES_USER},
                    "Action": ["sns:Subscribe"],
                    "Resource": [topic],
                }
            ],
        }
    )


def _values(names: list[str], rows: list[dict[str, str | None]]) -> str:
    columns = ", ".join(f'"{name}"' for name in names)
    if not rows:
        return (
            "select " + ", ".join(f"cast('' as varchar) as {column}" for column in columns.split(", ")) + " where false"
        )
    return " union all ".join(
        "select "
        + ", ".join(
            f'{"cast(null as varchar)" if row.get(name) is None else literal(str(row[name]))} as "{name}"'
            for name in names
        )
        for row in rows
    )

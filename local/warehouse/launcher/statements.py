"""Patches that look at the text of a statement before fakesnow translates it."""

from __future__ import annotations

import re
from typing import Any

import fakesnow.server as fakesnow_server
import fakesnow.transforms as transforms
from fakesnow.cursor import FakeSnowflakeCursor

from warehouse.launcher.patching import Patcher

COMMENTS = r"\s*(?:(?:--[^\n]*(?:\n|$)|/\*.*?\*/)\s*)*"
"""Comments that may stand before a statement: dbt writes its query comment there."""

POLICY = r"(masking|network|session|password|authentication|aggregation|projection|row\s+access)\s+(policy|rule)"
INTEGRATION = r"((storage|notification|security|catalog|api|external\s+access)\s+)?integration"
ACCOUNT_OBJECT = (
    rf"(account|alert|{INTEGRATION}|{POLICY}|procedure|resource\s+monitor|(database\s+)?role|share|stream|tag"
    r"|(temporary\s+)?task|user|warehouse)"
)

ACCOUNT_LEVEL = tuple(
    rf"(?is){COMMENTS}{statement}"
    for statement in (
        r"(grant|revoke)\b",
        r"alter\s+session\s+(un)?set\b",
        rf"(create(\s+or\s+(replace|alter))?|alter|drop|undrop)\s+{ACCOUNT_OBJECT}\b",
        r"(create(\s+or\s+replace)?|drop)\s+(secure\s+)?function\b",
        r"alter\s+stage\b",
        r"execute\s+(task|alert|immediate)\b",
        r"(create|drop)\s+snowflake\.core\.budget\b",
        r"call\s+(system\$|\S+!)",
        r"alter\s+(table|schema|database|view)\s+(if\s+exists\s+)?\S+\s+(un)?set\s+(?!data\s+type)",
        r"alter\s+(table|view)\s+(if\s+exists\s+)?\S+\s+(modify|alter)\s+(column\s+)?\S+\s+(comment\b|(un)?set\s+(tag|masking\s+policy)\b)",
        r"comment\s+on\b",
        r"(show|desc|describe)\s+(integrations?|roles|alerts|tasks|streams|policies|masking|tags)\b",
    )
)
"""Statements about the account, of which a laptop has none: they succeed and do nothing."""

DROPPED_CLAUSES = tuple(
    re.compile(clause, re.IGNORECASE)
    for clause in (
        # Of a column, and first, so that nothing in its text is taken for a clause. The comment of the object itself
        # has an equals sign and stays.
        r"\bcomment\s+'(?:[^']|'')*'",
        r"\bwith\s+managed\s+access\b",
        r"\b(with\s+)?masking\s+policy\s+[\w.\"]+(\s+using\s*\([^)]*\))?",
        r"\bwith\s+tag\s*\([^)]*\)",
        r"\bwith\s+row\s+access\s+policy\s+[\w.\"]+\s+on\s*\([^)]*\)",
        r"\bcopy\s+tags\b(?=\s+as\b)",
        r"\b(data_retention_time_in_days|max_data_extension_time_in_days)\s*=\s*\d+",
        r"\benable_schema_evolution\s*=\s*(true|false)",
    )
)
CREATES_OBJECT = re.compile(
    rf"{COMMENTS}(create\s+(or\s+\w+\s+)?(transient\s+|secure\s+)?(table|schema|view|database)|alter\s+table)\b",
    re.IGNORECASE | re.DOTALL,
)

ANSWERS = tuple(
    (re.compile(COMMENTS + statement, re.IGNORECASE | re.DOTALL), answer)
    for statement, answer in (
        (r"show\s+parameters\s+like\s+'query_tag'.*", """select 'QUERY_TAG' as "key", '' as "value" """),
        (
            r"show\s+grants\s+(on|to|of)\b.*",
            """select '' as "privilege", '' as "granted_to", '' as "grantee_name" where false""",
        ),
    )
)


def account_level_statements(patcher: Patcher) -> None:
    """fakesnow fails on grants, roles, warehouses, integrations, policies and the like, so no migration would run.

    The cursor already skips what matches `nop_regexes`, but the server parses each statement before the cursor sees it, and
    sqlglot cannot parse many of these.
    """
    parse_one = fakesnow_server.parse_one

    def parse(sql: str) -> Any:
        return parse_one("select 1" if is_account_level(sql) else sql)

    patcher.replace(fakesnow_server, "parse_one", parse)
    execute = FakeSnowflakeCursor.execute

    def execute_or_skip(self: FakeSnowflakeCursor, command: str, *args: Any, **kwargs: Any) -> Any:
        if is_account_level(command):
            # Past the translation, which takes longer than everything else about such a statement.
            self._execute(transforms.SUCCESS_NOP)
            return self
        return execute(self, command, *args, **kwargs)

    patcher.replace(FakeSnowflakeCursor, "execute", execute_or_skip)


def is_account_level(sql: str) -> bool:
    return any(re.match(statement, sql) for statement in ACCOUNT_LEVEL)


def clauses_without_meaning(patcher: Patcher) -> None:
    """DuckDB knows no managed access, tags, policies and retention: these clauses of CREATE are left out."""
    execute = FakeSnowflakeCursor.execute

    def execute_stripped(self: FakeSnowflakeCursor, command: str, *args: Any, **kwargs: Any) -> Any:
        return execute(self, stripped(command), *args, **kwargs)

    patcher.replace(FakeSnowflakeCursor, "execute", execute_stripped)
    parse_one = fakesnow_server.parse_one
    patcher.replace(fakesnow_server, "parse_one", lambda sql: parse_one(stripped(sql)))


def stripped(command: str) -> str:
    if CREATES_OBJECT.match(command):
        for clause in DROPPED_CLAUSES:
            command = clause.sub("", command)
    return command


def session_answers(patcher: Patcher) -> None:
    """dbt asks for the session's query tag and for grants: fakesnow has neither statement, so dbt's first model would fail."""
    execute = FakeSnowflakeCursor.execute

    def execute_answer(self: FakeSnowflakeCursor, command: str, *args: Any, **kwargs: Any) -> Any:
        return execute(self, answered(command), *args, **kwargs)

    patcher.replace(FakeSnowflakeCursor, "execute", execute_answer)
    parse_one = fakesnow_server.parse_one
    patcher.replace(fakesnow_server, "parse_one", lambda sql: parse_one(answered(sql)))


def answered(command: str) -> str:
    bare = command.rstrip().rstrip(";")
    return next((answer for statement, answer in ANSWERS if statement.fullmatch(bare)), command)

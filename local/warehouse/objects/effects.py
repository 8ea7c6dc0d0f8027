"""What one statement does to the objects: makes one, sets options of it, takes it away, or grants on it.

Read as far as the migrations go. A statement of another kind has no effect here, and that is not an error: comments and
queries pass through the same hands.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from warehouse.objects.sql import NAME, TEXT, full_name, unquoted, without_comments

PARTS = {
    "DATABASE": 1,
    "SCHEMA": 2,
    "WAREHOUSE": 1,
    "ROLE": 1,
    "USER": 1,
    "RESOURCE MONITOR": 1,
    "STORAGE INTEGRATION": 1,
    "NOTIFICATION INTEGRATION": 1,
    "NETWORK POLICY": 1,
    "MASKING POLICY": 3,
    "TAG": 3,
    "ALERT": 3,
    "TASK": 3,
    "TABLE": 3,
    "VIEW": 3,
    "PIPE": 3,
    "STAGE": 3,
    "FILE FORMAT": 3,
    "SNOWFLAKE.CORE.BUDGET": 3,
}
"""Kinds of objects and of how many parts a full name of each consists."""

FLAGS = re.IGNORECASE | re.DOTALL
KIND = "|".join(re.escape(kind).replace(r"\ ", r"\s+") for kind in sorted(PARTS, key=len, reverse=True))
CREATE = re.compile(
    rf"create\s+(?:or\s+replace\s+)?(?:transient\s+|secure\s+)?(?P<kind>{KIND})\s+(?:if\s+not\s+exists\s+)?(?P<name>{NAME})"
    r"(?P<rest>.*)",
    FLAGS,
)
DROP = re.compile(rf"drop\s+(?P<kind>{KIND})\s+(?:if\s+exists\s+)?(?P<name>{NAME})\s*", FLAGS)
ALTER = re.compile(rf"alter\s+(?P<kind>{KIND})\s+(?:if\s+exists\s+)?(?P<name>{NAME})\s+(?P<rest>.*)", FLAGS)
GRANT_ROLE = re.compile(rf"grant\s+role\s+(?P<role>{NAME})\s+to\s+(?P<to>role|user)\s+(?P<grantee>{NAME})", FLAGS)
GRANT = re.compile(
    rf"grant\s+(?P<privileges>[\w\s,]+?)\s+on\s+(?:(?P<every>all|future)\s+(?P<plural>[\w\s]+?)\s+in\s+(?P<scope>schema|database)"
    rf"|(?P<kind>[\w\s]+?))\s+(?P<name>{NAME})\s+to\s+role\s+(?P<role>{NAME})",
    FLAGS,
)
OPTION = re.compile(rf"(\w+)\s*=\s*({TEXT}|\((?:{TEXT}|[^()'])*\)|[\w.$]+)", FLAGS)
COLUMN = re.compile(rf"(?P<name>{NAME})\s+(?P<type>[a-z_]+(?:\s*\([^)]*\))?)(?P<more>.*)", FLAGS)
ALERT = re.compile(r"(?P<head>.*?)\bif\s*\(\s*exists\s*\((?P<condition>.*)\)\s*\)\s*then\b(?P<action>.*)", FLAGS)
POLICY = re.compile(rf"\s*as\s*\(.*?\)\s*returns\s+.*?->(?P<body>.*?)(\bcomment\s*=\s*{TEXT}\s*)?", FLAGS)
SPENDING_LIMIT = re.compile(rf"call\s+(?P<name>{NAME})!set_spending_limit\s*\(\s*(?P<limit>\d+)\s*\)", FLAGS)
BUDGET = re.compile(rf"create\s+snowflake\.core\.budget\s+(?:if\s+not\s+exists\s+)?(?P<name>{NAME})\s*\(\s*\)", FLAGS)


@dataclass(frozen=True)
class Made:
    kind: str
    name: str
    options: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Changed:
    """Options set to a value, or, where it is None, back to their default."""

    kind: str
    name: str
    options: dict[str, str | None] = field(default_factory=dict)


@dataclass(frozen=True)
class Dropped:
    kind: str
    name: str


@dataclass(frozen=True)
class Granted:
    privilege: str
    on: str
    """Kind of the object, or the plural of what a schema will hold: TABLE, FUTURE TABLES."""
    name: str
    to: str
    """ROLE X or USER X"""


Effect = Made | Changed | Dropped | Granted


def effects(statement: str, database: str | None = None, schema: str | None = None) -> list[Effect]:
    """What the statement does; unqualified names are of this database and schema."""
    text = without_comments(statement).strip().rstrip(";").strip()
    if match := BUDGET.fullmatch(text):
        return [Made("SNOWFLAKE.CORE.BUDGET", full_name(match["name"], database, schema, 3))]
    if match := SPENDING_LIMIT.fullmatch(text):
        name = full_name(match["name"], database, schema, 3)
        return [Changed("SNOWFLAKE.CORE.BUDGET", name, {"SPENDING_LIMIT": match["limit"]})]
    if match := CREATE.fullmatch(text):
        kind = _kind(match["kind"])
        name = full_name(match["name"], database, schema, PARTS[kind])
        return [Made(kind, name, _made(kind, match["rest"]))]
    if match := DROP.fullmatch(text):
        kind = _kind(match["kind"])
        return [Dropped(kind, full_name(match["name"], database, schema, PARTS[kind]))]
    if match := ALTER.fullmatch(text):
        kind = _kind(match["kind"])
        changed = _changed(kind, match["rest"])
        return [Changed(kind, full_name(match["name"], database, schema, PARTS[kind]), changed)] if changed else []
    if match := GRANT_ROLE.fullmatch(text):
        to = f"{match['to'].upper()} {match['grantee'].upper()}"
        return [Granted("USAGE", "ROLE", match["role"].upper(), to)]
    if match := GRANT.fullmatch(text):
        return _granted(match, database, schema)
    return []


def _kind(text: str) -> str:
    return " ".join(text.upper().split())


def _made(kind: str, rest: str) -> dict[str, str]:
    if kind == "TABLE":
        return {f"COLUMN {name}": type_ for name, type_ in _columns(rest)}
    if kind == "PIPE":
        head, _, definition = re.split(r"(\bas\b)(?=\s+copy\b)", rest, maxsplit=1, flags=FLAGS)
        return _options(head) | {"DEFINITION": definition.strip()}
    if kind == "ALERT":
        match = ALERT.fullmatch(rest)
        if match is None:
            raise ValueError(f"an alert without condition and action: {rest[:80]}")
        found = {"CONDITION": match["condition"].strip(), "ACTION": match["action"].strip()}
        return _options(match["head"]) | found | {"STATE": "SUSPENDED"}
    if kind == "TASK":
        head, definition = re.split(r"\bas\b", rest, maxsplit=1, flags=FLAGS)
        return _options(head) | {"DEFINITION": definition.strip(), "STATE": "SUSPENDED"}
    if kind == "MASKING POLICY":
        match = POLICY.fullmatch(rest)
        if match is None:
            raise ValueError(f"a masking policy without a body: {rest[:80]}")
        return {"BODY": match["body"].strip()}
    if kind == "VIEW":
        return {}
    if kind == "RESOURCE MONITOR":
        return _options(re.split(r"\btriggers\b", rest, maxsplit=1, flags=FLAGS)[0])
    return _options(rest)


def _options(text: str) -> dict[str, str]:
    return {name.upper(): _value(value) for name, value in OPTION.findall(text)}


def _value(text: str) -> str:
    """Texts without quotes, words upper case, lists in one form."""
    if text.startswith("("):
        return "(" + ", ".join(part.strip() for part in re.split(rf",(?=(?:[^']|{TEXT})*$)", text[1:-1].strip())) + ")"
    return unquoted(text) if text.startswith("'") else text.upper()


def _columns(rest: str) -> list[tuple[str, str]]:
    """Name and type of each column, as `number(19, 0) not null`; comments, tags and policies left out."""
    body = rest[rest.index("(") + 1 : _closing(rest)]
    return [_column(part) for part in _parts(body)]


def _column(text: str) -> tuple[str, str]:
    match = COLUMN.fullmatch(text.strip())
    if match is None:
        raise ValueError(f"cannot read the column {text.strip()!r}")
    required = re.match(r"\s+not\s+null\b", match["more"], re.IGNORECASE)
    type_ = re.sub(r"\s+", "", match["type"].lower()).replace(",", ", ")
    return match["name"].upper(), type_ + (" not null" if required else "")


def _closing(text: str) -> int:
    depth = 0
    for match in re.finditer(rf"{TEXT}|[()]", text):
        depth += {"(": 1, ")": -1}.get(match[0], 0)
        if match[0] == ")" and not depth:
            return match.start()
    raise ValueError("a parenthesis is not closed")


def _parts(body: str) -> list[str]:
    """Split at the commas that no parenthesis and no text holds."""
    parts, depth, start = [], 0, 0
    for match in re.finditer(rf"{TEXT}|[(),]", body):
        depth += {"(": 1, ")": -1}.get(match[0], 0)
        if match[0] == "," and not depth:
            parts.append(body[start : match.start()])
            start = match.end()
    return [*parts, body[start:]]


def _changed(kind: str, rest: str) -> dict[str, str | None]:
    if match := re.fullmatch(r"(resume|suspend)", rest.strip(), FLAGS):
        return {"STATE": "STARTED" if match[1].lower() == "resume" else "SUSPENDED"}
    if match := re.fullmatch(r"modify\s+condition\s+exists\s*\((?P<text>.*)\)", rest, FLAGS):
        return {"CONDITION": match["text"].strip()}
    if match := re.fullmatch(r"modify\s+action\s+(?P<text>.*)", rest, FLAGS):
        return {"ACTION": match["text"].strip()}
    if kind == "MASKING POLICY" and (match := re.fullmatch(r"set\s+body\s*->(?P<body>.*)", rest, FLAGS)):
        return {"BODY": match["body"].strip()}
    if kind == "TABLE":
        if match := re.fullmatch(r"add\s+column\s+(?:if\s+not\s+exists\s+)?(?P<column>.*)", rest, FLAGS):
            name, type_ = _column(match["column"])
            return {f"COLUMN {name}": type_}
        if match := re.fullmatch(rf"drop\s+column\s+(?:if\s+exists\s+)?(?P<name>{NAME})", rest, FLAGS):
            return {f"COLUMN {match['name'].upper()}": None}
        if match := re.fullmatch(
            rf"(?:modify|alter)\s+column\s+(?P<name>{NAME})\s+set\s+data\s+type\s+(?P<type>[\w(), ]+)", rest, FLAGS
        ):
            return {f"COLUMN {match['name'].upper()}": _column(f"c {match['type']}")[1]}
        return {}
    if re.match(r"set\s+(tag|masking\s+policy)\b", rest, FLAGS):
        return {}
    if re.match(r"set\b", rest, FLAGS):
        head = re.split(r"\btriggers\b", rest, maxsplit=1, flags=FLAGS)[0]
        return dict(_options(head))
    if match := re.fullmatch(r"unset\s+(?P<names>[\w\s,]+)", rest, FLAGS):
        return {name.strip().upper(): None for name in match["names"].split(",")}
    return {}


def _granted(match: re.Match[str], database: str | None, schema: str | None) -> list[Effect]:
    if (match["every"] or "").lower() == "all":
        return []  # of what is there at that moment: nothing that can be compared later
    if match["every"]:
        on = f"FUTURE {_kind(match['plural'])}"
        name = full_name(match["name"], database, schema, 2 if match["scope"].lower() == "schema" else 1)
    else:
        on = _kind(match["kind"])
        parts = PARTS.get(on, 3 if "." in match["name"] else 1)
        name = full_name(match["name"], database, schema, parts)
    to = "ROLE " + match["role"].upper()
    return [Granted(_kind(privilege), on, name, to) for privilege in match["privileges"].split(",")]

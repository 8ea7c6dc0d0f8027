"""Statements as text: split at their semicolons, without comments."""

from __future__ import annotations

import re

TEXT = r"'(?:[^']|'')*'"
IDENTIFIER = r'(?:[A-Za-z_][\w$]*|"(?:[^"]|"")+")'
NAME = rf"{IDENTIFIER}(?:\.{IDENTIFIER})*"

_QUOTED_OR_COMMENT = re.compile(rf"{TEXT}|\$\$.*?\$\$|--[^\n]*|/\*.*?\*/", re.DOTALL)
_STATEMENT = re.compile(rf"(?:{TEXT}|\$\$.*?\$\$|[^;'$]|\$(?!\$))+", re.DOTALL)


def without_comments(text: str) -> str:
    """Comments become nothing; what looks like one inside of a text stays."""
    return _QUOTED_OR_COMMENT.sub(lambda match: "" if match[0].startswith(("--", "/*")) else match[0], text)


def split(text: str) -> list[str]:
    """The statements of a script; a semicolon inside of a text ends none."""
    return [part.strip() for part in _STATEMENT.findall(without_comments(text)) if part.strip()]


def unquoted(text: str) -> str:
    """The value of a text, or the word itself."""
    return text[1:-1].replace("''", "'") if text.startswith("'") else text


def literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def squeezed(text: str) -> str:
    """One statement on one line, so that two ways of laying it out compare equal. Texts stay as they are."""
    return "".join(
        part if part.startswith("'") else re.sub(r"\s*([(),=])\s*", r"\1", re.sub(r"\s+", " ", part)).upper()
        for part in re.split(rf"({TEXT})", text.strip().rstrip(";").strip())
    )


def full_name(text: str, database: str | None, schema: str | None, parts: int) -> str:
    """The name in as many parts as its kind of object has, upper case unless it is quoted, without quotes."""
    own = [
        part[1:-1].replace('""', '"') if part.startswith('"') else part.upper() for part in re.findall(IDENTIFIER, text)
    ]
    context = [database or "", schema or ""][: parts - 1] if parts > 1 else []
    missing = max(0, parts - len(own))
    return ".".join([*context[:missing], *own])

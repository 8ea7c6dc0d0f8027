"""DuckDB's type names as a tree, and the expressions that turn a typed value into the JSON of an NDJSON file."""

from __future__ import annotations

import re
from dataclasses import dataclass

TEXT_TIME = "'%Y-%m-%dT%H:%M:%S.%fZ'"
"""RFC 3339 with exactly six digits, as in NDJSON files."""


@dataclass(frozen=True)
class ColumnType:
    """LIST has one child without name, MAP key and value, STRUCT its fields; any other is a leaf."""

    name: str
    children: tuple[tuple[str, ColumnType], ...] = ()

    def nested(self) -> bool:
        return self.name in ("LIST", "MAP", "STRUCT")


def parse_type(text: str) -> ColumnType:
    """Reads a type as DESCRIBE prints it, such as STRUCT(a INTEGER, "b c" MAP(VARCHAR, TIMESTAMP))[]."""
    reader = _TypeReader(text)
    parsed = reader.type()
    if reader.rest():
        raise ValueError(f"cannot read the type {text!r}")
    return parsed


class _TypeReader:
    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0

    def rest(self) -> str:
        return self._text[self._at :].strip()

    def type(self) -> ColumnType:
        name = self._match(r"[A-Z_][A-Z0-9_ ]*[A-Z0-9_]|[A-Z]")
        children: tuple[tuple[str, ColumnType], ...] = ()
        if name == "STRUCT":
            children = self._parts(named=True)
        elif name == "MAP":
            key, value = self._parts(named=False)
            children = (("key", key[1]), ("value", value[1]))
        elif self.rest().startswith("("):
            name += self._match(r"\((?:[^()']|'(?:[^']|'')*')*\)")
        parsed = ColumnType(name, children)
        while re.match(r"\[\d*\]", self.rest()):
            self._match(r"\[\d*\]")
            parsed = ColumnType("LIST", (("", parsed),))
        return parsed

    def _parts(self, named: bool) -> tuple[tuple[str, ColumnType], ...]:
        self._match(r"\(")
        parts = []
        while True:
            name = self._field() if named else ""
            parts.append((name, self.type()))
            if self._match(r"[,)]") == ")":
                return tuple(parts)

    def _field(self) -> str:
        name = self._match(r'"(?:[^"]|"")+"|[A-Za-z_]\w*')
        return name[1:-1].replace('""', '"') if name.startswith('"') else name

    def _match(self, pattern: str) -> str:
        match = re.compile(rf"\s*({pattern})").match(self._text, self._at)
        if match is None:
            raise ValueError(f"cannot read the type {self._text!r} at {self._text[self._at :]!r}")
        self._at = match.end()
        return match[1]


def json_of(expression: str, column_type: ColumnType, depth: int = 0) -> str:
    """SQL that gives the value as proto3 JSON has it: times as text in UTC, bytes in base64, no NaN as number."""
    name = column_type.name
    if _plain(column_type):
        return f"to_json({expression})"
    if name == "STRUCT":
        fields = ", ".join(
            f"{literal(field)}, {json_of(f'struct_extract({expression}, {literal(field)})', child, depth)}"
            for field, child in column_type.children
        )
        return f"CASE WHEN {expression} IS NOT NULL THEN json_object({fields}) END"
    item = f"v{depth}"
    if name == "LIST":
        element = json_of(item, column_type.children[0][1], depth + 1)
        return f"to_json(list_transform({expression}, lambda {item}: {element}))"
    if name == "MAP":
        value = json_of(f"{item}.value", column_type.children[1][1], depth + 1)
        entry = f"{{'key': CAST({item}.key AS VARCHAR), 'value': {value}}}"
        return f"to_json(map_from_entries(list_transform(map_entries({expression}), lambda {item}: {entry})))"
    if name.startswith("TIMESTAMP"):
        return f"to_json(strftime({in_utc(expression, column_type)}, {TEXT_TIME}))"
    if name == "BLOB":
        return f"to_json(base64({expression}))"
    # FLOAT and DOUBLE: JSON has no NaN and no infinity, so they are text; the shortest decimal of a FLOAT is what JSON writers print.
    number = f"CAST(CAST({expression} AS VARCHAR) AS DOUBLE)" if name == "FLOAT" else expression
    words = f"CASE WHEN isnan({expression}) THEN 'NaN' WHEN {expression} > 0 THEN 'Infinity' ELSE '-Infinity' END"
    return f"CASE WHEN isfinite({expression}) THEN to_json({number}) WHEN {expression} IS NOT NULL THEN to_json({words}) END"


def in_utc(expression: str, column_type: ColumnType) -> str:
    """The wall clock in UTC of a timestamp with or without zone."""
    if column_type.name == "TIMESTAMP WITH TIME ZONE":
        return f"({expression} AT TIME ZONE 'UTC')"
    return f"CAST({expression} AS TIMESTAMP)"


def _plain(column_type: ColumnType) -> bool:
    """DuckDB's own JSON of such a value is what the NDJSON file has."""
    if column_type.nested():
        return all(_plain(child) for _, child in column_type.children)
    return column_type.name not in ("FLOAT", "DOUBLE", "BLOB") and not column_type.name.startswith("TIMESTAMP")


def literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'

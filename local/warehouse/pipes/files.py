"""Groups of files that one statement reads, as Parquet or as JSON lines."""

from __future__ import annotations

import glob
from dataclasses import dataclass, field
from typing import Protocol

from warehouse.pipes.client import Rows
from warehouse.pipes.column_types import in_utc, json_of, literal, parse_type, quoted

PATH = "_millrace_path"
ROW = "_millrace_row"


@dataclass(frozen=True)
class TargetColumn:
    """A column of the table, typed as DuckDB names it."""

    name: str
    type: str
    nullable: bool


class FilesRefused(Exception):
    """These files cannot be rows of the table. The message says why."""


class Files(Protocol):
    """What the load needs to know of a group of files. In the SELECT they are called `f`, with their path in PATH."""

    def describe(self) -> str:
        """A query whose rows say what columns the files have."""

    def rows_by_path(self) -> str:
        """A query of (path, number of rows)."""

    def source(self) -> str: ...

    def row_number(self) -> str:
        """The row's number in its file, from 1."""

    def values(self, columns: list[TargetColumn], described: Rows) -> dict[str, str]:
        """Column of the table -> expression over `f`. Columns that no file has are absent, columns that no table has too."""


@dataclass(frozen=True)
class ParquetFiles:
    paths: tuple[str, ...]

    def describe(self) -> str:
        return f"DESCRIBE SELECT * FROM {self.source()}"

    def rows_by_path(self) -> str:
        return f"SELECT file_name, num_rows FROM parquet_file_metadata({_list(self.paths)})"

    def source(self) -> str:
        return (
            f"read_parquet({_list(self.paths)}, union_by_name = true, hive_partitioning = false, filename = '{PATH}')"
        )

    def row_number(self) -> str:
        return "f.file_row_number + 1"

    def values(self, columns: list[TargetColumn], described: Rows) -> dict[str, str]:
        types = {name: type_ for name, type_, *_ in described if name != PATH}
        if "file_row_number" in types:
            raise FilesRefused("a column file_row_number would hide the numbers of the rows")
        found = _without_regard_to_case(list(types))
        return {
            column.name: _from_parquet(
                f"f.{quoted(found[column.name.upper()])}", types[found[column.name.upper()]], column.type
            )
            for column in columns
            if column.name.upper() in found
        }


@dataclass(frozen=True)
class NdjsonFiles:
    """JSON lines. DuckDB does not number them per file, so the rows of the files before are subtracted."""

    paths: tuple[str, ...]
    compression: str
    _rows: dict[str, int] = field(default_factory=dict)
    _types: dict[str, str] = field(default_factory=dict)

    def describe(self) -> str:
        return f"""
            SELECT {PATH}, count(*), list(DISTINCT json_keys(json))
            FROM read_ndjson_objects({_list(self.paths)}, {self._options()}) GROUP BY {PATH}
        """

    def rows_by_path(self) -> str:
        return f"SELECT * FROM (VALUES {', '.join(f'({literal(path)}, {rows})' for path, rows in self._rows.items())})"

    def source(self) -> str:
        columns = ", ".join(f"{literal(key)}: '{type_}'" for key, type_ in self._types.items())
        before, total = [], 0
        for path in self.paths:
            before.append(f"({literal(path)}, {total})")
            total += self._rows.get(path, 0)
        # A window without order numbers the lines as they are read, and files are read in the order of the list. The join comes
        # after the numbers: it may change the order.
        return f"""(
            SELECT lines.* REPLACE (lines.{ROW} - earlier.total AS {ROW})
            FROM (
                SELECT *, row_number() OVER () AS {ROW}
                FROM read_json({_list(self.paths)}, {self._options()}, format = 'newline_delimited', columns = {{{columns}}})
            ) AS lines
            JOIN (VALUES {", ".join(before)}) AS earlier(path, total) ON earlier.path = lines.{PATH}
        )"""

    def row_number(self) -> str:
        return f"f.{ROW}"

    def values(self, columns: list[TargetColumn], described: Rows) -> dict[str, str]:
        self._rows.update({path: rows for path, rows, _ in described})
        key_lists = [keys for _, _, lists in described for keys in lists]
        if any(not keys for keys in key_lists):
            raise FilesRefused("a line is no JSON object with values")
        if any(len(keys) != len(set(keys)) for keys in key_lists):
            raise FilesRefused("a line has a key twice")
        found = _without_regard_to_case(sorted({key for keys in key_lists for key in keys}))
        taken = {
            column.name: (found[column.name.upper()], column.type) for column in columns if column.name.upper() in found
        }
        self._types.update({key: "JSON" if type_ == "JSON" else "VARCHAR" for key, type_ in taken.values()})
        return {name: _from_text(f"f.{quoted(key)}", type_) for name, (key, type_) in taken.items()}

    def _options(self) -> str:
        return f"compression = '{self.compression}', hive_partitioning = false, filename = '{PATH}'"


def _list(paths: tuple[str, ...]) -> str:
    # A bracket in the path of the checkout would be read as a pattern.
    return "[" + ", ".join(literal(glob.escape(path)) for path in paths) + "]"


def _without_regard_to_case(names: list[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for name in names:
        if name.upper() in found:
            raise FilesRefused(f"the column {name} is there twice, in different case")
        found[name.upper()] = name
    return found


def _from_parquet(expression: str, source: str, target: str) -> str:
    source_type = parse_type(source)
    if target == "JSON":
        return json_of(expression, source_type)
    if source_type.nested():
        return f"CAST(CAST({json_of(expression, source_type)} AS VARCHAR) AS {target})"
    if target == "TIMESTAMP" and source_type.name.startswith("TIMESTAMP"):
        return in_utc(expression, source_type)
    return expression if source_type.name == target else f"CAST({expression} AS {target})"


def _from_text(value: str, target: str) -> str:
    if target == "JSON":
        # A null of the file is no value here, as in a Parquet file.
        return f"CASE WHEN json_type({value}) <> 'NULL' THEN {value} END"
    if target == "VARCHAR":
        return value
    if target == "BLOB":
        return f"from_base64({value})"
    if target == "TIMESTAMP":
        return f"(CAST({value} AS TIMESTAMP WITH TIME ZONE) AT TIME ZONE 'UTC')"
    return f"CAST({value} AS {target})"

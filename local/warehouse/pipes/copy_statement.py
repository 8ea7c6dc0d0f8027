"""The COPY statement of a pipe, read strictly: what the stand-in does not know it refuses, instead of loading something else."""

from __future__ import annotations

import re
from dataclasses import dataclass

TOKEN = re.compile(
    r"""\s*(?:
        (?P<text>'(?:[^']|'')*')
      | (?P<word>"(?:[^"]|"")+"|[A-Za-z_][\w$]*)
      | (?P<stage>@[^\s()]+)
      | (?P<mark>[(),=.])
    )""",
    re.VERBOSE,
)
COMMENT = re.compile(r"--[^\n]*|/\*.*?\*/", re.DOTALL)
METADATA_FIELDS = {
    "METADATA$FILENAME": "FILENAME",
    "METADATA$FILE_ROW_NUMBER": "FILE_ROW_NUMBER",
    "METADATA$START_SCAN_TIME": "START_SCAN_TIME",
}


class PipeDefinitionError(Exception):
    """A pipe the stand-in cannot follow. The message names the pipe and what is wrong with it."""


@dataclass(frozen=True)
class ObjectName:
    database: str
    schema: str
    name: str

    def __str__(self) -> str:
        return f"{self.database}.{self.schema}.{self.name}"

    def quoted(self) -> str:
        return ".".join('"' + part.replace('"', '""') + '"' for part in (self.database, self.schema, self.name))


@dataclass(frozen=True)
class CopyStatement:
    """COPY INTO table FROM @stage/path with the options that all our pipes have."""

    table: ObjectName
    stage: ObjectName
    path: str
    file_format: ObjectName
    metadata: dict[str, str]
    """Column of the table -> FILENAME, FILE_ROW_NUMBER or START_SCAN_TIME."""


def parse_copy(pipe: ObjectName, definition: str) -> CopyStatement:
    """Reads the definition of this pipe; names it does not qualify are in the pipe's own schema."""
    return _Reader(pipe, definition).statement()


class _Reader:
    def __init__(self, pipe: ObjectName, definition: str) -> None:
        self._pipe = pipe
        self._tokens = self._split(COMMENT.sub(" ", definition).strip().rstrip(";").rstrip())

    def _split(self, text: str) -> list[tuple[str, str]]:
        tokens, at = [], 0
        while at < len(text):
            match = TOKEN.match(text, at)
            if match is None:
                raise self._error(f"cannot read {text[at : at + 40]!r}")
            tokens.append((match.lastgroup or "", match[match.lastgroup or 0]))
            at = match.end()
        return tokens

    def statement(self) -> CopyStatement:
        self._words("COPY", "INTO")
        table = self._name(self._dotted())
        self._words("FROM")
        stage, path = self._location()
        options = self._options()
        missing = {"FILE_FORMAT", "MATCH_BY_COLUMN_NAME", "INCLUDE_METADATA", "ON_ERROR"} - options.keys()
        if missing:
            raise self._error(f"does not say {', '.join(sorted(missing))}; every option must be explicit")
        return CopyStatement(table, stage, path, options["FILE_FORMAT"], options["INCLUDE_METADATA"])

    def _options(self) -> dict:
        readers = {
            "FILE_FORMAT": self._file_format,
            "INCLUDE_METADATA": self._metadata,
            "MATCH_BY_COLUMN_NAME": lambda: self._only("MATCH_BY_COLUMN_NAME", "CASE_INSENSITIVE"),
            "ON_ERROR": lambda: self._only("ON_ERROR", "SKIP_FILE"),
        }
        options: dict = {}
        while self._tokens:
            name = self._take("word").upper()
            if name not in readers:
                raise self._error(f"has the option {name}, which the stand-in does not know")
            if name in options:
                raise self._error(f"says {name} twice")
            self._mark("=")
            options[name] = readers[name]()
        return options

    def _location(self) -> tuple[ObjectName, str]:
        kind, token = self._next()
        if kind == "text":
            token = _unquoted(token)
        elif kind != "stage":
            raise self._error(f"copies from {token}; only a stage can be followed")
        match = re.fullmatch(r'@([\w$."]+)(?:/(.*))?', token)
        if match is None:
            raise self._error(f"copies from {token!r}, which is no stage and path")
        parts = re.findall(r'"(?:[^"]|"")+"|[^.]+', match[1])
        return self._name([_identifier(part) for part in parts]), match[2] or ""

    def _file_format(self) -> ObjectName:
        self._mark("(")
        self._words("FORMAT_NAME")
        self._mark("=")
        kind, token = self._next()
        if kind != "text":
            raise self._error("must name its file format in quotes: FORMAT_NAME = '...'")
        parts = re.findall(r'"(?:[^"]|"")+"|[^.]+', _unquoted(token))
        self._mark(")")
        return self._name([_identifier(part) for part in parts])

    def _metadata(self) -> dict[str, str]:
        self._mark("(")
        columns: dict[str, str] = {}
        while True:
            column = _identifier(self._take("word"))
            self._mark("=")
            field = self._take("word").upper()
            if field not in METADATA_FIELDS:
                raise self._error(f"includes {field}, which the stand-in does not know")
            columns[column] = METADATA_FIELDS[field]
            mark = self._take("mark")
            if mark == ")":
                return columns
            if mark != ",":
                raise self._error(f"has {mark!r} in INCLUDE_METADATA")

    def _only(self, option: str, value: str) -> str:
        actual = self._take("word").upper()
        if actual != value:
            raise self._error(f"says {option} = {actual}; the stand-in only plays {value}")
        return actual

    def _dotted(self) -> list[str]:
        parts = [_identifier(self._take("word"))]
        while self._tokens and self._tokens[0] == ("mark", "."):
            self._next()
            parts.append(_identifier(self._take("word")))
        return parts

    def _name(self, parts: list[str]) -> ObjectName:
        if not 1 <= len(parts) <= 3:
            raise self._error(f"has the name {'.'.join(parts)}")
        qualified = [self._pipe.database, self._pipe.schema][: 3 - len(parts)] + parts
        return ObjectName(*qualified)

    def _words(self, *words: str) -> None:
        for word in words:
            actual = self._take("word")
            if actual.upper() != word:
                raise self._error(f"has {actual} where {word} is expected")

    def _mark(self, mark: str) -> None:
        actual = self._take("mark")
        if actual != mark:
            raise self._error(f"has {actual!r} where {mark!r} is expected")

    def _take(self, kind: str) -> str:
        actual, token = self._next()
        if actual != kind:
            raise self._error(f"has {token!r} where a {kind} is expected")
        return token

    def _next(self) -> tuple[str, str]:
        if not self._tokens:
            raise self._error("ends in the middle")
        return self._tokens.pop(0)

    def _error(self, what: str) -> PipeDefinitionError:
        return PipeDefinitionError(f"The COPY of pipe {self._pipe} {what}.")


def _unquoted(token: str) -> str:
    return token[1:-1].replace("''", "'")


def _identifier(word: str) -> str:
    return word[1:-1].replace('""', '"') if word.startswith('"') else word.upper()

"""Statements of a text as trees, and what is found in them."""

from __future__ import annotations

import logging
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import sqlglot
from sqlglot import exp
from sqlglot.errors import ParseError, TokenError

# It warns of each statement that it keeps as a text; those are read by sqlfluff.
logging.getLogger("sqlglot").setLevel(logging.ERROR)


@dataclass(frozen=True)
class Finding:
    """`place` is a file, `line` counts from 1 in the text that was read; `says` ends with what to write instead."""

    place: str
    line: int
    rule: str
    says: str

    def __str__(self) -> str:
        return f"{self.place}:{self.line}: {self.rule}: {self.says}"


def read(place: str, text: str) -> tuple[list[exp.Expression], list[Finding]]:
    """The statements of a text, or the finding that it is none."""
    try:
        trees = sqlglot.parse(text, dialect="snowflake")
    except ParseError as broken:
        first = broken.errors[0]
        return [], [Finding(place, first["line"], "parse", f"{first['description']} at {first['highlight']!r}")]
    except TokenError as broken:
        return [], [Finding(place, 1, "parse", str(broken))]
    return [tree for tree in trees if tree is not None], []


def line_of(node: exp.Expression) -> int:
    """Where a node stands: the first line of a name or value in it, else in what is around it."""
    around: exp.Expression | None = node
    while around is not None:
        lines = [each.meta["line"] for each in around.walk() if "line" in each.meta]
        if lines:
            return min(lines)
        around = around.parent
    return 1


@dataclass(frozen=True)
class Allowed:
    """A finding that somebody has decided to live with: file and rule, a part of what is said, and the reason."""

    place: str
    rule: str
    contains: str
    reason: str


def allowed(file: Path, folder: str) -> list[Allowed]:
    """The entries for a folder. Raises ValueError for one without a reason."""
    entries = [Allowed(**entry) for entry in tomllib.loads(file.read_text()).get("allowed", [])]
    for entry in entries:
        if len(entry.reason.split()) < 4:
            raise ValueError(f"{file}: the entry for {entry.place} needs a reason.")
    return [entry for entry in entries if entry.place.startswith(folder)]


def not_allowed(findings: Iterable[Finding], entries: list[Allowed]) -> list[str]:
    """What is left of the findings, and the entries that allow nothing any more."""
    used: set[Allowed] = set()
    left = []
    for finding in dict.fromkeys(findings):
        match = [
            entry
            for entry in entries
            if finding.place == entry.place and finding.rule == entry.rule and entry.contains in finding.says
        ]
        used.update(match)
        if not match:
            left.append(str(finding))
    return left + [
        f"{entry.place}: {entry.rule}: nothing is found any more that says {entry.contains!r}; take the entry out"
        for entry in entries
        if entry not in used
    ]

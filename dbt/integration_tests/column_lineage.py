"""Where the values of a model's columns come from, as sqlglot finds it in the compiled SQL, held against what the YAML says."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from sqlglot import exp, parse_one
from sqlglot.lineage import lineage

DIALECT = "snowflake"


@dataclass(frozen=True)
class Protection:
    """What is decided of a column: tags in the warehouse.

    restricted: only those who build models may read it clear.
    treatments: of personal data in it, such as HASH; treated values stay treated for everybody.
    decided: PUBLIC, whatever it takes, by somebody who looked.
    """

    restricted: bool = False
    treatments: frozenset[str] = frozenset()
    decided: bool = False

    def __or__(self, other: Protection) -> Protection:
        return Protection(self.restricted or other.restricted, self.treatments | other.treatments)

    def covers(self, other: Protection) -> bool:
        return self.decided or (self.restricted >= other.restricted and self.treatments >= other.treatments)

    def __str__(self) -> str:
        return ", ".join((["RESTRICTED"] if self.restricted else []) + sorted(self.treatments)) or "nothing"


def declared(column: Any) -> Protection:
    """Of a column in the manifest."""
    meta = column.config.meta or column.meta
    treatments = frozenset(part.strip() for part in meta.get("pii", "").split(",") if part.strip())
    return Protection(meta.get("access") == "RESTRICTED", treatments, meta.get("access") == "PUBLIC")


class Protections:
    """What each column of each relation bears, staging first: each model is read behind what it depends on."""

    def __init__(self) -> None:
        self._of: dict[str, dict[str, Protection]] = {}

    def state(self, relation: str, columns: dict[str, Protection]) -> None:
        """Columns whose protection is given: those of staging, which follow from the contracts."""
        self._of[relation.lower()] = {name.lower(): protection for name, protection in columns.items()}

    def columns(self, relation: str) -> dict[str, Protection]:
        return self._of[relation.lower()]

    def taken(self, sql: str) -> dict[str, Protection]:
        """What each column that a query selects takes from the relations stated before.

        Raises LookupError where a value cannot be followed: from a relation that nobody has stated, or by a star over one.
        """
        query = parse_one(sql, dialect=DIALECT)
        nodes = lineage(None, query, dialect=DIALECT, schema=self._schema(query))
        return {name.lower(): self._union(node.walk()) for name, node in nodes.items()}

    def _schema(self, query: exp.Expression) -> dict[str, Any]:
        ctes = {cte.alias.lower() for cte in query.find_all(exp.CTE)}
        schema: dict[str, Any] = {}
        for table in query.find_all(exp.Table):
            if not table.db and table.name.lower() in ctes:
                continue
            relation = _name(table)
            if relation not in self._of:
                raise LookupError(f"it reads {relation}, whose columns are not known")
            types = {column: "varchar" for column in self._of[relation]}
            schema.setdefault(table.catalog, {}).setdefault(table.db, {})[table.name] = types
        return schema

    def _union(self, nodes: Iterator[Any]) -> Protection:
        found = Protection()
        for node in nodes:
            if isinstance(node.expression, exp.Table):
                column = node.name.split(".")[-1].strip('"').lower()
                columns = self._of[_name(node.expression)]
                if column not in columns:
                    raise LookupError(f"{_name(node.expression)} has no column {column}")
                found |= columns[column]
        return found


def problems(name: str, taken: dict[str, Protection], stated: dict[str, Protection]) -> Iterable[str]:
    """Columns whose YAML does not say what they take, and such as say what they do not take."""
    for column, protection in taken.items():
        said = stated.get(column, Protection())
        if not said.covers(protection):
            yield f"{name}.{column} takes {protection}, and its YAML says {said}"
        elif not said.decided and not protection.covers(said):
            yield f"{name}.{column} takes {protection}, and its YAML says {said}: it would be masked for nothing"
    for column, said in stated.items():
        if column not in taken and (said.restricted or said.treatments):
            yield f"{name} has no column {column}, and its YAML says {said}"


def _name(table: exp.Table) -> str:
    return f"{table.catalog}.{table.db}.{table.name}".lower()

"""Patches for CREATE TABLE as dbt writes it."""

from __future__ import annotations

from typing import Any

import fakesnow.transforms as transforms
from fakesnow.cursor import FakeSnowflakeCursor
from sqlglot import exp

from warehouse.launcher.patching import Patcher


def temporary_tables_with_full_names(patcher: Patcher) -> None:
    """DuckDB keeps temporary tables out of named databases, and dbt names its temporary tables by database and schema.

    They become plain tables: dbt drops them itself.
    """
    transform = FakeSnowflakeCursor._transform  # noqa: SLF001

    def without_temporary(self: FakeSnowflakeCursor, expression: exp.Expression, params: Any) -> exp.Expression:
        if isinstance(expression, exp.Create) and (properties := expression.args.get("properties")):
            table = expression.find(exp.Table)
            if table is not None and table.args.get("db"):
                kept = [p for p in properties.expressions if not isinstance(p, exp.TemporaryProperty)]
                properties.set("expressions", kept)
        return transform(self, expression, params)

    patcher.replace(FakeSnowflakeCursor, "_transform", without_temporary)


def contract_table_as_select(patcher: Patcher) -> None:
    """fakesnow cannot run CREATE TABLE (columns) AS SELECT with table constraints or `select *`, which dbt's contracts produce.

    The column list becomes casts around the query, so the declared types still decide.
    """

    def create_table_as(expression: exp.Expression, _connection: Any) -> exp.Expression:
        if not (
            isinstance(expression, exp.Create)
            and expression.kind == "TABLE"
            and isinstance(expression.this, exp.Schema)
            and isinstance(expression.expression, exp.Query)
        ):
            return expression
        columns = [d for d in expression.this.expressions if isinstance(d, exp.ColumnDef)]
        query = expression.expression
        source = exp.Subquery(
            this=query.unnest() if isinstance(query, exp.Subquery) else query,
            alias=exp.TableAlias(this=exp.to_identifier("_q"), columns=[c.this.copy() for c in columns]),
        )
        casts = [exp.alias_(exp.Cast(this=exp.Column(this=c.this.copy()), to=c.kind), c.this.copy()) for c in columns]
        expression.set("expression", exp.select(*casts).from_(source))
        expression.set("this", expression.this.this)
        return expression

    patcher.replace(transforms, "create_table_as", create_table_as)

"""Patches for CREATE TABLE as dbt writes it."""

from __future__ import annotations

from string import Template
from typing import Any

import fakesnow.transforms as transforms
import fakesnow.transforms.transforms as rewrites
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


DESCRIBE_TABLE = Template(
    """
select
    column_name as "name",
    case
        when starts_with(column_type, 'DECIMAL(') then 'NUMBER' || substr(column_type, 8)
        when column_type = 'BIGINT' then 'NUMBER(38,0)'
        when column_type = 'VARCHAR' then 'VARCHAR(' || coalesce(ext_character_maximum_length, 16777216) || ')'
        when column_type = 'DOUBLE' then 'FLOAT'
        when column_type = 'BLOB' then 'BINARY(8388608)'
        when column_type = 'TIMESTAMP' then 'TIMESTAMP_NTZ(9)'
        when column_type = 'TIMESTAMP WITH TIME ZONE' then 'TIMESTAMP_TZ(9)'
        when column_type = 'TIME' then 'TIME(9)'
        when column_type = 'JSON' then 'VARIANT'
        else column_type
    end as "type",
    'COLUMN' as "kind",
    case when "null" = 'YES' then 'Y' else 'N' end as "null?",
    "default",
    'N' as "primary key",
    'N' as "unique key",
    null::varchar as "check",
    null::varchar as "expression",
    null::varchar as "comment",
    null::varchar as "policy name",
    null::json as "privacy domain",
from (describe "${catalog}"."${schema}"."${table}")
left join _fs_global._fs_information_schema._fs_columns_ext
    on ext_table_catalog = '${catalog}' and ext_table_schema = '${schema}' and ext_table_name = '${table}'
    and ext_column_name = column_name
"""
)


def one_table_described(patcher: Patcher) -> None:
    """fakesnow answers DESCRIBE TABLE from a view over the columns of everything there is: 0.1 s each, a hundred times in a build."""
    patcher.replace(rewrites, "SQL_DESCRIBE_TABLE", DESCRIBE_TABLE)

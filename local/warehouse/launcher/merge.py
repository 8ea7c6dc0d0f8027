"""Patches for MERGE, which fakesnow plays with a table of candidates and one statement per WHEN clause."""

from __future__ import annotations

import fakesnow.info_schema as info_schema
import fakesnow.transforms as transforms
import sqlglot
from fakesnow.transforms.merge import operations
from sqlglot import exp

from warehouse.launcher.patching import Patcher

DUPLICATE_ROW = "Duplicate row detected during DML action"


def merge_inserts_source_columns(patcher: Patcher) -> None:
    """dbt writes the INSERT values of a MERGE without the source's alias, and fakesnow then finds the name in both tables."""
    merge = transforms.merge

    def qualified(expression: exp.Expression) -> list[exp.Expression]:
        if isinstance(expression, exp.Merge):
            source = expression.args["using"].alias_or_name
            for when in expression.args["whens"].expressions:
                if not when.args.get("matched"):
                    for column in when.args["then"].expression.find_all(exp.Column):
                        if not column.table:
                            column.set("table", exp.to_identifier(source))
        return merge(expression)

    patcher.replace(transforms, "merge", qualified)


def merge_in_a_transaction(patcher: Patcher) -> None:
    """Between BEGIN and COMMIT (dbt's merge) DuckDB may write one database only.

    fakesnow records comments of each created table, its own table of candidates included, in a second database.
    """
    comment_sql = info_schema.insert_table_comment_sql

    def no_comment_on_candidates(catalog: str, schema: str, table: str, comment: str) -> str:
        return "select 1" if table.upper() == "MERGE_CANDIDATES" else comment_sql(catalog, schema, table, comment)

    patcher.replace(info_schema, "insert_table_comment_sql", no_comment_on_candidates)


def merge_refuses_duplicate_source_keys(patcher: Patcher) -> None:
    """Snowflake refuses a MERGE that would update one row from two source rows; fakesnow silently picks one.

    A model that passes here would fail in the account, at night.
    """
    merge = transforms.merge

    def guarded(expression: exp.Expression) -> list[exp.Expression]:
        statements = merge(expression)
        if not isinstance(expression, exp.Merge):
            return statements
        matched = operations(expression)
        updates, deletes = matched["updated"], matched["deleted"]
        if not updates:
            return statements
        candidates, *rest = statements
        target = expression.this.alias or expression.this.name
        candidates.expression.select(f"{target}.rowid AS MERGE_TARGET_ROW", copy=False)
        in_updates = f"merge_op in ({', '.join(map(str, updates))})"
        in_matches = f"merge_op in ({', '.join(map(str, updates + deletes))})"
        guard = sqlglot.parse_one(
            f"""
            SELECT CASE WHEN EXISTS (
                SELECT 1 FROM merge_candidates WHERE {in_matches}
                GROUP BY merge_target_row HAVING count(*) > 1 AND count_if({in_updates}) > 0
            ) THEN error('{DUPLICATE_ROW}') END
            """,
            read="duckdb",
        )
        return [candidates, guard, *rest]

    patcher.replace(transforms, "merge", guarded)

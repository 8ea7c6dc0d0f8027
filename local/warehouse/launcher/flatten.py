"""Patches for FLATTEN."""

from __future__ import annotations

from string import Template

import fakesnow.macros as macros
import fakesnow.transforms as transforms
from sqlglot import exp

from warehouse.launcher.patching import Patcher

# One list carries value, key and position together. An object is read once, as a map: asking it for each of its keys would
# read all of it each time, and take a key like "/a" for a path.
ITEMS = """
    CASE WHEN json_type(TO_JSON(input)) = 'OBJECT'
         THEN list_transform(
            map_entries(CAST(TO_JSON(input) AS MAP(VARCHAR, JSON))),
            lambda x: struct_pack(k := x.key, v := x.value, i := NULL::BIGINT)
         )
         ELSE list_transform(
            CAST(TO_JSON(input) AS JSON[]),
            lambda x, position: struct_pack(k := NULL::VARCHAR, v := x, i := (position - 1)::BIGINT)
         )
    END
"""


def _rows(macro: str, this: str, items: str) -> str:
    # SEQ has 63 bits: the protocol carries no more, and `select *` would fail on every second row.
    return f"""
CREATE OR REPLACE MACRO ${{catalog}}.{macro}(input) AS TABLE
    SELECT
        (hash({this}) >> 1)::BIGINT AS SEQ,
        e.k AS KEY,
        COALESCE(e.k, '[' || e.i || ']') AS PATH,
        e.i AS INDEX,
        e.v AS VALUE,
        {this} AS THIS
    FROM (SELECT UNNEST({items}, recursive := true)) AS e(k, v, i)
"""


FLATTEN = Template(
    _rows("_fs_flatten", "TO_JSON(input)", ITEMS)
    + f"; CREATE OR REPLACE MACRO ${{catalog}}._fs_items(input) AS struct_pack(this := TO_JSON(input), items := {ITEMS});"
    + _rows("_fs_flatten_items", "struct_extract(input, 'this')", "struct_extract(input, 'items')")
)


def flatten_in_place(patcher: Patcher) -> None:
    """fakesnow's FLATTEN copies a value for each of its items, and numbers the items of an array as they leave the engine.

    DuckDB joins what LATERAL FLATTEN gives back to its row by the flattened value itself: a value of thousands of items would take
    its size times their number, an event of 5 MB tens of gigabytes. Here the row brings the items along as a list with their
    positions, and DuckDB unnests a list where it stands. A FLATTEN of another one's items is still joined.
    """
    patcher.replace(macros, "FS_FLATTEN", FLATTEN)
    flatten = transforms.flatten

    def flatten_beside(expression: exp.Expression) -> exp.Expression:
        if isinstance(expression, exp.Select):
            for number, join in enumerate(expression.args.get("joins") or ()):
                if isinstance(join.this, exp.Lateral) and isinstance(join.this.this, exp.Explode):
                    _bring_along(expression, join, f"_FS_ITEMS_{number}")
        return flatten(expression)

    patcher.replace(transforms, "flatten", flatten_beside)


def _bring_along(select: exp.Select, lateral: exp.Join, name: str) -> None:
    """Turns `FROM t, LATERAL FLATTEN(x)` into `FROM (SELECT *, items of x AS name FROM t) AS t, <rows of t.name>`."""
    exploded = lateral.this.this.this
    flattened = exploded.expression if isinstance(exploded, exp.Kwarg) else exploded
    source = _source(select, flattened)
    if source is None:
        return
    alias = exp.to_identifier(source.alias_or_name, quoted=True)
    items = exp.alias_(exp.Anonymous(this="_FS_ITEMS", expressions=[flattened.copy()]), name)
    brought = exp.select(exp.Star(), items).from_(source.copy())
    source.replace(exp.Subquery(this=brought, alias=exp.TableAlias(this=alias)))
    lateral.set(
        "this",
        exp.Table(
            this=exp.Anonymous(this="_FS_FLATTEN_ITEMS", expressions=[exp.column(name, table=alias.copy())]),
            alias=lateral.this.args.get("alias"),
        ),
    )
    for column in select.expressions:
        _leave_out(column, alias.name, name)


def _source(select: exp.Select, flattened: exp.Expression) -> exp.Expression | None:
    """The one table or subquery that all columns of the expression belong to; None where that cannot be told."""
    sources = [select.args["from_"].this, *(join.this for join in select.args["joins"])]
    columns = list(flattened.find_all(exp.Column))
    tables = {column.table for column in columns}
    if len(tables) != 1 or any(column.args.get("db") for column in columns):
        return None
    [table] = tables
    named = [source for source in sources if not table or source.alias_or_name == table]
    plain = len(named) == 1 and isinstance(named[0], exp.Table | exp.Subquery) and named[0].alias_or_name
    # Without a table's name, another FLATTEN of the same FROM could be meant.
    return named[0] if plain and (table or len(sources) == 2) else None


def _leave_out(column: exp.Expression, alias: str, name: str) -> None:
    """The brought column is no column of `*` or `t.*`."""
    star = column.this if isinstance(column, exp.Column) else column
    if isinstance(star, exp.Star) and (column is star or column.table == alias):
        star.set("except_", [*(star.args.get("except_") or ()), exp.column(name)])

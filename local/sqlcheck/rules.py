"""What Snowflake does otherwise than the warehouse of the laptop run, rule by rule, found in the tree of a statement."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from pathlib import Path

import sqlfluff
from sqlglot import exp

from sqlcheck.statements import Finding, line_of, read
from sqlcheck.uniqueness import is_unique_on

RESERVED_FILE = (
    Path(__file__).resolve().parents[2]
    / "functions/derive/src/main/resources/millrace/derive/artifact/snowflake-reserved-words.txt"
)
RESERVED = frozenset(RESERVED_FILE.read_text().split())
Found = Iterator[tuple[exp.Expression, str]]

_WITH_LENGTH = {
    exp.DataType.Type.VARCHAR,
    exp.DataType.Type.CHAR,
    exp.DataType.Type.NVARCHAR,
    exp.DataType.Type.NCHAR,
    exp.DataType.Type.TEXT,
    exp.DataType.Type.BINARY,
    exp.DataType.Type.VARBINARY,
}
_EXACT = {exp.DataType.Type.DECIMAL}
_INEXACT = {exp.DataType.Type.DOUBLE, exp.DataType.Type.FLOAT}
# Around a division these give its own type back, so that a cast around them is a cast of it.
_PASS_ON = (exp.Paren, exp.Neg, exp.Round, exp.Coalesce, exp.If, exp.Case, exp.Sum, exp.Max, exp.Min)


def division(tree: exp.Expression) -> Found:
    """NUMBER / NUMBER is a NUMBER with six more digits there and a DOUBLE here; AVG likewise."""
    for node in tree.find_all(exp.Div, exp.Avg):
        above = node.parent
        while isinstance(above, _PASS_ON):
            above = above.parent
        if isinstance(above, exp.Cast) and _states_precision(above.to):
            continue
        sql = _short(node)
        yield node, f"the type of {sql} differs between the warehouses; write cast({sql} as numeric(18, 6))"


def _states_precision(type_: exp.DataType) -> bool:
    return type_.this in _INEXACT or (type_.this in _EXACT and len(type_.expressions) == 2)


def null(tree: exp.Expression) -> Found:
    """One null makes all of `||`, CONCAT, GREATEST and LEAST null."""
    for node in tree.find_all(exp.DPipe, exp.Concat, exp.Greatest, exp.Least):
        if node.args.get("ignore_nulls") or _is_caught(node):
            continue
        if isinstance(node, exp.DPipe):
            operands = [node.left, node.right]
        else:
            operands = [node.this, *node.expressions] if node.args.get("this") else node.expressions
        for operand in operands:
            # A longer chain is a tree of its own pairs.
            if not isinstance(operand, exp.DPipe) and _may_be_null(operand):
                yield (
                    operand,
                    f"{_short(operand)} may be null and makes all of {_short(node)} null; write"
                    f" coalesce({_short(operand)}, ...)",
                )


def _is_caught(node: exp.Expression) -> bool:
    above = node.parent
    while above is not None and not isinstance(above, exp.Select | exp.Alias):
        if isinstance(above, exp.Coalesce):
            return True
        above = above.parent
    return False


def _may_be_null(node: exp.Expression) -> bool:
    """Whether the text alone shows that a value may be null: what a column holds it does not show."""
    if isinstance(node, exp.Coalesce | exp.Subquery | exp.Count):
        return False
    if isinstance(node, exp.Null | exp.Nullif | exp.TryCast | exp.JSONExtract):
        return True
    if isinstance(node, exp.Anonymous) and node.name.lower().startswith("try_"):
        return True
    if isinstance(node, exp.Case):
        values = [each.args["true"] for each in node.args["ifs"]]
        return node.args.get("default") is None or any(map(_may_be_null, [*values, node.args["default"]]))
    if isinstance(node, exp.If):
        false = node.args.get("false")
        return false is None or _may_be_null(node.args["true"]) or _may_be_null(false)
    if isinstance(node, exp.Column):
        return node.table.lower() in _outer_joined(node.find_ancestor(exp.Select))
    return any(_may_be_null(each) for each in node.iter_expressions())


def _outer_joined(select: exp.Select | None) -> set[str]:
    """Aliases whose columns are null where a join has found nothing."""
    if select is None:
        return set()
    from_ = select.args.get("from_") or select.args.get("from")
    seen = [from_.this.alias_or_name.lower()] if from_ is not None else []
    found: set[str] = set()
    for join in select.args.get("joins") or ():
        alias = join.this.alias_or_name.lower()
        if join.side in ("LEFT", "FULL"):
            found.add(alias)
        if join.side in ("RIGHT", "FULL"):
            found.update(seen)
        seen.append(alias)
    return found


def dynamic_table(tree: exp.Expression) -> Found:
    """The laptop run makes a plain table of it, once."""
    made = [node for node in tree.find_all(exp.Create) if node.find(exp.DynamicProperty)]
    kept = [tree] if isinstance(tree, exp.Command) and "dynamic table" in _words(tree) else []
    for node in [*made, *kept]:
        yield node, "a dynamic table is filled once here and never again; write an incremental model"


def length(tree: exp.Expression) -> Found:
    for node in tree.find_all(exp.DataType):
        if node.this in _WITH_LENGTH and node.expressions:
            sql = node.sql("snowflake").lower()
            value = node.parent.this if isinstance(node.parent, exp.Cast) else None
            instead = f"left({_short(value)}, {node.expressions[0].sql()})" if value is not None else sql.split("(")[0]
            yield node, f"the length of {sql} is not kept here, where longer values pass; write {instead}"


def json(tree: exp.Expression) -> Found:
    for node in tree.find_all(exp.DataType):
        if node.this in (exp.DataType.Type.JSON, exp.DataType.Type.JSONB):
            value = _short(node.parent.this) if isinstance(node.parent, exp.Cast) else None
            yield node, f"Snowflake has no type JSON; write {f'parse_json({value})' if value else 'variant'}"


def reserved(tree: exp.Expression) -> Found:
    for node in tree.find_all(exp.Identifier):
        if not node.quoted and node.name.lower() in RESERVED:
            yield node, f"{node.name} is a reserved word of Snowflake; write another name"


def merge(tree: exp.Expression) -> Found:
    """Snowflake refuses a merge in which one row of the target meets two of the source; here one of them wins."""
    for node in tree.find_all(exp.Merge):
        source = node.args["using"]
        alias = source.alias_or_name.lower()
        compared = [
            side.name
            for condition in node.args["on"].find_all(exp.EQ)
            for side in (condition.left, condition.right)
            if isinstance(side, exp.Column) and side.table.lower() == alias
        ]
        if isinstance(source, exp.Table) or not is_unique_on(source, compared):
            yield (
                node,
                f"nothing shows that {alias} has one row for each ({', '.join(compared)}); write a source that ends with"
                f" qualify row_number() over (partition by {', '.join(compared)} order by ...) = 1",
            )


def unread(tree: exp.Expression) -> Found:
    """Statements that sqlglot keeps as a text are read by sqlfluff, which knows more of Snowflake's."""
    if isinstance(tree, exp.Command):
        wrong = _unparsable(f"{tree.name} {tree.args['expression'] or ''}".strip())
        if wrong:
            yield tree, f"no parser of Snowflake's SQL reads it ({wrong}); write it as Snowflake's reference does"


@functools.cache
def _unparsable(text: str) -> str:
    """It takes a tenth of a second, and the same statements come again with every format and form."""
    try:
        sqlfluff.parse(text, dialect="snowflake")
    except sqlfluff.api.APIParsingError as broken:
        return broken.violations[0].desc()
    return ""


RULES: dict[str, Callable[[exp.Expression], Found]] = {
    "division": division,
    "null": null,
    "dynamic-table": dynamic_table,
    "length": length,
    "json": json,
    "reserved": reserved,
    "merge": merge,
    "unread": unread,
}


def check(place: str, text: str, leave_out: tuple[str, ...] = ()) -> list[Finding]:
    """All findings in a text of any number of statements, in the order of its lines."""
    trees, findings = read(place, text)
    for tree in trees:
        for name, rule in RULES.items():
            if name not in leave_out:
                findings += [Finding(place, line_of(node), name, says) for node, says in rule(tree)]
    return sorted(findings, key=lambda finding: finding.line)


def check_merged(place: str, text: str, unique_key: list[str]) -> list[Finding]:
    """Of a model that is merged into its table: whether its rows are unique by the columns that decide what is replaced."""
    trees, findings = read(place, text)
    for tree in trees:
        if not is_unique_on(tree, unique_key):
            keys = ", ".join(unique_key)
            findings.append(
                Finding(
                    place,
                    1,
                    "merge",
                    f"nothing shows that it has one row for each ({keys}); end it with qualify row_number() over"
                    f" (partition by {keys} order by ...) = 1, or use incremental_strategy='merge_event_days'",
                )
            )
    return findings


def _words(tree: exp.Expression) -> str:
    return " ".join(f"{tree.name} {tree.args.get('expression') or ''}".lower().split())


def _short(node: exp.Expression) -> str:
    sql = node.sql("snowflake")
    return sql if len(sql) <= 60 else sql[:57] + "..."

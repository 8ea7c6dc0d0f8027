"""Which columns of a query's result are certain to be different in every row, as far as its text alone can tell."""

from __future__ import annotations

from collections.abc import Iterator

from sqlglot import exp

# Columns of one source, as (alias of the source, name); the alias is empty where a query has one source only.
Place = tuple[str, str]
Keys = list[frozenset[str]]


def keys_of(query: exp.Expression, known: dict[str, Keys] | None = None) -> Keys:
    """Sets of column names in lower case, none of which can be doubled. An empty set says that there is one row at most."""
    if isinstance(query, exp.Subquery | exp.Paren):
        return keys_of(query.this, known)
    known = dict(known or {})
    with_ = query.args.get("with_") or query.args.get("with")
    for cte in with_.expressions if with_ else ():
        known[cte.alias.lower()] = keys_of(cte.this, known)
    if not isinstance(query, exp.Select):
        return []
    places = _before_projection(query, known)
    found = [key for each in places if (key := _projected(query, each)) is not None]
    if query.args.get("distinct") and not query.args["distinct"].args.get("on") and not query.is_star:
        found.append(frozenset(each.alias_or_name.lower() for each in query.expressions))
    return found


def is_unique_on(query: exp.Expression, columns: list[str]) -> bool:
    wanted = {column.lower() for column in columns}
    return any(key <= wanted for key in keys_of(query))


def _before_projection(query: exp.Select, known: dict[str, Keys]) -> list[frozenset[Place]]:
    group = query.args.get("group")
    joins = query.args.get("joins") or []
    if group is not None:
        found = [frozenset(_place(each, query) for each in group.expressions)]
    elif any(_aggregates(each) for each in query.expressions):
        found = [frozenset()]
    else:
        found = _joined(query, joins, known)
    qualify = query.args.get("qualify")
    for condition in _conjuncts(qualify.this) if qualify else ():
        if isinstance(condition, exp.EQ) and condition.right == exp.Literal.number(1):
            window = condition.left
            if isinstance(window, exp.Window) and isinstance(window.this, exp.RowNumber):
                found.append(frozenset(_place(each, query) for each in window.args.get("partition_by") or ()))
    return found


def _joined(query: exp.Select, joins: list[exp.Join], known: dict[str, Keys]) -> list[frozenset[Place]]:
    """A join keeps the keys of what stands left of it where its own source has one row at most for each of those rows."""
    from_ = query.args.get("from_") or query.args.get("from")
    if from_ is None or query.args.get("laterals"):
        return []
    alone = not joins
    found = [_of_source(key, from_.this, alone) for key in _source_keys(from_.this, known)]
    for join in joins:
        if join.side not in ("", "LEFT") or isinstance(join.this, exp.Lateral):
            return []
        alias = join.this.alias_or_name.lower()
        on = join.args.get("on")
        compared = {
            side.name.lower()
            for condition in (_conjuncts(on) if on else ())
            if isinstance(condition, exp.EQ)
            for side in (condition.left, condition.right)
            if isinstance(side, exp.Column) and side.table.lower() == alias
        }
        if not any(key <= compared for key in _source_keys(join.this, known)):
            return []
    return found


def _source_keys(source: exp.Expression, known: dict[str, Keys]) -> Keys:
    if isinstance(source, exp.Table):
        return known.get(source.name.lower(), []) if not source.db else []
    return keys_of(source, known)


def _of_source(key: frozenset[str], source: exp.Expression, alone: bool) -> frozenset[Place]:
    return frozenset(("" if alone else source.alias_or_name.lower(), name) for name in key)


def _place(node: exp.Expression, query: exp.Select) -> Place:
    if not isinstance(node, exp.Column):
        return "", f"={node.sql('snowflake').lower()}"
    return (node.table.lower() if query.args.get("joins") else ""), node.name.lower()


def _projected(query: exp.Select, key: frozenset[Place]) -> frozenset[str] | None:
    names = [_name_in_result(query, place) for place in key]
    return None if None in names else frozenset(name for name in names if name is not None)


def _name_in_result(query: exp.Select, place: Place) -> str | None:
    alias, name = place
    for each in query.expressions:
        value = each.unalias()
        if isinstance(value, exp.Star):
            return name if not name.startswith("=") else None
        if not isinstance(value, exp.Column):
            if name == f"={value.sql('snowflake').lower()}":
                return each.alias_or_name.lower()
        elif isinstance(value.this, exp.Star):
            if alias in ("", value.table.lower()):
                return name
        elif value.name.lower() == name and (value.table.lower() in ("", alias) or not alias):
            return each.alias_or_name.lower()
    return None


def _aggregates(node: exp.Expression) -> bool:
    return any(not isinstance(each.parent, exp.Window) for each in node.find_all(exp.AggFunc))


def _conjuncts(node: exp.Expression) -> Iterator[exp.Expression]:
    node = node.unnest()
    if isinstance(node, exp.And):
        yield from _conjuncts(node.left)
        yield from _conjuncts(node.right)
    else:
        yield node

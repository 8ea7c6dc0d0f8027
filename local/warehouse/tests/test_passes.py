"""A pass of fakesnow that is spared would have found nothing."""

from __future__ import annotations

import inspect
import re
from types import SimpleNamespace
from typing import Any

import pytest
import sqlglot
from fakesnow import transforms
from fakesnow.cursor import FakeSnowflakeCursor
from fakesnow.variables import Variables
from sqlglot import exp
from warehouse.launcher.passes import KINDS, Passes, kinds_of

ARGUMENTS: dict[str, dict[str, Any]] = {
    "create_database": {"db_path": None},
    "create_file_format": {"current_database": "D", "current_schema": "S"},
    "create_stage": {"current_database": "D", "current_schema": "S"},
    "identifier": {"params": None},
    "information_schema_databases": {"current_schema": "S"},
    "list_stage": {"current_database": "D", "current_schema": "S", "table_stages": {}},
    "put_stage": {"current_database": "D", "current_schema": "S", "params": None, "table_stages": {}},
    "set_schema": {"current_database": "D"},
    "show_keys": {"current_database": "D", "kind": "PRIMARY"},
    **{
        f"show_{what}": {"current_database": "D", "current_schema": "S"}
        for what in ("columns", "sequences", "stages", "tables_etc")
    },
    "show_schemas": {"current_database": "D"},
}
CLOCK = re.compile(r"\d\d:\d\d:\d\d\.\d+")
EVERY_KIND = sorted(
    (kind for _, kind in inspect.getmembers(exp, inspect.isclass) if issubclass(kind, exp.Expression)),
    key=lambda kind: kind.__name__,
)


@pytest.mark.parametrize("name", KINDS)
def test_a_pass_leaves_nodes_of_other_kinds_as_they_are(name: str) -> None:
    rewrite = getattr(transforms, name)
    others = [kind for kind in EVERY_KIND if not issubclass(kind, KINDS[name])]
    assert len(others) > 500
    for kind in others:
        node = kind()
        assert rewrite(node, **ARGUMENTS.get(name, {})) is node, kind
        assert node == kind(), kind


STATEMENTS = (
    """
    with a as (select o:x.y::varchar as x, lower(v:k) as k, l.value:q::int as q from t, lateral flatten(input => t.l) as l)
    select array_agg(x) within group (order by k) as xs, object_construct('a', q) as o, dateadd(day, 1, '2026-11-20') as d,
        sum(try_cast(x as int)) over (partition by k) as s, trim(x::varchar) as r, a.xs[0] as f, to_variant(q) as w
    from a join b on a.x = b.x where d > to_date('2026-11-20') and regexp_replace(x, 'a', 'b') = split(k, ',')[1]
    qualify row_number() over (partition by k order by q) = 1
    """,
    "create or replace table d.s.t (a number(10, 2), b timestamp_ntz(6), c variant, t varchar(5)) comment = 'c'",
    "create transient table d.s.t as (select to_decimal('1', 10, 2) as a, sha2('x') as h, random() as r, x'0a' as b)",
    "delete from d.s.t as k using (select distinct a from u) as m where k.a = m.a",
    "insert into t select parse_json('{}'), 1::float from values (1), (2) sample (10)",
    "show terse objects in schema d.s limit 10",
    "show primary keys in table d.s.t",
    "describe table d.s.t",
    "drop schema if exists d.s cascade",
    "use schema d.s",
    "comment on table d.s.t is 'what it holds'",
    "comment if exists on column d.s.t.a is 'what it holds'",
    "select [1, 2], array_construct(1, 2) as b, array_construct_compact(1, null) as c, array_size(parse_json('[]')) as d",
    "select object_agg(k, v) as o, regexp_substr(k, 'a') as r, current_version() as v, datediff(day, '2026-11-20', b) as d from t",
    "alter table d.s.t set tag a = 'b'",
    "create or replace view d.s.v comment = 'c' as select identifier('t') as i from identifier('t')",
    "create table d.s.n clone d.s.t",
    "create stage d.s.g url = 's3://b/'",
    "create user u",
    "show parameters like 'x'",
    "show user functions",
    "select table_name from information_schema.tables where table_schema = 'S'",
    "select q.nextval as n, haversine(1, 2, 3, 4) as h, to_number('1') as t from table(result_scan('a'))",
    "alter table d.s.t add column n varchar(3)",
)


def as_duckdb(statement: str, through: type | None) -> str:
    """A statement after fakesnow's passes: all of them, or through a tree that spares some."""
    connection = SimpleNamespace(database="D", schema="S", db_path=None, variables=Variables(), table_stages={})
    cursor = SimpleNamespace(_conn=connection, _duck_conn=None)
    tree = sqlglot.parse_one(statement, read="snowflake")
    made = FakeSnowflakeCursor._transform(cursor, through(tree) if through else tree, None)  # noqa: SLF001
    # Some passes write down when they were made.
    return CLOCK.sub("", (made.expression if through else made).sql(dialect="duckdb"))


@pytest.mark.parametrize("statement", STATEMENTS)
def test_with_and_without_the_spared_passes_a_statement_becomes_the_same(statement: str) -> None:
    assert as_duckdb(statement, Passes) == as_duckdb(statement, None)


def test_a_pass_that_another_patch_has_put_in_place_is_always_made() -> None:
    def to_date(node: exp.Expression) -> exp.Expression:
        return node

    assert kinds_of(transforms.to_date) == (exp.Anonymous,)
    assert kinds_of(lambda e: transforms.show_users(e)) == (exp.Show,)
    assert kinds_of(to_date) is None

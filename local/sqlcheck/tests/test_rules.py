"""Each rule with what it names and what it leaves alone."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlcheck.rules import RESERVED, RULES, check, check_merged
from sqlcheck.statements import allowed, not_allowed

BAD = [
    ("division", "select a / b as x from t", "write cast(a / b as numeric(18, 6))"),
    ("division", "select cast(a as numeric(18, 6)) / b as x from t", "as numeric(18, 6))"),
    ("division", "select 1 as x from t where a / b > 0.5", "write cast(a / b as numeric(18, 6))"),
    ("division", "select (a / b)::varchar as x from t", "write cast(a / b as numeric(18, 6))"),
    ("division", "select avg(a) as x from t", "write cast(AVG(a) as numeric(18, 6))"),
    ("division", "select div0(a, b) as x from t", "write cast(a / b as numeric(18, 6))"),
    ("null", "select greatest(a, nullif(b, 0)) as x from t", "write coalesce(NULLIF(b, 0), ...)"),
    ("null", "select least(a, try_cast(b as int)) as x from t", "may be null and makes all of LEAST"),
    ("null", "select 'n: ' || iff(a > 1, b, null) || '!' as x from t", "write coalesce(IFF(a > 1, b, NULL), ...)"),
    ("null", "select concat('a', case when b then 'c' end) as x from t", "may be null and makes all of CONCAT"),
    ("null", "select a.n || b.n as x from a left join b on a.id = b.id", "write coalesce(b.n, ...)"),
    ("null", "select a.n || b.n as x from a right join b on a.id = b.id", "write coalesce(a.n, ...)"),
    ("null", "select 'x' || upper(v:name::varchar) as x from t", "may be null and makes all of"),
    (
        "dynamic-table",
        "create dynamic table d target_lag = '1 hour' warehouse = w as select 1 as x",
        "incremental model",
    ),
    ("dynamic-table", "alter dynamic table d suspend", "incremental model"),
    ("length", "select a::varchar(3) as x from t", "write left(a, 3)"),
    ("length", "create table t (a char(2))", "write char"),
    ("json", "select cast('{}' as json) as x", "write parse_json('{}')"),
    ("json", "create table t (a json)", "write variant"),
    ("reserved", "select a as increment from t", "increment is a reserved word of Snowflake; write another name"),
    ("reserved", "create table t (trigger varchar)", "trigger is a reserved word of Snowflake"),
    ("reserved", "with trigger as (select 1 as x) select x from trigger", "trigger is a reserved word"),
    ("merge", "merge into t using s on t.id = s.id when matched then update set a = s.a", "has one row for each (id)"),
    (
        "merge",
        "merge into t using (select id, day, a from u qualify row_number() over (partition by id, day order by a) = 1)"
        " as s on t.id = s.id when matched then update set a = s.a",
        "write a source that ends with qualify row_number() over (partition by id order by ...) = 1",
    ),
    ("unread", "create pipe p auto_ingest = = as copy into t", "no parser of Snowflake's SQL reads it"),
    ("parse", "select a from t where", "at"),
]

GOOD = [
    ("division", "select cast(a / nullif(b, 0) as numeric(18, 6)) as x from t"),
    ("division", "select cast(coalesce(a / b, 0) as numeric(18, 6)) as x from t"),
    ("division", "select cast(avg(a) as double) as x from t"),
    ("null", "select greatest(a, coalesce(nullif(b, 0), 0)) as x from t"),
    ("null", "select greatest_ignore_nulls(a, nullif(b, 0)) as x from t"),
    ("null", "select coalesce(' (' || b.n || ')', '') as x from a left join b on a.id = b.id"),
    ("null", "select a.n || iff(a.m, 'y', 'n') || count(*) as x from a inner join b on a.id = b.id group by all"),
    ("dynamic-table", "create transient table d as select 1 as x"),
    ("length", "select a::varchar as x, b::number(3, 0) as y from t"),
    ("json", "select parse_json('{}') as x"),
    ("reserved", 'select a as "increment", v:order::varchar as y, left(a, 3) as z, current_date() as d from t'),
    (
        "merge",
        "merge into t using (select id, a from u qualify row_number() over (partition by id order by a) = 1) as s"
        " on t.id = s.id and t.day = s.day when matched then update set a = s.a",
    ),
    (
        "merge",
        "merge into t using (select id, max(a) as a from u group by id) s on t.id = s.id when matched then delete",
    ),
    ("unread", "create pipe p auto_ingest = TRUE as copy into t from '@s/' file_format = (format_name = 'f')"),
    ("parse", "select a from t where b"),
]


@pytest.mark.parametrize(("rule", "sql", "says"), BAD)
def test_what_a_rule_names(rule: str, sql: str, says: str) -> None:
    found = check("models/x.sql", f"-- first line\n{sql}")
    assert [finding.rule for finding in found] == [rule] * len(found)
    assert says in found[0].says
    assert str(found[0]).startswith(f"models/x.sql:{2 if rule not in ('unread', 'dynamic-table') else found[0].line}: ")


@pytest.mark.parametrize(("rule", "sql"), GOOD)
def test_what_a_rule_leaves_alone(rule: str, sql: str) -> None:
    assert [finding for finding in check("x.sql", sql) if finding.rule == rule] == []


def test_every_rule_has_both_examples() -> None:
    assert {rule for rule, _, _ in BAD} == set(RULES) | {"parse"}
    assert {rule for rule, _ in GOOD} == set(RULES) | {"parse"}


@pytest.mark.parametrize("word", sorted(RESERVED))
def test_each_reserved_word_is_no_alias(word: str) -> None:
    assert check("x.sql", f"select a as {word} from t") != []


def test_an_entry_of_the_list_allows_its_finding_and_is_named_when_it_allows_nothing(tmp_path: Path) -> None:
    file = tmp_path / "allowed.toml"
    file.write_text("""
[[allowed]]
place = "dbt/a.sql"
rule = "division"
contains = "a / b"
reason = "read by nobody but a test"
[[allowed]]
place = "dbt/b.sql"
rule = "length"
contains = "varchar"
reason = "was right once upon a time"
""")
    entries = allowed(file, "dbt/")
    assert allowed(file, "snowflake/") == []
    findings = check("dbt/a.sql", "select a / b as x, c / d as y from t")
    assert [said.split("; ")[0] for said in not_allowed(findings, entries)] == [
        "dbt/a.sql:1: division: the type of c / d differs between the warehouses",
        "dbt/b.sql: length: nothing is found any more that says 'varchar'",
    ]


def test_an_entry_without_a_reason_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "allowed.toml"
    file.write_text('[[allowed]]\nplace = "a"\nrule = "b"\ncontains = "c"\nreason = "because"\n')
    with pytest.raises(ValueError, match="needs a reason"):
        allowed(file, "")


UNIQUE = [
    "select id, a from t qualify row_number() over (partition by id order by a) = 1",
    "select id as id, a from t qualify row_number() over (partition by id order by a) = 1 and a > 3",
    "with w as (select * from t qualify row_number() over (partition by id order by a) = 1) select * from w where a > 1",
    "with w as (select id, max(a) as a from t group by id) select w.*, 1 as n from w",
    "select id, count(*) as n from t group by id",
    "select distinct id from t",
    "select max(a) as id from t",
    "with w as (select k as id, v from t qualify row_number() over (partition by k order by v) = 1),"
    " m as (select k, max(v) as v from u group by k) select w.id, m.v from w left join m on w.id = m.k",
    "with w as (select * from t qualify row_number() over (partition by id order by a) = 1),"
    " one as (select max(a) as top from u) select w.* from w cross join one",
]
NOT_UNIQUE = [
    "select id, a from t",
    "select id, a from t qualify row_number() over (partition by id, a order by a) = 1",
    "select id, a from t qualify row_number() over (partition by id order by a) = 2",
    "select id, a from t qualify rank() over (partition by id order by a) = 1",
    "select id, a, count(*) as n from t group by id, a",
    "with w as (select id, max(a) as a from t group by id) select w.id, u.b from w left join u on w.id = u.id",
    "with w as (select id, max(a) as a from t group by id) select * from w union all select * from w",
    "with w as (select id, max(a) as a from t group by id) select w.id, f.value from w, lateral flatten(input => w.a) as f",
    "select upper(id) as id from t qualify row_number() over (partition by id order by a) = 1",
    "select distinct id, a from t",
]


@pytest.mark.parametrize("sql", UNIQUE)
def test_a_source_that_is_shown_to_be_unique(sql: str) -> None:
    assert check_merged("x.sql", sql, ["id"]) == []


@pytest.mark.parametrize("sql", NOT_UNIQUE)
def test_a_source_that_may_have_two_rows_of_a_key(sql: str) -> None:
    (finding,) = check_merged("x.sql", sql, ["id"])
    assert "nothing shows that it has one row for each (id)" in finding.says

"""What contracts decide of personal data reaches every mart: as meta in the YAML, as tags and so as masks in the warehouse."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import sqlfluff
from column_lineage import Protection, Protections, declared, problems
from raw_rows import RawTables
from runner import Models
from sqlglot import exp, parse, parse_one

# Compiled once: with several processes of pytest these tests stay together.
pytestmark = pytest.mark.xdist_group("protection")
ROOT = Path(__file__).resolve().parents[2]
CHECKS = ROOT / "snowflake" / "checks" / "masking.sql"
RESTRICTED = Protection(restricted=True)


@pytest.fixture(scope="module")
def compiled(models_of_session: Models) -> list[Any]:
    """Every model and test behind what it depends on, as a first run would execute it."""
    nodes = {node.unique_id: node for node in models_of_session.compiled()}
    ordered: dict[str, Any] = {}

    def add(node_id: str) -> None:
        if node_id in nodes and node_id not in ordered:
            for before in nodes[node_id].depends_on.nodes:
                add(before)
            ordered[node_id] = nodes[node_id]

    for node_id in nodes:
        add(node_id)
    return list(ordered.values())


def stated(node: Any) -> dict[str, Protection]:
    return {name.lower(): declared(column) for name, column in node.columns.items()}


def schema_of(node: Any) -> str:
    return node.fqn[1]


def read(nodes: list[Any]) -> tuple[Protections, list[str]]:
    """What each column bears, and what is wrong with what the YAML says."""
    found, wrong = Protections(), []
    for node in nodes:
        if node.resource_type == "model" and schema_of(node) == "staging":
            found.state(node.relation_name, stated(node))
        elif node.resource_type == "model":
            try:
                taken = found.taken(node.compiled_code)
            except LookupError as unknown:
                wrong.append(f"{node.name}: {unknown}")
                taken = {}
            said = stated(node)
            wrong += problems(node.name, taken, said)
            found.state(
                node.relation_name,
                {name: said[name] if name in said and said[name].decided else taken[name] for name in taken},
            )
    return found, wrong


def test_every_column_that_takes_a_protected_one_says_so(compiled: list[Any]) -> None:
    found, wrong = read(compiled)
    assert wrong == []
    assert found.columns("MILLRACE_DEV.marts.fct_orders")["customer_id"] == RESTRICTED
    assert found.columns("MILLRACE_DEV.intermediate.int_commerce__user_activity_deduplicated")[
        "search_text"
    ] == Protection(treatments=frozenset({"ENCRYPT"}))


def test_nothing_but_staging_reads_raw_tables(compiled: list[Any]) -> None:
    for node in compiled:
        if node.resource_type == "model" and schema_of(node) != "staging":
            assert [each for each in node.depends_on.nodes if each.startswith("source.")] == [], node.name


def test_rows_of_failed_tests_hold_nothing_protected(compiled: list[Any]) -> None:
    """They are stored in audit, where reporters read, as tables without tags."""
    found, _ = read(compiled)
    storing = [node for node in compiled if node.resource_type == "test" and node.config.store_failures]
    assert len(storing) >= 4
    for node in storing:
        taken = found.taken(node.compiled_code)
        assert {name: str(each) for name, each in taken.items() if each != Protection()} == {}, node.name


STATED = {
    "customer_id": RESTRICTED,
    "email": Protection(treatments=frozenset({"HASH"})),
    "lines": RESTRICTED,
    "n": Protection(),
}


@pytest.mark.parametrize(
    ("column", "sql", "takes"),
    [
        ("a column under another name", "select customer_id as x from d.staging.s", RESTRICTED),
        ("an expression", "select 'c-' || upper(coalesce(customer_id, '')) as x from d.staging.s", RESTRICTED),
        (
            "through a star",
            "with a as (select * from d.staging.s), b as (select * from a) select customer_id as x from b",
            RESTRICTED,
        ),
        (
            "one side of a union",
            "select null as x from d.staging.s union all select customer_id as x from d.staging.s",
            RESTRICTED,
        ),
        (
            "out of a list",
            "select l.value:buyer::varchar as x from d.staging.s, lateral flatten(input => s.lines) as l",
            RESTRICTED,
        ),
        ("a window", "select max(customer_id) over (partition by n) as x from d.staging.s", RESTRICTED),
        ("a scalar subquery", "select (select max(customer_id) from d.staging.s) as x", RESTRICTED),
        (
            "a branch",
            "select iff(n = 1, email, null) as x from d.staging.s",
            Protection(treatments=frozenset({"HASH"})),
        ),
        (
            "both",
            "select customer_id || email as x from d.staging.s",
            RESTRICTED | Protection(treatments=frozenset({"HASH"})),
        ),
        ("a free column", "select n as x from d.staging.s where customer_id = 'a'", Protection()),
    ],
)
def test_a_value_is_followed(column: str, sql: str, takes: Protection) -> None:
    protections = Protections()
    protections.state("d.staging.s", STATED)
    assert protections.taken(sql) == {"x": takes}, column


def test_a_column_that_does_not_say_what_it_takes_is_named() -> None:
    taken = {"a": RESTRICTED, "b": RESTRICTED, "c": Protection(), "d": RESTRICTED | STATED["email"]}
    said = {"b": Protection(decided=True), "c": RESTRICTED, "d": RESTRICTED, "gone": RESTRICTED}
    assert list(problems("mart", taken, said)) == [
        "mart.a takes RESTRICTED, and its YAML says nothing",
        "mart.c takes nothing, and its YAML says RESTRICTED: it would be masked for nothing",
        "mart.d takes RESTRICTED, HASH, and its YAML says RESTRICTED",
        "mart has no column gone, and its YAML says RESTRICTED",
    ]


def test_a_value_that_cannot_be_followed_is_refused() -> None:
    protections = Protections()
    protections.state("d.staging.s", STATED)
    for sql in ("select x from d.other.t", "select secret as x from d.staging.s"):
        with pytest.raises(LookupError):
            protections.taken(sql)


def test_tags_are_set_by_one_statement_that_snowflake_reads(models: Models, raw: RawTables) -> None:
    models.run("--select", "+fct_orders")

    statements = models.statements()
    [staged] = [each for each in statements if "alter view" in each and "stg_orders__order_created" in each]
    assert squeezed(staged) == (
        "alter view MILLRACE_DEV.staging.stg_orders__order_created modify"
        " column customer_id set tag MILLRACE_DEV.RAW.ACCESS = 'RESTRICTED',"
        " column customer_name set tag MILLRACE_DEV.RAW.PII = 'ENCRYPT',"
        " column customer_email set tag MILLRACE_DEV.RAW.PII = 'HASH'"
    )
    altered = [squeezed(each) for each in statements if re.search(r"\balter (table|view)\b.*\bset tag\b", each, re.S)]
    assert sorted(each.split()[1:3] for each in altered) == [
        ["table", "MILLRACE_DEV.intermediate.int_orders__order_created_deduplicated"],
        ["table", "MILLRACE_DEV.intermediate.int_orders__order_status_changed_deduplicated"],
        ["table", "MILLRACE_DEV.marts.fct_orders"],
        ["view", "MILLRACE_DEV.staging.stg_orders__order_created"],
        ["view", "MILLRACE_DEV.staging.stg_orders__order_status_changed"],
    ]
    for each in altered:
        # raises on what it cannot parse
        assert sqlfluff.parse(each, dialect="snowflake")


def test_a_mart_is_never_filled_before_it_is_tagged(models: Models, raw: RawTables) -> None:
    models.run("--select", "+fct_orders")
    first = [squeezed(each) for each in models.statements() if "marts.fct_orders" in each]
    made = next(i for i, each in enumerate(first) if each.startswith("create transient table if not exists"))
    filled = next(i for i, each in enumerate(first) if each.startswith("create or replace transient table"))
    assert made < filled
    assert " copy tags as (" in first[filled]
    table = parse_one(first[made], dialect="snowflake")
    assert isinstance(table, exp.Create)
    columns = {each.name: each.sql("snowflake") for each in table.find_all(exp.ColumnDef)}
    assert columns["customer_id"] == "customer_id VARCHAR TAG (MILLRACE_DEV.RAW.ACCESS='RESTRICTED')"
    assert [name for name, text in columns.items() if "TAG" in text] == ["customer_id"]

    models.run("--select", "fct_orders", "--full-refresh")
    again = [squeezed(each) for each in models.statements() if "marts.fct_orders" in each]
    assert not any(each.startswith("create transient table if not exists") for each in again)
    assert any(" copy tags as (" in each for each in again)


def test_a_full_refresh_of_an_incremental_model_keeps_tags_and_sets_them_again(models: Models, raw: RawTables) -> None:
    models.run("--select", "+int_orders__order_created_deduplicated")
    models.run("--select", "int_orders__order_created_deduplicated", "--full-refresh")
    statements = [squeezed(each) for each in models.statements()]
    assert any("create or replace transient table" in each and " copy tags as (" in each for each in statements)
    assert any(each.startswith("alter table") and "customer_id set tag" in each for each in statements)


def test_the_check_of_an_account_asks_for_every_masked_mart_column(compiled: list[Any]) -> None:
    masked = {
        (schema_of(node), node.name, name)
        for node in compiled
        if node.resource_type == "model" and schema_of(node) in ("marts", "audit")
        for name, protection in stated(node).items()
        if protection.restricted
    }
    asked = {
        (table.db.lower(), table.name.lower(), column.name.lower())
        for part in check_of_marts().find_all(exp.Select)
        if (table := part.args["from_"].this) and isinstance(table, exp.Table)
        for column in part.find_all(exp.Column)
        if column.name != "(masked)"
    }
    assert masked
    assert masked <= asked
    assert {(schema, mart) for schema, mart, _ in asked} == {(schema, mart) for schema, mart, _ in masked}


def check_of_marts(role: str = "REPORTER") -> exp.Select:
    """The one query over masked columns, as somebody with this role runs it."""
    text = CHECKS.read_text().replace("<ENV>", "DEV").replace("<ROLE>", role).replace("<WAREHOUSE>", "REPORT")
    [found] = [
        statement
        for statement in parse(text, dialect="snowflake")
        if isinstance(statement, exp.Select) and statement.find(exp.CountIf)
    ]
    return found


def test_the_check_of_an_account_runs_here_too_where_nothing_is_masked(models: Models, raw: RawTables) -> None:
    raw.load([{"kind": "order", "id": "o1", "at": "2026-11-21 10:00:00", "fields": {"lines": [["C-1", 1, 250]]}}])
    raw.load([{"kind": "placed", "id": "p1", "at": "2026-11-21 10:00:00"}])
    raw.load([{"kind": "activity", "id": "a1", "at": "2026-11-21 10:00:00"}])
    forms = [f"{thing}_{form}" for thing in ("shop_order", "user_activity") for form in ("history", "snapshot")]
    models.run("--select", "+fct_orders", "+dim_customer", "+link_source_keys", *(f"+{form}" for form in forms))
    # Whoever sees values is right only as the transformer.
    for role, right in (("TRANSFORMER", "true"), ("REPORTER", "false")):
        query = check_of_marts().sql("snowflake").replace("CURRENT_ROLE()", f"'MILLRACE_DEV_{role}'")
        rows = models.rows(query)
        assert len(rows) == 9
        for row in rows:
            assert (row["masked"], row["stated"], row["is_right"].lower()) == ("0", "1", right), row


def squeezed(statement: str) -> str:
    """Without the comment that dbt puts in front, in one line."""
    return " ".join(re.sub(r"/\*.*?\*/", "", statement, flags=re.S).split()).rstrip(" ;")

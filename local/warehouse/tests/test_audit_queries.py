"""The SQL of docs/audit.md, on tables like the account's own: no laptop has log-ins, but it can tell whether a query counts them."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

import duckdb
import pytest
import sqlglot
from conftest import REPOSITORY
from warehouse.objects.effects import Changed, Made, effects
from warehouse.objects.sql import split

NOW = datetime(2026, 11, 22, 12, 0)
LOGIN_HISTORY = """
    create table LOGIN_HISTORY (
        EVENT_ID bigint, EVENT_TIMESTAMP timestamp, EVENT_TYPE varchar, USER_NAME varchar, CLIENT_IP varchar,
        REPORTED_CLIENT_TYPE varchar, REPORTED_CLIENT_VERSION varchar, FIRST_AUTHENTICATION_FACTOR varchar,
        SECOND_AUTHENTICATION_FACTOR varchar, IS_SUCCESS varchar, ERROR_CODE bigint, ERROR_MESSAGE varchar
    )"""
QUERY_HISTORY = """
    create table QUERY_HISTORY (
        QUERY_ID varchar, DATABASE_NAME varchar, USER_NAME varchar, ROLE_NAME varchar, EXECUTION_STATUS varchar,
        ERROR_CODE varchar, ERROR_MESSAGE varchar, START_TIME timestamp
    )"""
"""Columns as Snowflake documents the two views, those that nobody here asks for left out."""


def statements() -> list[str]:
    blocks = re.findall(r"^```sql\n(.*?)^```", (REPOSITORY / "docs" / "audit.md").read_text(), re.DOTALL | re.MULTILINE)
    return [statement for block in blocks for statement in split(block)]


def alerts() -> dict[str, str]:
    """Condition by name."""
    made = [effect for statement in statements() for effect in effects(statement) if isinstance(effect, Made)]
    return {effect.name: effect.options["CONDITION"] for effect in made if effect.kind == "ALERT"}


@pytest.fixture
def account() -> duckdb.DuckDBPyConnection:
    """Columns are checked as they are named; a query of Snowflake's is translated and asked at noon."""
    connection = duckdb.connect()
    connection.execute(
        "attach ':memory:' as SNOWFLAKE; create schema SNOWFLAKE.ACCOUNT_USAGE; use SNOWFLAKE.ACCOUNT_USAGE"
    )
    connection.execute(LOGIN_HISTORY)
    connection.execute(QUERY_HISTORY)
    return connection


def ask(account: duckdb.DuckDBPyConnection, query: str) -> list[tuple]:
    translated = sqlglot.transpile(query, read="snowflake", write="duckdb")[0]
    assert translated.count("CURRENT_TIMESTAMP") == 1, translated
    return account.execute(translated.replace("CURRENT_TIMESTAMP", f"cast('{NOW}' as timestamp)")).fetchall()


def log_in(
    account: duckdb.DuckDBPyConnection, user: str, success: str, ago: timedelta, address: str = "203.0.113.9"
) -> None:
    account.execute(
        "insert into LOGIN_HISTORY by name select ? as EVENT_TIMESTAMP, ? as USER_NAME, ? as IS_SUCCESS, ? as CLIENT_IP,"
        " 'PASSWORD' as FIRST_AUTHENTICATION_FACTOR, 'INCORRECT_USERNAME_PASSWORD' as ERROR_MESSAGE,"
        " 'PYTHON_DRIVER' as REPORTED_CLIENT_TYPE",
        [NOW - ago, user, success, address],
    )


def test_every_statement_is_one_that_is_read() -> None:
    kinds = [type(effect) for statement in statements() for effect in effects(statement)]
    assert kinds.count(Made) == 3  # the integration and two alerts
    assert kinds.count(Changed) == 2  # both are resumed
    queries = [statement for statement in statements() if statement.startswith("select")]
    assert len(queries) + len(kinds) == len(statements())
    for query in [*queries, *alerts().values()]:
        assert isinstance(sqlglot.parse_one(query, read="snowflake"), sqlglot.exp.Select)


def test_an_alert_that_is_made_is_resumed() -> None:
    resumed = {effect.name for each in statements() for effect in effects(each) if isinstance(effect, Changed)}
    assert resumed == alerts().keys()


def test_more_than_five_refused_log_ins_within_three_hours_speak(account: duckdb.DuckDBPyConnection) -> None:
    condition = alerts()["MILLRACE_PROD.AUDIT.REFUSED_LOG_INS"]
    for _ in range(20):
        log_in(account, "somebody", "YES", timedelta(minutes=5))
        log_in(account, "somebody", "NO", timedelta(hours=4))
    for _ in range(5):
        log_in(account, "somebody", "NO", timedelta(hours=2))
    assert ask(account, condition) == []
    log_in(account, "another", "NO", timedelta(minutes=1))
    assert ask(account, condition) == [(6,)]


def test_more_than_ten_declined_statements_on_our_database_speak(account: duckdb.DuckDBPyConnection) -> None:
    condition = alerts()["MILLRACE_PROD.AUDIT.DECLINED_STATEMENTS"]

    def declined(count: int, database: str = "MILLRACE_PROD", code: str = "003001", hours: int = 1) -> None:
        for _ in range(count):
            account.execute(
                "insert into QUERY_HISTORY by name select ? as DATABASE_NAME, ? as ERROR_CODE, ? as START_TIME",
                [database, code, NOW - timedelta(hours=hours)],
            )

    declined(20, database="SOMEBODY_ELSES")
    declined(20, code="000904")
    declined(20, hours=4)
    declined(10)
    assert ask(account, condition) == []
    declined(1)
    assert ask(account, condition) == [(11,)]


def test_who_it_was_is_told_by_user_and_address_the_most_eager_first(account: duckdb.DuckDBPyConnection) -> None:
    [who] = [statement for statement in statements() if statement.startswith("select")]
    log_in(account, "admin", "NO", timedelta(hours=3), address="198.51.100.1")
    for minutes in (9, 7):
        log_in(account, "guest", "NO", timedelta(minutes=minutes))
    log_in(account, "guest", "YES", timedelta(minutes=1))
    log_in(account, "guest", "NO", timedelta(days=2))
    assert [(user, address, count, last) for user, address, *_, count, last in ask(account, who)] == [
        ("guest", "203.0.113.9", 2, NOW - timedelta(minutes=7)),
        ("admin", "198.51.100.1", 1, NOW - timedelta(hours=3)),
    ]

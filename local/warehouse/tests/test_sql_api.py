from __future__ import annotations

from collections.abc import Iterator

import pytest
from conftest import Client, serving
from warehouse.launcher.sql_api import MOST_HANDLES, ROWS_PER_PARTITION


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    with serving(tmp_path_factory.mktemp("api")) as client:
        assert client.api("create database if not exists TEST")[0] == 200
        assert client.api("create schema if not exists TEST.S")[0] == 200
        yield client


def test_values_are_text_as_snowflake_writes_them(client: Client) -> None:
    status, answer = client.api(
        """
        select 9007199254740993::number(19, 0) as n, 1.50::number(10, 2) as d, 0.5::float as f, true as b, false as b2,
            '2026-11-21'::date as day, '2026-11-21 10:00:00.123456'::timestamp_ntz as t,
            '1969-12-31 23:59:59.5'::timestamp_ntz as early, 'Zoë' as text, parse_json('{"a":1}') as v,
            to_binary('00FF', 'HEX') as raw, null as nothing
        """,
        "TEST",
        "S",
    )
    assert status == 200, answer
    assert answer["data"] == [
        [
            "9007199254740993", "1.50", "0.5", "true", "false", "20778", "1795255200.123456000", "-0.500000000", "Zoë",
            '{"a":1}', "00FF", None,
        ]
    ]  # fmt: skip
    types = [column["type"] for column in answer["resultSetMetaData"]["rowType"]]
    assert types[:8] == ["fixed", "fixed", "real", "boolean", "boolean", "date", "timestamp_ntz", "timestamp_ntz"]
    assert types[9] == "variant"
    assert answer["resultSetMetaData"]["numRows"] == 1
    assert answer["code"] == "090001"


def test_names_are_upper_case_unless_quoted(client: Client) -> None:
    _, answer = client.api('select 1 as a, 2 as "b"', "TEST", "S")
    assert [column["name"] for column in answer["resultSetMetaData"]["rowType"]] == ["A", "b"]


def test_an_empty_result_has_its_columns(client: Client) -> None:
    status, answer = client.api("select 1 as a where false", "TEST", "S")
    assert (status, answer["data"], answer["resultSetMetaData"]["numRows"]) == (200, [], 0)
    assert answer["resultSetMetaData"]["rowType"][0]["name"] == "A"


def test_changes_are_counted_and_kept(client: Client) -> None:
    client.api("create or replace table s.counted (a int)", "TEST", "S")
    status, answer = client.api("insert into s.counted values (1), (2)", "TEST", "S")
    assert (status, answer["stats"]["numRowsInserted"]) == (200, 2)
    assert client.rows("select count(*) from s.counted", "TEST", "S") == [["2"]]


@pytest.mark.parametrize(
    ("statement", "code"),
    [("select * from no_such_table", "002003"), ("selec 1", "001003"), ("select error('why')", "009998")],
)
def test_what_fails_says_so_with_code_and_message(client: Client, statement: str, code: str) -> None:
    status, answer = client.api(statement, "TEST", "S")
    assert status == 422
    assert answer["code"] == code
    assert answer["message"] and answer["statementHandle"]


def test_a_database_that_does_not_exist_is_not_made(client: Client) -> None:
    status, _ = client.api("create table t (a int)", "TYPO", "S")
    assert status == 422
    assert ["TYPO"] not in [[row[1]] for row in client.rows("show databases", "TEST", "S")]


def test_a_body_without_statement_is_refused(client: Client) -> None:
    assert client.http("/api/v2/statements", {"sql": "select 1"})[0] == 400


def test_large_results_come_in_partitions(client: Client) -> None:
    rows = 2 * ROWS_PER_PARTITION + 5
    status, answer = client.api(f"select seq4() as n from table(generator(rowcount => {rows}))", "TEST", "S")
    assert status == 200, answer
    assert answer["resultSetMetaData"]["numRows"] == rows
    parts = [part["rowCount"] for part in answer["resultSetMetaData"]["partitionInfo"]]
    assert parts == [ROWS_PER_PARTITION, ROWS_PER_PARTITION, 5]
    numbers = [row[0] for row in answer["data"]]
    for partition in range(1, len(parts)):
        status, more = client.http(f"/api/v2/statements/{answer['statementHandle']}?partition={partition}")
        assert status == 200
        assert len(more["data"]) == parts[partition]
        numbers += [row[0] for row in more["data"]]
    assert sorted(map(int, numbers)) == list(range(rows))
    assert client.http(f"/api/v2/statements/{answer['statementHandle']}?partition=3")[0] == 422


def test_only_the_latest_large_results_are_kept(client: Client) -> None:
    statement = f"select unnest(range({ROWS_PER_PARTITION + 1})) as n"
    handles = [client.api(statement, "TEST", "S")[1]["statementHandle"] for _ in range(MOST_HANDLES + 1)]
    assert client.http(f"/api/v2/statements/{handles[0]}?partition=1")[0] == 404
    assert client.http(f"/api/v2/statements/{handles[-1]}?partition=1")[0] == 200

"""A statement may take longer than its client waits for an answer."""

from __future__ import annotations

from pathlib import Path

import pytest
from conftest import serving
from warehouse.launcher import long_statements


def test_a_statement_that_is_still_running_is_waited_for_and_not_run_twice(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # No patience at all: every answer is first "still running", and the real connector has to ask again.
    monkeypatch.setattr(long_statements, "SECONDS_OF_SILENCE", 0)
    with serving(tmp_path) as client, client.connect() as connection:
        cursor = connection.cursor()
        cursor.execute("create database test")
        cursor.execute("create schema test.s")
        cursor.execute("create table test.s.t (x int)")
        cursor.execute("insert into test.s.t select seq4() from table(generator(rowcount => 200000))")
        assert cursor.execute("select count(*) from test.s.t").fetchall() == [(200000,)]


def test_the_failure_of_a_long_statement_reaches_its_client(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(long_statements, "SECONDS_OF_SILENCE", 0)
    with (
        serving(tmp_path) as client,
        client.connect() as connection,
        pytest.raises(Exception, match="does not have a current database"),
    ):
        connection.cursor().execute("select * from missing")


def test_asking_for_a_statement_that_nobody_runs_is_an_error_and_not_a_wait(tmp_path: Path) -> None:
    with serving(tmp_path) as client:
        status, answer = client.http("/queries/none/result")
        assert status == 200
        assert not answer["success"]

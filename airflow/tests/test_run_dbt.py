"""One try of a dbt command: what is run again, and what the exit code says."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest
from conftest import PYTHON_WITH_DBT, ROOT
from millrace_airflow.run_dbt import Try

RUN_DBT = ROOT / "airflow/dags/millrace_airflow/run_dbt.py"
PROJECT = {
    "dbt_project.yml": "name: small\nprofile: small\nflags: {send_anonymous_usage_stats: false}\n",
    "profiles.yml": """
small:
  target: local
  outputs:
    local: {type: snowflake, account: fakesnow, host: 127.0.0.1, port: "{{ env_var('SNOWFLAKE_PORT') | as_number }}",
            protocol: http, user: t, password: t, database: MILLRACE_DEV, schema: audit, threads: 1, connect_retries: 0}
""",
    "models/first.sql": "select 1 as n",
    "models/second.sql": "select n from {{ target.database }}.audit.not_there_yet",
    "models/third.sql": "select n from {{ ref('second') }}",
}


@pytest.fixture
def project(tmp_path: Path, warehouse_port: int) -> Path:
    for name, text in PROJECT.items():
        file = tmp_path / "project" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    return tmp_path / "project"


def attempt(project: Path, number: int) -> tuple[int, str]:
    done = subprocess.run(
        [PYTHON_WITH_DBT, str(RUN_DBT), "--run", "run 1", "--task", "build", "--try", str(number)]
        + ["--state", str(project.parent / "state"), "--project", str(project), "--", "build"],
        env=os.environ | {"DBT_SEND_ANONYMOUS_USAGE_STATS": "false"},
        capture_output=True,
        text=True,
    )
    return done.returncode, done.stdout


def test_the_second_try_runs_what_failed_and_what_stood_behind_it(project: Path) -> None:
    code, said = attempt(project, 1)
    assert code == 1
    assert "error: second: " in said
    assert "skipped: third" in said
    (project / "models/second.sql").write_text("select 2 as n")

    code, said = attempt(project, 2)
    assert code == 0
    assert "going on where the try before stopped" in said
    assert [name for name in ("first", "second", "third") if f"audit.{name} ." in said] == ["second", "third"]


class FakeDbt:
    """Writes the results that it is told, as dbt does, and remembers what it was asked."""

    def __init__(self, state: Path) -> None:
        self.state = state
        self.asked: list[str] = []
        self.results: list[dict[str, Any]] | None = []
        self.code = 0
        self._clock = 0

    def run(self, command: list[str]) -> int:
        self.asked.append(" ".join(command))
        if self.results is not None and "show" not in command:
            name = "sources.json" if command[0] == "source" else "run_results.json"
            file = self.state / "target" / name
            file.write_text(json.dumps({"results": self.results}))
            self._clock += 1
            os.utime(file, (self._clock, self._clock))
        return self.code

    def attempt(self, number: int, task_of_run: str, command: str = "build") -> int:
        self.asked.clear()
        return Try(self.run, self.state, task_of_run, number).execute(command.split())

    def says(self, code: int, **statuses: str) -> None:
        self.code = code
        self.results = [
            {
                "unique_id": f"model.millrace.{name}",
                "status": status,
                "message": "why",
                "relation_name": f"audit.{name}",
            }
            for name, status in statuses.items()
        ]


@pytest.fixture
def dbt(tmp_path: Path) -> FakeDbt:
    return FakeDbt(tmp_path)


def test_a_second_try_goes_on_only_with_what_its_own_task_and_run_left_undone(dbt: FakeDbt) -> None:
    dbt.says(1, a="success", b="error", c="skipped")
    assert dbt.attempt(1, "r1 build") == 1
    assert dbt.asked == ["build"]
    dbt.attempt(2, "r1 build")
    assert dbt.asked == ["retry"]
    dbt.attempt(2, "r2 build")
    assert dbt.asked == ["build"]
    dbt.attempt(2, "r2 tests", "test")
    assert dbt.asked == ["test"]
    dbt.attempt(1, "r2 tests", "test")
    assert dbt.asked == ["test"]


def test_a_task_that_was_good_and_is_cleared_by_hand_does_all_of_it_again(dbt: FakeDbt) -> None:
    dbt.says(0, a="success", b="warn")
    dbt.attempt(1, "r1 build")
    dbt.attempt(2, "r1 build")
    assert dbt.asked == ["build"]


@pytest.mark.parametrize(
    ("statuses", "verdict"),
    [
        ({"a": "fail"}, 3),
        ({"a": "fail", "b": "skipped", "c": "warn"}, 3),
        ({"a": "fail", "b": "error"}, 1),
        ({"a": "error"}, 1),
        ({"a": "runtime error"}, 1),
    ],
)
def test_failed_data_tests_alone_are_bad_data(dbt: FakeDbt, statuses: dict[str, str], verdict: int) -> None:
    dbt.says(1, **statuses)
    assert dbt.attempt(1, "r1 build") == verdict


def test_rows_of_failed_tests_are_shown_and_the_results_stay(dbt: FakeDbt, capsys: pytest.CaptureFixture[str]) -> None:
    dbt.says(1, a="fail")
    dbt.attempt(1, "r1 build")
    assert dbt.asked[1:] == ["--quiet --no-write-json show --inline select * from audit.a --limit 5 --output json"]
    assert "fail: a: why (rows in audit.a)" in capsys.readouterr().out


def test_results_of_an_earlier_command_say_nothing_of_one_that_wrote_none(dbt: FakeDbt) -> None:
    dbt.says(1, a="fail")
    dbt.attempt(1, "r1 build")
    dbt.results, dbt.code = None, 2
    assert dbt.attempt(1, "r2 build") == 2
    assert not (dbt.state / "target/run_results.json").exists()

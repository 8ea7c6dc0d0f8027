"""Runs one dbt command as one try of a task: goes on where the try before stopped, and tells bad data from a bad environment.

python run_dbt.py --run RUN --task TASK --try N --state FOLDER --project FOLDER -- DBT ARGUMENTS

It needs no more than Python and dbt, because it runs beside dbt: as a process of an Airflow worker or in the image of dbt.

Exit codes: 0 good; 3 data tests failed and nothing else, so that another try would find the same; else dbt's own, 1 when
nodes failed and 2 when it did not get so far.

The state folder belongs to one DAG, whose tasks run one after the other: its target folder keeps the parsed project and
the results of the last try. A second try of the same task and run is `dbt retry`, which runs what failed and what was
skipped behind it, nothing that was done.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

BAD_DATA = 3
GOOD = ("success", "pass", "warn", "no-op")
SHOWN_ROWS = 5


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--run", required=True)
    parser.add_argument("--task", required=True)
    parser.add_argument("--try", dest="attempt", type=int, required=True)
    parser.add_argument("--state", type=Path, required=True)
    parser.add_argument("--project", required=True)
    parser.add_argument("dbt", nargs="+")
    options = parser.parse_args(arguments)
    state = options.state
    dbt = Dbt(options.project, state / "target", state / "logs")
    return Try(dbt.run, state, f"{options.run} {options.task}", options.attempt).execute(options.dbt)


class Dbt:
    """dbt as a process, which writes its results into the target folder."""

    def __init__(self, project: str, target: Path, logs: Path) -> None:
        self._options = ["--project-dir", project, "--profiles-dir", project]
        self._options += ["--target-path", str(target), "--log-path", str(logs)]

    def run(self, command: list[str]) -> int:
        return subprocess.run([sys.executable, "-m", "dbt.cli.main", *command, *self._options]).returncode


class Try:
    """One try of one task. `dbt` runs a command and returns its exit code, with its results in `state`/target."""

    def __init__(self, dbt: Callable[[list[str]], int], state: Path, task_of_run: str, attempt: int) -> None:
        self._dbt = dbt
        self._target = state / "target"
        self._last = state / "last-task"
        self._task_of_run = task_of_run
        self._attempt = attempt

    def execute(self, command: list[str]) -> int:
        self._target.mkdir(parents=True, exist_ok=True)
        if self._can_go_on(command):
            print("going on where the try before stopped", flush=True)
            command = ["retry"]
        else:
            for results in self._results_files():
                results.unlink(missing_ok=True)
        self._last.write_text(self._task_of_run)
        before = self._written()
        code = self._dbt(command)
        if self._written() == before:
            return code
        bad = [result for result in self._results() if result["status"] not in GOOD]
        for result in bad:
            print(sentence(result), flush=True)
        if command[0] != "source":
            self._show_rows(bad)
        # A skipped node stands behind a failed one, whatever failed that.
        failed = {result["status"] for result in bad} - {"skipped"}
        return BAD_DATA if code == 1 and failed == {"fail"} else code

    def _can_go_on(self, command: list[str]) -> bool:
        """Whether results of an earlier try of this very task and run are there and leave something to do."""
        if self._attempt < 2 or command[0] == "source":
            return False
        if not self._last.exists() or self._last.read_text() != self._task_of_run:
            return False
        return any(result["status"] not in GOOD for result in self._results())

    def _results_files(self) -> list[Path]:
        return [self._target / "run_results.json", self._target / "sources.json"]

    def _written(self) -> list[int]:
        return [file.stat().st_mtime_ns for file in self._results_files() if file.exists()]

    def _results(self) -> list[dict[str, Any]]:
        return [
            result
            for file in self._results_files()
            if file.exists()
            for result in json.loads(file.read_text())["results"]
        ]

    def _show_rows(self, bad: list[dict[str, Any]]) -> None:
        """First rows of tests that store theirs. Tests that store rows hold nothing protected."""
        for result in bad:
            if result["status"] == "fail" and result.get("relation_name"):
                self._dbt(
                    # The results of the tests stay: they are what a retry goes by.
                    ["--quiet", "--no-write-json", "show", "--inline", f"select * from {result['relation_name']}"]
                    + ["--limit", str(SHOWN_ROWS), "--output", "json"]
                )


def sentence(result: dict[str, Any]) -> str:
    """What one node that is not good has to say, in one line."""
    name = result["unique_id"].split(".", 2)[2]
    if "max_loaded_at" in result:
        age = result["max_loaded_at_time_ago_in_s"] / 3600
        return f"stale: {name}, newest row {result['max_loaded_at']}, {age:.1f} hours old"
    if result["status"] == "skipped":
        return f"skipped: {name}"
    message = " ".join(str(result.get("message") or result.get("error") or "").split())
    where = (
        f" (rows in {result['relation_name']})" if result.get("relation_name") and result["status"] == "fail" else ""
    )
    return f"{result['status']}: {name}: {message}{where}"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

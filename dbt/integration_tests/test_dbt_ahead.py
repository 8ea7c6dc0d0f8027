"""The dbt of a demo: started before it is needed, told later what to run."""

from __future__ import annotations

import os
import subprocess
import sys

from conftest import ROOT
from runner import Models


def ahead(models: Models, line: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, str(ROOT / "local/python/dbt_ahead.py")],
        input=line,
        cwd=models.project,
        env=os.environ | {"DBT_TARGET_PATH": str(models.state / "ahead")},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


def test_it_runs_the_command_of_the_line_on_the_project_that_it_has_read(models_of_session: Models) -> None:
    run = ahead(models_of_session, '["ls", "--select", "dim_card", "--resource-type", "model"]\n')
    assert run.returncode == 0, run.stdout + run.stderr
    assert "millrace.marts.cards.dim_card" in run.stdout


def test_the_exit_code_is_that_of_dbt(models_of_session: Models) -> None:
    assert ahead(models_of_session, '["ls", "--no-such-option"]\n').returncode == 2


def test_without_a_command_it_ends_and_has_done_nothing_else(models_of_session: Models) -> None:
    assert ahead(models_of_session, "").returncode == 0

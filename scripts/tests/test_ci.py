"""What the build server's script says, and that it fails when the tests fail."""

from __future__ import annotations

import shutil
import subprocess

import pytest
from conftest import REPOSITORY, Machine, write_program

MAVEN = """#!/usr/bin/env bash
echo "called with $* and CI=$CI"
echo "[INFO] Tests run: 3, Failures: 0, Errors: 0, Skipped: 0, Time elapsed: 0.1 s -- in OrdersTest"
echo "[INFO] Tests run: 12, Failures: 0, Errors: 0, Skipped: 1"
echo "===== 45 passed in 20.56s ====="
read -r line && echo "somebody typed $line"
exit VERDICT
"""


def run_ci(machine: Machine, verdict: int) -> subprocess.CompletedProcess[str]:
    (machine.checkout / ".ci").mkdir()
    shutil.copy(REPOSITORY / ".ci/run", machine.checkout / ".ci/run")
    write_program(machine.checkout / "mvnw", MAVEN.replace("VERDICT", str(verdict)))
    for tool in ("tee", "date", "mktemp", "id"):
        (machine.tools / tool).symlink_to(str(shutil.which(tool)))
    return subprocess.run(
        [str(machine.checkout / ".ci/run")],
        cwd=machine.folder,
        env=machine.environment(),
        input="yes\n",
        capture_output=True,
        text=True,
        timeout=60,
    )


@pytest.mark.parametrize("verdict", [0, 1])
def test_it_ends_as_verify_ended(bare: Machine, verdict: int) -> None:
    done = run_ci(bare, verdict)
    assert done.returncode == verdict, done.stderr
    assert "called with -B -ntp -T1.5C verify and CI=true" in done.stdout
    assert "somebody typed" not in done.stdout


def test_the_runners_closing_lines_stand_at_the_end(bare: Machine) -> None:
    said = run_ci(bare, 0).stdout
    summary = said.split("What the test runners said:\n")[1].splitlines()
    assert summary[:2] == [
        "[INFO] Tests run: 12, Failures: 0, Errors: 0, Skipped: 1",
        "===== 45 passed in 20.56s =====",
    ]
    assert summary[-1].startswith("verify ended with 0 after ")


@pytest.mark.parametrize("server", ["RabbitMQ", "PostgreSQL"])
def test_it_says_of_each_server_whether_the_tests_have_it(bare: Machine, server: str) -> None:
    said = run_ci(bare, 0).stdout
    lines = [line for line in said.splitlines() if line.startswith(f"{server}: ")]
    # installed on the machine that runs this, or no apt-get among the tools of the bare one
    assert len(lines) == 1
    assert lines[0] == f"{server}: already installed" or "no apt-get here, so the" in lines[0]

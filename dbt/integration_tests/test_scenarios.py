"""Each folder of scenarios/ is a story of several runs: <n>.jsonl is loaded before run n, <n>/<schema>.<table>.csv holds
what the table must contain after it, column for column, row for row. A full refresh must end in the last tables too."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from raw_rows import RawTables
from runner import Models, expected_rows

SCENARIOS = sorted(path for path in (Path(__file__).parent / "scenarios").iterdir() if path.is_dir())


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda path: path.name)
def test_every_run_leaves_the_expected_tables(scenario: Path, models: Models, raw: RawTables) -> None:
    runs = sorted(scenario.glob("*.jsonl"))
    assert runs, f"{scenario.name} has no runs"
    for run in runs:
        raw.load(json.loads(line) for line in run.read_text().splitlines() if line.strip())
        if run == runs[-1]:
            # a test of marts that this story does not build has nothing to read
            models.build(*compared(scenario / run.stem), "--indirect-selection", "buildable")
        else:
            models.run(*compared(scenario / run.stem))
        compare(scenario / run.stem, models)
    models.run("--full-refresh", *compared(scenario / runs[-1].stem))
    compare(scenario / runs[-1].stem, models)


def compared(folder: Path) -> list[str]:
    """Selects the tables of the story and what they are made of."""
    files = sorted(folder.glob("*.csv"))
    assert files, f"{folder} expects nothing"
    return ["--select", *("+" + file.stem.split(".")[1] for file in files)]


def compare(folder: Path, models: Models) -> None:
    for file in sorted(folder.glob("*.csv")):
        header = file.read_text().splitlines()[0]
        found = models.rows(f"select {header} from {file.stem}")
        assert found == expected_rows(file), f"{file.relative_to(folder.parents[1])}"

"""All SQL of the models, in both forms, is Snowflake's and holds nothing that passes on the local warehouse only."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from migrated_warehouse import ROOT
from raw_rows import RawTables
from runner import Models
from sqlcheck.rules import check, check_merged
from sqlcheck.statements import Finding, allowed, not_allowed

ALLOWED = ROOT / "local" / "sqlcheck" / "allowed.toml"


@pytest.fixture
def both_forms(models: Models, raw: RawTables) -> tuple[list[tuple[Any, str]], list[tuple[Any, str]]]:
    """Every model and test with its SQL: as a first run executes it, and as one that finds its tables."""
    first = compiled(models, first_run=True)
    models.run("--empty")
    return first, compiled(models, first_run=False)


def compiled(models: Models, first_run: bool) -> list[tuple[Any, str]]:
    # The casts in the inputs of unit tests are dbt's own. A node has the SQL of its last compilation only.
    return [(node, node.compiled_code) for node in models.compiled(first_run) if node.resource_type != "unit_test"]


def place(node: Any) -> str:
    return f"dbt/{Path(node.original_file_path).as_posix()}"


def test_every_compiled_model_and_test_is_read_and_passes(
    both_forms: tuple[list[tuple[Any, str]], list[tuple[Any, str]]],
) -> None:
    first, next_ = ({node.name: sql for node, sql in form} for form in both_forms)
    assert first.keys() == next_.keys()
    assert first["int_orders__order_created_deduplicated"] != next_["int_orders__order_created_deduplicated"]
    findings: list[Finding] = []
    for node, sql in both_forms[0] + both_forms[1]:
        findings += check(place(node), sql)
        # The adapter's own merge; strategies of the project refuse doubled keys when they run (macros/dedupe).
        if node.config.materialized == "incremental" and (node.config.incremental_strategy or "merge") == "merge":
            keys = node.config.unique_key
            findings += check_merged(place(node), sql, [keys] if isinstance(keys, str) else list(keys or []))
    assert not_allowed(findings, allowed(ALLOWED, "dbt/")) == []

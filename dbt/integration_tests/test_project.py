"""The project's own tests and its style."""

from __future__ import annotations

import subprocess
import sys

from raw_rows import RawTables
from runner import Models


def test_the_first_build_needs_nothing_but_raw_tables_and_then_the_unit_tests_hold(
    models: Models, raw: RawTables
) -> None:
    built = models.build()
    assert {"fct_orders", "dim_card", "fct_batch_performance", "oversold_cards", "event_conflicts"} <= built.keys()
    unit_tests = models.invoke("test", "--select", "test_type:unit")
    assert len(unit_tests) == 16
    failed = {name: models.messages[name] for name, status in unit_tests.items() if status != "pass"}
    assert not failed, failed


def test_what_is_kept_as_a_table_has_its_key_tested(models_of_session: Models) -> None:
    """Seeds too, were there any: the loader of a seed takes doubled rows without a word."""
    nodes = models_of_session.manifest.nodes.values()
    keyed = {
        node.attached_node
        for node in nodes
        if getattr(node, "test_metadata", None) and node.test_metadata.name == "key"
    }
    kept = {
        node.unique_id
        for node in nodes
        if node.resource_type == "seed"
        or (node.resource_type == "model" and node.config.materialized in ("table", "incremental"))
    }
    assert kept - keyed == set()


def test_old_rows_make_the_sources_stale(models: Models, raw: RawTables) -> None:
    raw.load([{"kind": "order", "id": "o1", "at": "2020-01-01 00:00:00"}])
    statuses = models.invoke("source", "freshness", "--select", "source:raw.orders_v1__order_created")
    assert statuses == {"orders_v1__order_created": "error"}


def test_the_sql_is_written_in_one_style(models_of_session: Models) -> None:
    lint = subprocess.run(
        [sys.executable, "-m", "sqlfluff", "lint", "models", "tests/business", "tests/quality"],
        cwd=models_of_session.project,
        capture_output=True,
        text=True,
    )
    assert lint.returncode == 0, lint.stdout + lint.stderr

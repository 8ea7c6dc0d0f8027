"""What readers find: example queries, metrics and the documentation, on one small story."""

from __future__ import annotations

import json
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from conftest import ROOT, empty_warehouse
from runner import Models, expected_rows

# Built once: with several processes of pytest these tests stay together.
pytestmark = pytest.mark.xdist_group("readers")
EXAMPLES = ROOT / "snowflake" / "examples"
STORY = Path(__file__).with_name("examples_story.jsonl")


@pytest.fixture(scope="module")
def story(
    warehouse_port: int, objects_of_migrations: set[tuple[str, str]], models_of_session: Models
) -> Iterator[Models]:
    """All models, built from the story."""
    with empty_warehouse(warehouse_port, objects_of_migrations) as raw:
        raw.load(json.loads(line) for line in STORY.read_text().splitlines())
        raw.execute(
            "insert into raw.failed_events (_source, _type, _batch_id, _batch_row, _received_at, class, reason,"
            " quarantine_key, quarantine_row, _file, _file_row, _loaded_at) select 'orders', 'orders.v1.OrderCreated', 'b', 0,"
            " '2026-11-20 10:05:00', 'RULE', 'quantity must be at least 1', 'quarantine/q.mrb', 0, 'failed/f.r1.ndjson.gz',"
            " 1, '2026-11-20 10:06:00'"
        )
        models_of_session.run()
        yield models_of_session


@pytest.mark.parametrize("example", sorted(EXAMPLES.glob("*.sql")), ids=lambda path: path.stem)
def test_an_example_gives_the_result_beside_it(example: Path, story: Models) -> None:
    assert story.rows(example.read_text().rstrip().rstrip(";")) == expected_rows(example.with_suffix(".csv"))


def test_there_are_examples() -> None:
    assert len(list(EXAMPLES.glob("*.sql"))) >= 10


AGGREGATES = {"sum": "sum({})", "average": "avg({})", "count_distinct": "count(distinct {})"}


@pytest.fixture(scope="module")
def manifest(models_of_session: Models) -> Any:
    return models_of_session.manifest


def asked(manifest: Any, metric: str, by: str) -> str:
    """A metric by one dimension, as SQL over the model that its definition names."""
    [found] = [each for each in manifest.metrics.values() if each.name == metric]
    if found.type.value == "ratio":
        parts = (found.type_params.numerator.name, found.type_params.denominator.name)
        above, below = (asked(manifest, part, by) for part in parts)
        return f"select a.d, a.v / b.v as v from ({above}) as a inner join ({below}) as b on a.d = b.d"
    name = found.type_params.measure.name
    [(model, measure)] = [
        (semantic, each)
        for semantic in manifest.semantic_models.values()
        for each in semantic.measures
        if each.name == name
    ]
    [dimension] = [each for each in model.dimensions if each.name == by]
    value = AGGREGATES[measure.agg.value].format(measure.expr)
    relation = f"{model.node_relation.schema_name}.{model.node_relation.alias}"
    return f"select {dimension.expr or dimension.name} as d, {value} as v from {relation} group by 1"


@pytest.mark.parametrize(
    ("metric", "by", "expected"),
    [
        ("orders", "currency", {"EUR": "2", "JPY": "1"}),
        ("revenue_minor", "currency", {"EUR": "3750", "JPY": "180"}),
        ("revenue_per_order_minor", "currency", {"EUR": "1875", "JPY": "180"}),
        ("units_sold", "channel", {"CHANNEL_WEB": "14"}),
        ("yield_rate", "plant", {"Kiruna": "1", "Lund": "0.833333"}),
        ("lead_time_seconds", "plant", {"Kiruna": "10800", "Lund": "3600"}),
        ("stock", "snapshot_day", {"2026-11-18": "10", "2026-11-19": "13", "2026-11-20": "8"}),
    ],
)
def test_a_metric_means_what_its_name_says(
    metric: str, by: str, expected: dict[str, str], story: Models, manifest: Any
) -> None:
    found = {row["d"]: round(Decimal(row["v"]), 6) for row in story.rows(asked(manifest, metric, by))}
    assert found == {key: Decimal(value) for key, value in expected.items()}


def test_every_column_that_the_semantic_models_name_is_there_and_tells_nobody_a_person(manifest: Any) -> None:
    """dbt checks how the definitions fit together, not whether the columns exist."""
    assert manifest.semantic_models and manifest.metrics
    for semantic in manifest.semantic_models.values():
        columns = manifest.nodes[semantic.depends_on.nodes[0]].columns
        for each in (*semantic.entities, *semantic.dimensions, *semantic.measures):
            column = columns[each.expr or each.name]
            assert column.config.meta.get("access") != "RESTRICTED", (semantic.name, each.name)


def test_every_exposure_names_a_role_and_what_it_reads(manifest: Any) -> None:
    assert len(manifest.exposures) >= 5
    for exposure in manifest.exposures.values():
        assert exposure.owner.name and exposure.owner.email is None, exposure.name
        assert exposure.depends_on.nodes, exposure.name


def test_the_documentation_has_every_mart_with_the_columns_that_are_there(story: Models, manifest: Any) -> None:
    """Of views this warehouse tells the documentation nothing; their columns are asked for."""
    catalog = story.catalog()
    marts = {key: node for key, node in manifest.nodes.items() if key.startswith("model.") and node.schema == "marts"}
    assert len(marts) > 20
    for key, node in marts.items():
        found = story.columns(node.relation_name) if node.config.materialized == "view" else list(catalog[key].columns)
        assert {name.lower() for name in found} == {name.lower() for name in node.columns}, key
        assert node.description

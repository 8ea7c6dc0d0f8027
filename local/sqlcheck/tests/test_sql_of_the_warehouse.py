"""Every migration, as it is sent, is Snowflake's SQL and holds nothing that passes here only."""

from __future__ import annotations

from pathlib import Path

import jinja2
from sqlcheck.rules import check
from sqlcheck.statements import Finding, allowed, not_allowed

ROOT = Path(__file__).resolve().parents[3]
ALLOWED = Path(__file__).parents[1] / "allowed.toml"
VARIABLES = {
    "environment": "dev",
    "bucket": "b",
    "topic_arn": "arn:aws:sns:eu-west-1:111111111111:t",
    "storage_role_arn": "arn:aws:iam::111111111111:role/r",
    "external_id": "e",
    "error_topic_arn": "arn:aws:sns:eu-west-1:111111111111:l",
    "error_role_arn": "arn:aws:iam::111111111111:role/l",
}


MIRRORED = {
    "table": "PUBLIC.ORDERS",
    "source": "orders",
    "type": "orders.v1.OrderCreated",
    "event_id": "event_id",
    "occurred_at": "placed",
    "fields": {"event_id": "event_id", "order_id": "order_number"},
    "times": {"created_at": "placed"},
}
OPENFLOW = {"postgres_address": "db.example:5432", "mirrored": [MIRRORED]}


def rendered() -> list[tuple[str, str]]:
    """Migrations as they are sent, for both formats, and what people run by hand: file and text."""
    loader = jinja2.FileSystemLoader(ROOT / "snowflake" / "migrations")
    environment = jinja2.Environment(undefined=jinja2.StrictUndefined, loader=loader)
    texts = [
        (file, environment.from_string(file.read_text()).render(VARIABLES | {"event_format": event_format}))
        for file in sorted((ROOT / "snowflake" / "migrations").glob("*.sql"))
        for event_format in ("parquet", "ndjson")
    ]
    texts += [
        (file, file.read_text().replace("<ENV>", "DEV").replace("<ROLE>", "R").replace("<WAREHOUSE>", "W"))
        for folder in ("checks", "examples")
        for file in sorted((ROOT / "snowflake" / folder).glob("**/*.sql"))
    ]
    texts += [
        (file, environment.from_string(file.read_text()).render(VARIABLES | OPENFLOW))
        for file in sorted((ROOT / "snowflake" / "openflow").glob("[RV]*.sql"))
    ]
    return [(str(file.relative_to(ROOT)), text) for file, text in texts]


def test_all_sql_of_the_warehouse_is_read_and_passes() -> None:
    texts = rendered()
    assert len(texts) > 40
    findings: list[Finding] = [each for place, text in texts for each in check(place, text)]
    assert not_allowed(findings, allowed(ALLOWED, "snowflake/")) == []

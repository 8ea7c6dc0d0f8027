"""The values that stand for the variables of the migrations."""

from __future__ import annotations

import re
from collections.abc import Mapping
from difflib import get_close_matches

NEEDED = (
    "environment",
    "bucket",
    "topic_arn",
    "storage_role_arn",
    "external_id",
    "error_topic_arn",
    "error_role_arn",
    "event_format",
)
OPTIONAL = (
    "ndjson_codec",
    "account_timezone",
    "credit_quota",
    "budget_credits",
    "loader_public_key",
    "loader_public_key_2",
    "transformer_public_key",
    "transformer_public_key_2",
    "reporter_public_key",
    "reporter_public_key_2",
    "allowed_addresses",
    "alert_email",
    "idle_hours",
    "quiet_pipes",
    "stale_hours",
)
FORMATS = ("parquet", "ndjson")
KEY = re.compile(r"[A-Za-z0-9+/]{300,}={0,2}")
ADDRESS = re.compile(r"\d{1,3}(\.\d{1,3}){3}(/\d{1,2})?")
NUMBERS = ("credit_quota", "budget_credits", "idle_hours", "stale_hours")


def problems(variables: Mapping[str, str]) -> list[str]:
    """A sentence for each value that is missing or cannot be used. They end up in statements, so nothing is let through."""
    found = [f"the variable {name} is missing" for name in NEEDED if not variables.get(name)]
    for name, value in variables.items():
        if name not in NEEDED + OPTIONAL:
            near = get_close_matches(name, NEEDED + OPTIONAL, 1)
            found.append(f"the variable {name} is unknown" + (f"; is {near[0]} meant?" if near else ""))
        elif not isinstance(value, str):
            found.append(f"the variable {name} must be a text")
        elif "'" in value or "\n" in value or ";" in value:
            found.append(f"the variable {name} has a quote, a semicolon or a line break in it")
        elif name in NUMBERS and not re.fullmatch(r"[1-9]\d{0,6}", value):
            found.append(f"{name} is {value!r}; it must be a whole number above 0")
        elif "public_key" in name and not KEY.fullmatch(value):
            found.append(f"{name} must be the base64 of a public key on one line, without its BEGIN and END lines")
        elif name == "allowed_addresses" and not all(ADDRESS.fullmatch(part.strip()) for part in value.split(",")):
            found.append("allowed_addresses must be IPv4 addresses or ranges such as 198.51.100.0/24, joined by commas")
        elif name == "alert_email" and not re.fullmatch(r"[^\s@,]+@[^\s@,]+", value):
            found.append(f"alert_email is {value!r}; it must be one address")
    if variables.get("event_format") not in (None, "", *FORMATS):
        found.append(f"event_format is {variables['event_format']!r}; it must be one of {', '.join(FORMATS)}")
    if not re.fullmatch(r"[A-Za-z][A-Za-z0-9_]*", variables.get("environment") or "dev"):
        found.append(f"environment {variables['environment']!r} cannot be part of a database's name")
    return found


def database(variables: Mapping[str, str]) -> str:
    return f"MILLRACE_{variables['environment'].upper()}"

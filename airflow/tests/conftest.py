"""A real Airflow in a temporary folder, a real mail server on loopback, and the real models on the local warehouse."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
DAGS = ROOT / "airflow" / "dags"
# Airflow's own environment has no dbt; that of the laptop run has.
PYTHON_WITH_DBT = os.environ.get("MILLRACE_PYTHON") or str(ROOT / ".millrace" / "venv" / "bin" / "python")
sys.path[:0] = [str(DAGS), str(ROOT / "dbt" / "integration_tests")]

# Airflow reads these when it is first imported, which is before any fixture runs.
_home = tempfile.TemporaryDirectory(prefix="millrace-airflow-")
HOME = Path(_home.name)
os.environ |= {
    "AIRFLOW_HOME": str(HOME),
    "AIRFLOW__CORE__DAGS_FOLDER": str(DAGS),
    "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
    "AIRFLOW__CORE__UNIT_TEST_MODE": "False",
    "AIRFLOW__LOGGING__LOGGING_LEVEL": "WARNING",
    "MILLRACE_AIRFLOW_SETTINGS": str(HOME / "settings.toml"),
}

SETTINGS = f"""
[dbt]
runner = "process"
python = "{PYTHON_WITH_DBT}"
project = "{ROOT / "dbt"}"
state = "{HOME / "state"}"
target = "local"
environment = "dev"
threads = 4
variables = ["SNOWFLAKE_HOST", "SNOWFLAKE_PORT"]

[hourly]
retry_delay_minutes = 0

[mail]
sender = "millrace@example.com"
failures = ["team@example.com"]
business = ["operations@example.com"]
freshness = ["sources@example.com"]

[[job]]
name = "rates"
kind = "api_poll"
description = "Fetches the day's rates."
schedule = "5 6 * * *"
retries = 1
retry_delay_minutes = 0
command = ["/bin/sh", "{HOME / "rates.sh"}"]
mail = ["rates@example.com"]

[[job]]
name = "rebuild"
kind = "full_load"
description = "Builds all anew."
schedule = "11 1 * * 0"
dbt = ["build", "--full-refresh"]
"""
(HOME / "settings.toml").write_text(SETTINGS)

from mailbox_server import Mailbox, mail_server
from migrated_warehouse import migrated_warehouse


@pytest.fixture(scope="session")
def mail_port_and_box() -> Iterator[tuple[int, Mailbox]]:
    with mail_server() as (port, box):
        yield port, box


@pytest.fixture
def mailbox(mail_port_and_box: tuple[int, Mailbox]) -> Mailbox:
    """What the mail server has received; empty at the start of each test."""
    port, box = mail_port_and_box
    os.environ["AIRFLOW_CONN_SMTP_DEFAULT"] = json.dumps(
        {"conn_type": "smtp", "host": "127.0.0.1", "port": port, "extra": {"disable_ssl": True, "disable_tls": True}}
    )
    box.empty()
    return box


@pytest.fixture(scope="session")
def metadata_database() -> None:
    """Airflow's own tables, in SQLite."""
    made = subprocess.run(
        [sys.executable, "-P", "-m", "airflow", "db", "migrate"], capture_output=True, text=True, check=False
    )
    assert made.returncode == 0, made.stderr


@pytest.fixture(scope="session")
def warehouse_port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    with migrated_warehouse(tmp_path_factory.mktemp("warehouse"), PYTHON_WITH_DBT) as warehouse:
        os.environ |= {"SNOWFLAKE_HOST": "127.0.0.1", "SNOWFLAKE_PORT": str(warehouse.port)}
        yield warehouse.port


def pytest_sessionfinish() -> None:
    _home.cleanup()

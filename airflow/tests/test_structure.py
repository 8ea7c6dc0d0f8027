"""What the DAGs are: they import, and hold what every DAG of ours has to hold."""

from __future__ import annotations

import json
import os
from datetime import timedelta
from pathlib import Path

import pytest
from airflow.dag_processing.dagbag import DagBag
from airflow.sdk import DAG
from conftest import DAGS, HOME, SETTINGS
from millrace_airflow.dags import IMAGE_STATE, all_dags
from millrace_airflow.operators import ContainerTask, ProcessTask
from millrace_airflow.settings import SETTINGS_VARIABLE, parse

IMAGE = "registry.example.com/dbt@sha256:" + "b" * 64


def imported(folder: Path) -> dict[str, DAG]:
    """The DAGs of a folder; no DAG and an error are both failures."""
    bag = DagBag(folder, bundle_path=folder, bundle_name="dags-folder")
    assert bag.import_errors == {}
    assert bag.dags, f"{folder} has no DAG"
    return bag.dags


@pytest.fixture(scope="module")
def dags() -> dict[str, DAG]:
    return imported(DAGS)


def test_the_folder_imports_without_errors(dags: dict[str, DAG]) -> None:
    assert set(dags) == {"millrace_hourly", "millrace_daily", "millrace_rates", "millrace_rebuild"}


def test_an_empty_folder_is_no_good_one(tmp_path: Path) -> None:
    with pytest.raises(AssertionError, match="has no DAG"):
        imported(tmp_path)


def test_wrong_settings_are_an_import_error_that_names_all_of_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wrong = tmp_path / "wrong.toml"
    wrong.write_text(SETTINGS.replace("runner =", "runer =").replace("business =", "busines ="))
    monkeypatch.setenv(SETTINGS_VARIABLE, str(wrong))
    bag = DagBag(DAGS, bundle_path=DAGS, bundle_name="dags-folder")
    assert bag.dags == {}
    (error,) = bag.import_errors.values()
    assert "dbt.runer is unknown; did you mean runner?" in error
    assert "mail.busines is unknown; did you mean business?" in error


def test_every_dag_runs_once_at_a_time_makes_up_for_nothing_and_tells_of_its_failures(dags: dict[str, DAG]) -> None:
    for dag in dags.values():
        assert (dag.catchup, dag.max_active_runs) == (False, 1), dag.dag_id
        assert dag.dagrun_timeout and dag.dagrun_timeout >= timedelta(minutes=10), dag.dag_id
        assert dag.on_failure_callback, dag.dag_id
        assert dag.tasks, dag.dag_id
        for task in dag.tasks:
            assert task.on_failure_callback, task.task_id
            assert task.execution_timeout and task.execution_timeout <= dag.dagrun_timeout, task.task_id


def test_everything_but_a_look_at_the_clock_is_tried_again(dags: dict[str, DAG]) -> None:
    without = {f"{dag.dag_id}.{task.task_id}" for dag in dags.values() for task in dag.tasks if not task.retries}
    assert without == {"millrace_hourly.freshness"}


def test_the_hourly_run_asks_for_freshness_builds_whatever_that_says_and_then_tests_the_business(
    dags: dict[str, DAG],
) -> None:
    hourly = dags["millrace_hourly"]
    assert {task.task_id: sorted(task.downstream_task_ids) for task in hourly.tasks} == {
        "freshness": ["build"],
        "build": ["business_tests"],
        "business_tests": [],
    }
    assert hourly.task_dict["build"].trigger_rule == "all_done"
    assert hourly.task_dict["business_tests"].trigger_rule == "all_success"
    assert dbt_command(hourly, "freshness")[:2] == ["source", "freshness"]
    build = dbt_command(hourly, "build")
    assert build[:5] == ["build", "--exclude-resource-type", "unit_test", "--exclude", "tag:business"]
    assert variables(build)["tested_rows"] == "increment"
    business = dbt_command(hourly, "business_tests")
    assert business[:3] == ["test", "--select", "tag:business"]
    assert variables(business)["business_severity"] == "error"


def test_the_daily_run_reads_everything(dags: dict[str, DAG]) -> None:
    daily = dags["millrace_daily"]
    assert [task.task_id for task in daily.topological_sort()] == ["conflict_audit", "full_tests", "docs"]
    assert variables(dbt_command(daily, "conflict_audit")) == {"conflicts": "everything", "tested_rows": "everything"}
    assert variables(dbt_command(daily, "full_tests"))["tested_rows"] == "everything"
    assert dbt_command(daily, "full_tests")[:4] == ["test", "--exclude", "test_type:unit", "tag:business"]
    assert dbt_command(daily, "docs")[:2] == ["docs", "generate"]


def test_tasks_that_write_the_same_tables_share_a_pool(dags: dict[str, DAG]) -> None:
    assert {task.pool for name in ("hourly", "daily", "rebuild") for task in dags[f"millrace_{name}"].tasks} == {
        "millrace"
    }
    assert dags["millrace_rates"].task_dict["api_poll"].pool == "default_pool"


def test_no_value_of_a_variable_stands_in_a_dag(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SNOWFLAKE_PORT", "port-that-is-a-secret")
    for dag in imported(DAGS).values():
        for task in dag.tasks:
            assert "port-that-is-a-secret" not in json.dumps(vars(task), default=str)
    assert os.environ["SNOWFLAKE_PORT"] == "port-that-is-a-secret"


def test_in_containers_the_same_commands_run_in_the_image_of_dbt() -> None:
    process = SETTINGS
    start, end = process.index("[dbt]"), process.index("target =")
    container = f"""[dbt]
runner = "container"
image = "{IMAGE}"
engine = "tcp://127.0.0.1:1"
state = "{HOME}/state"
mounts = ["/etc/millrace/key.p8:/run/key.p8"]
"""
    dags = {dag.dag_id: dag for dag in all_dags(parse(process[:start] + container + process[end:]))}
    plain = {dag.dag_id: dag for dag in all_dags(parse(process))}
    for name in ("millrace_hourly", "millrace_daily", "millrace_rebuild"):
        for task in dags[name].tasks:
            assert isinstance(task, ContainerTask)
            assert task.image == IMAGE
            assert dbt_command(dags[name], task.task_id) == dbt_command(plain[name], task.task_id)
            assert [(mount["Source"], mount["Target"], mount.get("ReadOnly")) for mount in task.mounts] == [
                ("/etc/millrace/key.p8", "/run/key.p8", True),
                (f"{HOME}/state", IMAGE_STATE, False),
            ]
    assert isinstance(dags["millrace_rates"].task_dict["api_poll"], ProcessTask)


def dbt_command(dag: DAG, task_id: str) -> list[str]:
    command = dag.task_dict[task_id].command
    return command[command.index("--") + 1 :]


def variables(command: list[str]) -> dict[str, str]:
    return json.loads(command[command.index("--vars") + 1])

"""The DAGs: the hourly run, the daily one, and one per job of the settings."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from airflow.sdk import DAG, BaseOperator, TriggerRule

from millrace_airflow import mail
from millrace_airflow.operators import ContainerTask, ProcessTask
from millrace_airflow.settings import ContainerRunner, Job, ProcessRunner, Run, Settings

# Before any run there will ever be; with catchup off, nothing of the time until now is made up for.
_START = datetime(2026, 1, 1, tzinfo=UTC)
_RUN_DBT = Path(__file__).with_name("run_dbt.py")
# Where the image of dbt has them: airflow/dbt.Dockerfile.
IMAGE_RUN_DBT = "/opt/millrace/run_dbt.py"
IMAGE_PROJECT = "/opt/millrace/dbt"
IMAGE_STATE = "/var/lib/millrace"
BUSINESS = "tag:business"
# The same for all tasks of a DAG: dbt parses the whole project again when a variable is another.
_HOURLY = {"tested_rows": "increment", "business_severity": "error"}
_DAILY = {"tested_rows": "everything", "conflicts": "everything"}


def all_dags(settings: Settings) -> Iterator[DAG]:
    yield hourly(settings)
    yield daily(settings)
    for job in settings.jobs:
        yield of_job(settings, job)


def hourly(settings: Settings) -> DAG:
    """freshness, which warns and never blocks -> models and their tests, limited to the look-back -> business tests."""
    with _dag(
        settings, "millrace_hourly", settings.hourly, "Builds and tests the models.", settings.mail.failures
    ) as dag:
        freshness = _dbt_task(
            settings,
            "freshness",
            ["source", "freshness"],
            _HOURLY,
            on_failure_callback=mail.of_task(settings.mail, settings.mail.freshness, "sources are stale"),
            # A stale source is not fresher a minute later.
            retries=0,
        )
        build = _dbt_task(
            settings,
            "build",
            ["build", "--exclude-resource-type", "unit_test", "--exclude", BUSINESS],
            _HOURLY,
            trigger_rule=TriggerRule.ALL_DONE,
        )
        business = _dbt_task(
            settings,
            "business_tests",
            ["test", "--select", BUSINESS],
            _HOURLY,
            on_failure_callback=mail.of_task(settings.mail, settings.mail.business, "business test"),
        )
        freshness >> build >> business
    return dag


def daily(settings: Settings) -> DAG:
    """What reads whole tables: all tests, the conflict audit over all rows, and the documentation."""
    with _dag(
        settings, "millrace_daily", settings.daily, "Tests and compares all rows.", settings.mail.failures
    ) as dag:
        conflicts = _dbt_task(
            settings,
            "conflict_audit",
            ["build", "--exclude-resource-type", "unit_test", "--select", "event_conflict_versions+"],
            _DAILY,
        )
        tests = _dbt_task(
            settings,
            "full_tests",
            ["test", "--exclude", "test_type:unit", BUSINESS],
            _DAILY,
            trigger_rule=TriggerRule.ALL_DONE,
        )
        docs = _dbt_task(settings, "docs", ["docs", "generate"], _DAILY, trigger_rule=TriggerRule.ALL_DONE)
        conflicts >> tests >> docs
    return dag


def of_job(settings: Settings, job: Job) -> DAG:
    told = mail.of_task(settings.mail, job.mail, f"{job.kind} {job.name}")
    with _dag(settings, f"millrace_{job.name}", job.run, job.description, job.mail, tags=[job.kind]) as dag:
        if job.dbt:
            _dbt_task(settings, job.kind, list(job.dbt), on_failure_callback=told)
        else:
            _command_task(settings, job, on_failure_callback=told)
    return dag


def _command_task(settings: Settings, job: Job, **arguments: Any) -> BaseOperator:
    arguments |= {
        "task_id": job.kind,
        "command": list(job.command),
        "environment": {name: str(value) for name, value in job.values.items()},
        "variables": list(job.variables),
    }
    if job.pool is not None:
        arguments["pool"] = job.pool
    if job.image is None:
        return ProcessTask(folder=job.folder, **arguments)
    runner = settings.dbt.runner
    if isinstance(runner, ContainerRunner):
        arguments |= {"docker_url": runner.engine, "network_mode": runner.network}
    return ContainerTask(image=job.image, **arguments)


def _dag(
    settings: Settings, dag_id: str, run: Run, description: str, told: tuple[str, ...], tags: list[str] | None = None
) -> DAG:
    return DAG(
        dag_id,
        description=description,
        schedule=run.schedule,
        start_date=_START,
        catchup=False,
        # Two runs at once would write the same tables and share one folder of state.
        max_active_runs=1,
        dagrun_timeout=run.timeout,
        default_args={
            "owner": "millrace",
            "retries": run.retries,
            "retry_delay": run.retry_delay,
            "execution_timeout": run.task_timeout,
            "on_failure_callback": mail.of_task(settings.mail, told, "task failed"),
        },
        on_failure_callback=mail.of_run(settings.mail, told),
        tags=["millrace", *(tags or [])],
    )


def _dbt_task(
    settings: Settings,
    task_id: str,
    command: list[str],
    variables: Mapping[str, str] | None = None,
    **arguments: Any,
) -> BaseOperator:
    """One dbt command. Its tries share a folder of state, which is how a second try goes on where the first one stopped."""
    dbt, runner = settings.dbt, settings.dbt.runner
    # What the DAG needs to be true wins over what the settings say.
    of_run = {**dbt.vars, **(variables or {})}
    if of_run:
        command = [*command, "--vars", json.dumps(of_run, sort_keys=True)]
    common: dict[str, Any] = {
        "task_id": task_id,
        "environment": {
            "MILLRACE_DBT_TARGET": dbt.target,
            "MILLRACE_ENV": dbt.environment,
            "DBT_THREADS": str(dbt.threads),
        },
        "variables": list(dbt.variables),
        # One slot: hourly and daily runs merge into the same tables.
        "pool": dbt.pool,
        **arguments,
    }
    if isinstance(runner, ProcessRunner):
        return ProcessTask(
            command=[runner.python, str(_RUN_DBT), *_try(runner.state, runner.project), *command], **common
        )
    return ContainerTask(
        image=runner.image,
        docker_url=runner.engine,
        network_mode=runner.network,
        mounts=runner.mounts,
        state=f"{runner.state}:{IMAGE_STATE}",
        command=["python", IMAGE_RUN_DBT, *_try(IMAGE_STATE, IMAGE_PROJECT), *command],
        **common,
    )


def _try(state: str, project: str) -> list[str]:
    return [
        "--run",
        "{{ run_id }}",
        "--task",
        "{{ ti.task_id }}",
        "--try",
        "{{ ti.try_number }}",
        "--state",
        f"{state}/{{{{ dag.dag_id }}}}",
        "--project",
        project,
        "--",
    ]

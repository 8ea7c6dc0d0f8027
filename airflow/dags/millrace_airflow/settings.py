"""What the DAGs need to know, as one immutable object: read from a TOML file when the DAGs are parsed, wrong or whole."""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path, PurePosixPath

from millrace_airflow.reading import Table

SETTINGS_VARIABLE = "MILLRACE_AIRFLOW_SETTINGS"
# Beside the folder of the DAGs, so that a checkout has settings that parse.
DEFAULT_FILE = Path(__file__).resolve().parents[2] / "millrace.toml"
RESERVED_NAMES = ("hourly", "daily")
JOB_KINDS = ("full_load", "api_poll", "command")
_PINNED = re.compile(r"[^\s@]+@sha256:[0-9a-f]{64}")


class SettingsProblem(Exception):
    """The settings cannot be used; every sentence says one thing that is wrong."""


@dataclass(frozen=True)
class ProcessRunner:
    """Commands run as processes of the worker. `python` is an interpreter that has dbt."""

    python: str
    project: str
    state: str


@dataclass(frozen=True)
class ContainerRunner:
    """Commands run in a container of an image that is named by digest.

    `state` is a folder of the machine that runs the engine; it keeps what `dbt retry` needs from one try to the next.
    `mounts` are read-only, `source:target`.
    """

    image: str
    engine: str
    state: str
    mounts: tuple[str, ...]
    network: str | None


@dataclass(frozen=True)
class Dbt:
    runner: ProcessRunner | ContainerRunner
    target: str
    environment: str
    threads: int
    # Names of environment variables of the worker that dbt gets too, such as the account and the path of its key.
    variables: tuple[str, ...]
    vars: Mapping[str, str | int | bool]
    pool: str


@dataclass(frozen=True)
class Run:
    """When a DAG runs and how long it may take. `timeout` is that of the whole run, `task_timeout` of one try."""

    schedule: str
    timeout: timedelta
    task_timeout: timedelta
    retries: int
    retry_delay: timedelta


@dataclass(frozen=True)
class Mail:
    """Who is told. Host and password are those of the Airflow connection, so that no file holds them."""

    connection: str
    sender: str
    failures: tuple[str, ...]
    business: tuple[str, ...]
    freshness: tuple[str, ...]


@dataclass(frozen=True)
class Job:
    """A command on a schedule: a full load, a poll of an API, or anything else that ends with 0 when it is good.

    Either `dbt` arguments, run as the hourly run's are, or a `command`: with an image in a container of it, else as a
    process of the worker.
    """

    name: str
    kind: str
    description: str
    run: Run
    dbt: tuple[str, ...]
    command: tuple[str, ...]
    folder: str | None
    image: str | None
    values: Mapping[str, str | int | bool]
    # Names of environment variables of the worker that the command gets too.
    variables: tuple[str, ...]
    mail: tuple[str, ...]
    pool: str | None


@dataclass(frozen=True)
class Settings:
    dbt: Dbt
    hourly: Run
    daily: Run
    mail: Mail
    jobs: tuple[Job, ...]


def load(environment: Mapping[str, str] = os.environ) -> Settings:
    """The settings of the file that MILLRACE_AIRFLOW_SETTINGS names, else of the checkout's own.

    Raises SettingsProblem with all that is wrong.
    """
    file = Path(environment.get(SETTINGS_VARIABLE) or DEFAULT_FILE)
    try:
        text = file.read_text()
    except OSError as unreadable:
        raise SettingsProblem(
            f"{file} cannot be read ({unreadable.strerror}): {SETTINGS_VARIABLE} names the settings of the DAGs."
        ) from unreadable
    try:
        return parse(text)
    except SettingsProblem as wrong:
        raise SettingsProblem(f"{file}:\n{wrong}") from wrong


def parse(text: str) -> Settings:
    """Settings of a TOML text. Raises SettingsProblem with one line per problem."""
    try:
        values = tomllib.loads(text)
    except tomllib.TOMLDecodeError as broken:
        raise SettingsProblem(f"It is no TOML: {broken}.") from broken
    problems: list[str] = []
    file = Table(values, "", problems)
    mail = _mail(file.table("mail"))
    settings = Settings(
        dbt=_dbt(file.table("dbt")),
        hourly=_run(file.table("hourly"), schedule="17 * * * *", timeout=55, task_timeout=40, retries=2),
        daily=_run(file.table("daily"), schedule="43 3 * * *", timeout=240, task_timeout=120, retries=2),
        mail=mail,
        jobs=tuple(_job(each, mail) for each in file.tables("job")),
    )
    file.done()
    names = [job.name for job in settings.jobs]
    problems += [f"job: two jobs are named {name}." for name in sorted({n for n in names if names.count(n) > 1})]
    if problems:
        raise SettingsProblem("\n".join(problems))
    return settings


def _dbt(table: Table) -> Dbt:
    kind = table.choice("runner", ("process", "container"))
    runner: ProcessRunner | ContainerRunner
    if kind == "container":
        runner = ContainerRunner(
            image=_image(table, "image"),
            engine=table.text("engine", "unix:///var/run/docker.sock"),
            state=_absolute(table, "state"),
            mounts=_mounts(table),
            network=table.text("network", None),
        )
        table.refuse(("python", "project"), "has no meaning with runner = 'container'.")
    else:
        runner = ProcessRunner(
            python=_absolute(table, "python"), project=_absolute(table, "project"), state=_absolute(table, "state")
        )
        table.refuse(("image", "engine", "mounts", "network"), "has no meaning with runner = 'process'.")
    dbt = Dbt(
        runner=runner,
        target=table.choice("target", ("account", "local"), "account"),
        environment=table.name("environment"),
        threads=table.number("threads", 8, 1, 64),
        variables=table.variable_names("variables", ()),
        vars=table.scalars("vars"),
        pool=table.text("pool", "millrace"),
    )
    table.done()
    return dbt


def _image(table: Table, key: str) -> str:
    image = table.text(key)
    if image and not _PINNED.fullmatch(image):
        table.wrong(key, f"is {image!r}; it must be pinned by digest, name@sha256:<64 hex digits>.")
    return image


def _absolute(table: Table, key: str) -> str:
    path = table.text(key)
    if path and not PurePosixPath(path).is_absolute():
        table.wrong(key, f"is {path!r}; it must be an absolute path, since a worker starts in any folder.")
    return path


def _mounts(table: Table) -> tuple[str, ...]:
    mounts = table.texts("mounts", (), at_least_one=False)
    for mount in mounts:
        parts = mount.split(":")
        if len(parts) != 2 or not all(PurePosixPath(part).is_absolute() for part in parts):
            table.wrong("mounts", f"has {mount!r}; a mount is two absolute paths, source:target.")
    return mounts


def _run(table: Table, schedule: str, timeout: int, task_timeout: int, retries: int) -> Run:
    run = _timing(table, table.cron("schedule", schedule), timeout, task_timeout, retries)
    table.done()
    return run


def _timing(table: Table, schedule: str, timeout: int, task_timeout: int, retries: int) -> Run:
    run = Run(
        schedule=schedule,
        timeout=table.minutes("timeout_minutes", timeout),
        task_timeout=table.minutes("task_timeout_minutes", task_timeout),
        retries=table.number("retries", retries, 0, 10),
        retry_delay=table.minutes("retry_delay_minutes", 3, least=0),
    )
    if run.task_timeout > run.timeout:
        table.wrong("task_timeout_minutes", "is longer than timeout_minutes, so that it would never be reached.")
    return run


def _mail(table: Table) -> Mail:
    failures = table.addresses("failures")
    mail = Mail(
        connection=table.text("connection", "smtp_default"),
        sender=table.address("sender"),
        failures=failures,
        business=table.addresses("business"),
        freshness=table.addresses("freshness", failures),
    )
    table.done()
    return mail


def _job(table: Table, mail: Mail) -> Job:
    job = Job(
        name=table.name("name"),
        kind=table.choice("kind", JOB_KINDS),
        description=table.text("description"),
        run=_timing(table, table.cron("schedule"), timeout=120, task_timeout=60, retries=2),
        dbt=table.texts("dbt") if "dbt" in table else (),
        command=table.texts("command") if "command" in table or "dbt" not in table else (),
        folder=_absolute(table, "folder") if "folder" in table else None,
        image=_image(table, "image") if "image" in table else None,
        values=table.scalars("values"),
        variables=table.variable_names("variables", ()),
        mail=table.addresses("mail", mail.failures),
        pool=table.text("pool", None),
    )
    if "dbt" in table:
        table.refuse(("command", "folder", "image", "values", "variables", "pool"), "has no meaning beside dbt.")
    if job.image is not None and job.folder is not None:
        table.wrong("folder", "has no meaning with an image, which has a working folder of its own.")
    if job.image is None and job.command and not PurePosixPath(job.command[0]).is_absolute():
        table.wrong("command", f"begins with {job.command[0]!r}; name the program by its absolute path.")
    if job.name in RESERVED_NAMES:
        table.wrong("name", f"is {job.name!r}, which is a DAG of its own already.")
    table.done()
    return job

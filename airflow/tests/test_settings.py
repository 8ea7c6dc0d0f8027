"""Settings are whole or refused, with every problem at once."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from conftest import SETTINGS
from millrace_airflow.settings import (
    DEFAULT_FILE,
    ContainerRunner,
    Mail,
    ProcessRunner,
    Run,
    SettingsProblem,
    load,
    parse,
)

DIGEST = "sha256:" + "a" * 64
LEAST = """
[dbt]
runner = "process"
python = "/p"
project = "/q"
state = "/s"
environment = "prod"
[mail]
sender = "a@example.com"
failures = ["b@example.com"]
business = ["c@example.com"]
"""


def problems(text: str) -> list[str]:
    with pytest.raises(SettingsProblem) as refused:
        parse(text)
    return str(refused.value).splitlines()


def test_what_is_not_said_has_a_default() -> None:
    settings = parse(LEAST)
    assert settings.dbt.runner == ProcessRunner("/p", "/q", "/s")
    assert (settings.dbt.target, settings.dbt.threads, settings.dbt.pool) == ("account", 8, "millrace")
    minute = timedelta(minutes=1)
    assert settings.hourly == Run("17 * * * *", 55 * minute, 40 * minute, 2, 3 * minute)
    assert settings.daily == Run("43 3 * * *", 240 * minute, 120 * minute, 2, 3 * minute)
    assert settings.mail == Mail(
        "smtp_default", "a@example.com", ("b@example.com",), ("c@example.com",), ("b@example.com",)
    )
    assert settings.jobs == ()


def test_a_container_is_named_by_digest() -> None:
    container = LEAST.replace(
        'runner = "process"\npython = "/p"\nproject = "/q"', 'runner = "container"\nimage = "IMAGE"'
    )
    settings = parse(container.replace("IMAGE", f"registry.example.com/dbt@{DIGEST}"))
    assert settings.dbt.runner == ContainerRunner(
        f"registry.example.com/dbt@{DIGEST}", "unix:///var/run/docker.sock", "/s", (), None
    )
    assert problems(container.replace("IMAGE", "dbt:latest")) == [
        "dbt.image is 'dbt:latest'; it must be pinned by digest, name@sha256:<64 hex digits>."
    ]


def test_the_settings_of_the_checkout_are_whole() -> None:
    assert load({"MILLRACE_AIRFLOW_SETTINGS": str(DEFAULT_FILE)}).dbt.environment == "prod"


def test_all_problems_are_told_at_once() -> None:
    assert problems(LEAST.replace("business =", "busines =").replace('"/p"', '"p"') + "[hourlie]\n") == [
        "mail.business is missing; it must be a list of texts, with one at least.",
        "mail.busines is unknown; did you mean business?",
        "dbt.python is 'p'; it must be an absolute path, since a worker starts in any folder.",
        "hourlie is unknown; did you mean hourly?",
    ]


JOB = '[[job]]\nname = "n"\nkind = "api_poll"\ndescription = "d"\nschedule = "5 * * * *"\n'


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("x = ]", "It is no TOML: Invalid value (at line 1, column 5)."),
        (LEAST + "[hourly]\nretries = true\n", "hourly.retries is True; it must be a whole number from 0 to 10."),
        (
            LEAST + '[hourly]\nschedule = "hourly"\n',
            "hourly.schedule is 'hourly'; it must be a cron expression of five fields in UTC, such as '17 * * * *'.",
        ),
        (
            LEAST + '[daily]\nschedule = "61 * * * *"\n',
            "daily.schedule is '61 * * * *'; it must be a cron expression of five fields in UTC, such as '17 * * * *'.",
        ),
        (
            LEAST + "[daily]\ntask_timeout_minutes = 500\n",
            "daily.task_timeout_minutes is longer than timeout_minutes, so that it would never be reached.",
        ),
        (LEAST.replace('"c@example.com"', '"c at x"'), "mail.business has 'c at x', which is no mail address."),
        (
            LEAST.replace('"process"', '"proces"'),
            "dbt.runner is 'proces'; it must be one of process, container; did you mean process?",
        ),
        (LEAST.replace("[mail]", 'image = "x"\n[mail]'), "dbt.image has no meaning with runner = 'process'."),
        (
            LEAST.replace("[mail]", "vars = {a = 1.5}\n[mail]"),
            "dbt.vars.a is 1.5; it must be a text, a whole number or a boolean.",
        ),
        (LEAST + JOB, "job[1].command is missing; it must be a list of texts, with one at least."),
        (LEAST + JOB + "command = []\n", "job[1].command is []; it must be a list of texts, with one at least."),
        (LEAST + JOB + 'command = ["x"]\n', "job[1].command begins with 'x'; name the program by its absolute path."),
        (LEAST + JOB + 'dbt = ["run"]\ncommand = ["/x"]\n', "job[1].command has no meaning beside dbt."),
        (
            LEAST + JOB.replace('"n"', '"daily"') + 'dbt = ["run"]\n',
            "job[1].name is 'daily', which is a DAG of its own already.",
        ),
        (LEAST + (JOB + 'dbt = ["run"]\n') * 2, "job: two jobs are named n."),
        (
            LEAST + JOB + f'command = ["/x"]\nfolder = "/f"\nimage = "i@{DIGEST}"\n',
            "job[1].folder has no meaning with an image, which has a working folder of its own.",
        ),
        (
            LEAST.replace("[dbt]", "[[dbt]]"),
            "dbt is [{'runner': 'process', 'python': '/p', 'project': '/q', 'state': '/s', 'environment': 'prod'}]; it must be a table.",
        ),
    ],
)
def test_each_mistake_is_a_sentence(text: str, problem: str) -> None:
    assert problem in problems(text)


def test_a_value_in_place_of_a_variables_name_is_not_repeated() -> None:
    found = problems(LEAST.replace("[mail]", 'variables = ["hunter2 secret"]\n[mail]'))
    assert found == [
        "dbt.variables has an entry that is no name of an environment variable; names belong here, not values."
    ]


def test_a_file_that_is_not_there_is_named_with_the_variable(tmp_path: Path) -> None:
    with pytest.raises(SettingsProblem, match=r"nothing.toml cannot be read .*: MILLRACE_AIRFLOW_SETTINGS names"):
        load({"MILLRACE_AIRFLOW_SETTINGS": str(tmp_path / "nothing.toml")})


def test_the_problems_of_a_file_stand_below_its_name(tmp_path: Path) -> None:
    file = tmp_path / "settings.toml"
    file.write_text(SETTINGS.replace("runner =", "runer ="))
    with pytest.raises(SettingsProblem, match=r"settings.toml:\n(.*\n)*dbt.runer is unknown; did you mean runner\?"):
        load({"MILLRACE_AIRFLOW_SETTINGS": str(file)})

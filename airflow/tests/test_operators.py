"""How commands end, in both ways of running them."""

from __future__ import annotations

import signal
import subprocess
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from airflow.sdk.exceptions import AirflowFailException
from engine import Engine, engine
from millrace_airflow.operators import BadData, CommandFailed, ContainerTask, ProcessTask

IMAGE = "registry.example.com/dbt@sha256:" + "b" * 64


def process(*command: str, **arguments: object) -> ProcessTask:
    return ProcessTask(task_id="t", command=list(command), **{"environment": {}, "variables": [], **arguments})


def test_a_command_gets_what_it_is_named_and_nothing_else(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("GIVEN", "by the worker")
    monkeypatch.setenv("AIRFLOW__CORE__FERNET_KEY", "not for commands")
    script = f"env > {tmp_path}/env; pwd > {tmp_path}/folder"
    process("/bin/sh", "-c", script, environment={"PLAIN": "1"}, variables=["GIVEN"], folder=str(tmp_path)).execute({})
    lines = (tmp_path / "env").read_text()
    assert "GIVEN=by the worker\n" in lines
    assert "PLAIN=1\n" in lines
    assert "FERNET" not in lines
    assert (tmp_path / "folder").read_text().strip() == str(tmp_path)


def test_a_variable_that_the_worker_lacks_is_named_and_not_tried_again() -> None:
    with pytest.raises(AirflowFailException, match="The worker's environment lacks NOT_THERE, NOR_THIS"):
        process("/bin/true", variables=["NOT_THERE", "PATH", "NOR_THIS"]).execute({})


def test_a_program_that_is_not_there_is_not_tried_again() -> None:
    with pytest.raises(AirflowFailException, match="/bin/nothing cannot be started"):
        process("/bin/nothing").execute({})


def test_the_last_lines_are_the_message() -> None:
    with pytest.raises(CommandFailed) as failed:
        process("/bin/sh", "-c", "i=0; while [ $i -lt 60 ]; do i=$((i+1)); echo line $i; done; exit 1").execute({})
    said = str(failed.value).splitlines()
    assert (said[0], said[1], said[-1], len(said)) == ("The command ended with 1.", "line 21", "line 60", 41)


def test_bad_data_is_not_tried_again() -> None:
    with pytest.raises(BadData, match="Data tests failed.\ncards oversold"):
        process("/bin/sh", "-c", "echo cards oversold; exit 3").execute({})
    assert issubclass(BadData, AirflowFailException)
    assert not issubclass(CommandFailed, AirflowFailException)


def test_a_killed_task_leaves_no_process_behind(tmp_path: Path) -> None:
    """The child of the command has a child of its own, as dbt's wrappers do."""
    pids = tmp_path / "pids"
    task = process("/bin/sh", "-c", f"sleep 300 & echo $! $$ > {pids}.new; mv {pids}.new {pids}; wait")
    ended: list[BaseException] = []

    def run() -> None:
        try:
            task.execute({})
        except CommandFailed as failed:
            ended.append(failed)

    thread = threading.Thread(target=run)
    thread.start()
    deadline = time.monotonic() + 20
    while not pids.exists():
        assert time.monotonic() < deadline
        time.sleep(0.02)
    task.on_kill()
    thread.join(20)
    assert f"ended with {-signal.SIGTERM}" in str(ended[0])
    for pid in pids.read_text().split():
        state = subprocess.run(["ps", "-o", "stat=", "-p", pid], capture_output=True, text=True).stdout
        assert state.strip() in ("", "Z"), pid


@pytest.fixture
def docker() -> Iterator[Engine]:
    with engine() as answering:
        yield answering


def container(docker: Engine, **arguments: object) -> ContainerTask:
    return ContainerTask(
        task_id="t",
        image=IMAGE,
        docker_url=docker.url,
        command=["python", "/opt/millrace/run_dbt.py"],
        environment={"MILLRACE_ENV": "dev"},
        **{"variables": [], **arguments},
    )


def test_a_container_gets_image_command_and_values_and_is_removed(
    docker: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SNOWFLAKE_USER", "loader")
    docker.output = ["fine"]
    container(docker, variables=["SNOWFLAKE_USER"], mounts=["/k.p8:/run/k.p8"], state="/s:/var/lib/millrace").execute(
        {}
    )
    assert docker.created["Image"] == IMAGE
    assert docker.created["Cmd"] == ["python", "/opt/millrace/run_dbt.py"]
    assert set(docker.created["Env"]) == {"MILLRACE_ENV=dev", "SNOWFLAKE_USER=loader"}
    assert [(m["Source"], m["Target"], m["ReadOnly"]) for m in docker.created["HostConfig"]["Mounts"]] == [
        ("/k.p8", "/run/k.p8", True),
        ("/s", "/var/lib/millrace", False),
    ]
    assert not docker.created["HostConfig"].get("Privileged")
    assert docker.removed == ["c1"]


@pytest.mark.parametrize(
    ("code", "failure", "says"),
    [
        (3, BadData, "Data tests failed.\ncards oversold"),
        (1, CommandFailed, "The command ended with 1.\ncards oversold"),
    ],
)
def test_a_container_ends_with_the_same_verdict_as_a_process(
    docker: Engine, code: int, failure: type[Exception], says: str
) -> None:
    docker.exit_code, docker.output = code, ["cards oversold"]
    with pytest.raises(failure, match=says):
        container(docker).execute({})
    assert docker.removed == ["c1"]

"""The same mails from a running Airflow: scheduler, DAG processor and API server as processes, as in production."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import HOME
from mailbox_server import Mailbox

SECONDS = 240


def free_port() -> int:
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        return bound.getsockname()[1]


@contextlib.contextmanager
def airflow(home: Path) -> Iterator[dict[str, str]]:
    """The environment for commands to an Airflow that runs as three processes with a folder of its own."""
    api = free_port()
    environment = os.environ | {
        "AIRFLOW_HOME": str(home),
        "AIRFLOW__API__HOST": "127.0.0.1",
        "AIRFLOW__API__PORT": str(api),
        "AIRFLOW__API__WORKERS": "1",
        "AIRFLOW__CORE__EXECUTION_API_SERVER_URL": f"http://127.0.0.1:{api}/execution/",
        "AIRFLOW__CORE__PARALLELISM": "2",
        "AIRFLOW__API_AUTH__JWT_SECRET": "a secret of this test, as long as it has to be for its hash function to take it",
        "AIRFLOW__LOGGING__WORKER_LOG_SERVER_PORT": str(free_port()),
        "AIRFLOW__DAG_PROCESSOR__REFRESH_INTERVAL": "5",
    }
    running: list[subprocess.Popen[bytes]] = []
    with (home / "log.txt").open("w") as log:
        subprocess.run(command("db", "migrate"), env=environment, stdout=log, stderr=log, check=True)
        try:
            for program in ("api-server", "scheduler", "dag-processor"):
                running.append(
                    subprocess.Popen(command(program), env=environment, stdout=log, stderr=log, start_new_session=True)
                )
            yield environment
        finally:
            for process in running:
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(process.pid, signal.SIGTERM)
            for process in running:
                with contextlib.suppress(subprocess.TimeoutExpired):
                    process.wait(15)
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(process.pid, signal.SIGKILL)
                process.wait()


def command(*arguments: str) -> list[str]:
    return [sys.executable, "-P", "-m", "airflow", *arguments]


@pytest.mark.proof
def test_a_failed_run_is_told_by_its_task_and_by_itself(tmp_path: Path, mailbox: Mailbox) -> None:
    (HOME / "rates.sh").write_text("echo 'no answer'\nexit 7\n")
    deadline = time.monotonic() + SECONDS
    with airflow(tmp_path) as environment:
        trigger = command("dags", "trigger", "millrace_rates")
        while subprocess.run(trigger, env=environment, capture_output=True).returncode != 0:
            assert time.monotonic() < deadline, (tmp_path / "log.txt").read_text()[-5000:]
            time.sleep(2)
        subprocess.run(
            command("dags", "unpause", "-y", "millrace_rates"), env=environment, capture_output=True, check=True
        )
        while len(mailbox.to("rates@example.com")) < 2:
            assert time.monotonic() < deadline, (tmp_path / "log.txt").read_text()[-5000:]
            time.sleep(0.5)
    of_task, of_run = sorted(mailbox.letters, key=lambda letter: letter.subject)
    assert of_task.subject == "[millrace] api_poll rates: millrace_rates.api_poll"
    assert "failed in try 2" in of_task.body
    assert "The command ended with 7.\nno answer" in of_task.body
    assert of_run.subject == "[millrace] run failed: millrace_rates"
    assert "task_failure" in of_run.body

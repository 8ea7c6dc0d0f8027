"""A command as a task: a process of the worker or a container, with the same verdict and the same words of it in the mail."""

from __future__ import annotations

import collections
import contextlib
import os
import signal
import subprocess
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from airflow.providers.docker.exceptions import DockerContainerFailedException
from airflow.providers.docker.operators.docker import DockerOperator
from airflow.sdk import BaseOperator
from airflow.sdk.exceptions import AirflowException, AirflowFailException
from docker.types import Mount

from millrace_airflow.run_dbt import BAD_DATA

if TYPE_CHECKING:
    from airflow.sdk import Context

# What a mail shows of the output.
LAST_LINES = 40
# What a process gets of the worker's environment besides what its task names.
_OF_THE_WORKER = ("PATH", "HOME", "LANG", "LC_ALL", "TZ", "SSL_CERT_FILE", "REQUESTS_CA_BUNDLE")
_SECONDS_TO_END = 30


class CommandFailed(AirflowException):
    """The command ended badly; its last lines are the message."""


class BadData(AirflowFailException):
    """Data tests failed: another try would find the same rows, so there is none."""


def verdict(code: int, lines: Iterable[str]) -> None:
    """Returns for exit code 0, raises for any other."""
    if code == 0:
        return
    said = "\n".join(lines)
    if code == BAD_DATA:
        raise BadData(f"Data tests failed.\n{said}")
    raise CommandFailed(f"The command ended with {code}.\n{said}")


def named_variables(names: Iterable[str]) -> dict[str, str]:
    """Values of the worker's environment, read when the task runs: what stands in a DAG is stored and shown."""
    names = tuple(names)
    missing = [name for name in names if name not in os.environ]
    if missing:
        raise AirflowFailException(f"The worker's environment lacks {', '.join(missing)}.")
    return {name: os.environ[name] for name in names}


class ProcessTask(BaseOperator):
    """Runs `command` as a process of the worker, without a shell."""

    template_fields: Sequence[str] = ("command", "folder")

    def __init__(
        self,
        *,
        command: Sequence[str],
        environment: Mapping[str, str],
        variables: Sequence[str],
        folder: str | None = None,
        **arguments: Any,
    ) -> None:
        super().__init__(**arguments)
        self.command = list(command)
        self.environment = dict(environment)
        self.variables = list(variables)
        self.folder = folder
        self._process: subprocess.Popen[str] | None = None

    def execute(self, context: Context) -> None:
        inherited = {name: os.environ[name] for name in _OF_THE_WORKER if name in os.environ}
        environment = inherited | named_variables(self.variables) | self.environment
        try:
            # A group of its own, so that all that it starts can be ended with it.
            process = subprocess.Popen(
                self.command,
                cwd=self.folder,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                errors="replace",
                start_new_session=True,
            )
        except OSError as refused:
            raise AirflowFailException(f"{self.command[0]} cannot be started: {refused}.") from refused
        self._process = process
        try:
            lines: collections.deque[str] = collections.deque(maxlen=LAST_LINES)
            for line in process.stdout or ():
                lines.append(line.rstrip("\n"))
                self.log.info("%s", lines[-1])
            verdict(process.wait(), lines)
        finally:
            # A time-out comes as an exception in the middle of the loop.
            self.on_kill()

    def on_kill(self) -> None:
        process = self._process
        if process is None or process.poll() is not None:
            return
        os.killpg(process.pid, signal.SIGTERM)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(_SECONDS_TO_END)
        # What has not listened, and what the command itself has left behind.
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


class ContainerTask(DockerOperator):
    """Runs `command` in a container. Values of `variables` are looked up when it runs and stand in no DAG.

    Mounts are `source:target`; `state`, where there is one, is the only one that can be written.
    """

    def __init__(
        self, *, variables: Sequence[str], mounts: Sequence[str] = (), state: str | None = None, **arguments: Any
    ) -> None:
        super().__init__(
            # The exit code is read after the end, so the removal is ours.
            auto_remove="never",
            mount_tmp_dir=False,
            mounts=[_bind(mount, read_only=True) for mount in mounts]
            + ([] if state is None else [_bind(state, read_only=False)]),
            do_xcom_push=False,
            **arguments,
        )
        self.variables = list(variables)

    def execute(self, context: Context) -> None:
        self._private_environment = named_variables(self.variables)
        try:
            super().execute(context)
        except DockerContainerFailedException as failed:
            code = self.cli.inspect_container(self.container["Id"])["State"]["ExitCode"]
            verdict(code, [str(line).rstrip() for line in failed.logs or []][-LAST_LINES:])
        finally:
            self._remove()

    def on_kill(self) -> None:
        super().on_kill()
        self._remove()

    def _remove(self) -> None:
        container, self.container = self.container, None
        if container is not None:
            self.cli.remove_container(container["Id"], force=True)


def _bind(mount: str, read_only: bool) -> Mount:
    source, target = mount.split(":")
    return Mount(source=source, target=target, type="bind", read_only=read_only)

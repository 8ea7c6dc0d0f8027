"""What the script finds, and what it says when something is not there."""

from __future__ import annotations

import pytest
from conftest import Machine


def test_jdk_25_is_found_though_the_java_on_the_path_is_17(machine: Machine) -> None:
    java_17 = machine.add_jdk("17.0.2", "java17", release_file=False)
    (machine.tools / "java").symlink_to(java_17 / "bin" / "java")
    answer = machine.run("status", JAVA_HOME=str(java_17))
    assert answer.code == 0, answer.err
    assert f"java={machine.folder}/jdks/jdk" in answer.out


def test_a_jdk_without_release_file_is_asked_for_its_version(bare: Machine) -> None:
    bare.add_jdk("25", "more jdks/jdk 25", release_file=False)
    bare.add_python("3.11.2")
    answer = bare.run("status")
    assert answer.code == 0, answer.err
    assert f"java={bare.folder}/more jdks/jdk 25" in answer.out


@pytest.mark.parametrize("version", ["17.0.2", "24.0.1", "26", "2.5", "250"])
def test_another_jdk_is_not_taken_for_25(bare: Machine, version: str) -> None:
    bare.add_jdk(version)
    bare.add_python("3.12.4")
    answer = bare.run("demo")
    assert answer.code == 2
    assert len(answer.sentences) == 1
    assert "no JDK 25 found: install one" in answer.err
    assert not (bare.checkout / ".millrace").exists()


def test_a_jdk_named_by_hand_must_be_25(machine: Machine) -> None:
    old = machine.add_jdk("21.0.1", "old")
    answer = machine.run("demo", MILLRACE_JAVA_HOME=str(old))
    assert answer.code == 2
    assert len(answer.sentences) == 1
    assert f"MILLRACE_JAVA_HOME ({old}) is not a JDK 25" in answer.err


def test_an_old_python_is_refused(bare: Machine) -> None:
    bare.add_jdk("25.0.1")
    bare.add_python("3.9.18")
    answer = bare.run("demo")
    assert answer.code == 2
    assert len(answer.sentences) == 1
    assert "no Python 3.11 or newer found: install" in answer.err


def test_a_newer_python_beside_an_old_one_is_taken(bare: Machine) -> None:
    bare.add_jdk("25.0.1")
    bare.add_python("3.9.18")
    newer = bare.add_python("3.13.1", "python3.13")
    answer = bare.run("prepare")
    assert answer.code == 0, answer.err
    assert f"with {newer}:" in answer.err


def test_a_python_without_the_venv_module_is_named(machine: Machine) -> None:
    answer = machine.run("prepare", FAKE_NO_VENV="1")
    assert answer.code == 2
    assert len(answer.sentences) == 1
    assert "has no venv module: install it" in answer.err


def test_the_doctor_names_all_that_is_missing_and_changes_nothing(bare: Machine) -> None:
    bare.add_python("3.9.18")
    (bare.tools / "git").unlink()
    bare.add_disk_with(100)
    answer = bare.run("doctor")
    assert answer.code == 2
    missing = [line.split()[1] for line in answer.out.splitlines() if line.startswith("  MISSING")]
    assert missing == ["JDK", "Python", "git", "disk"]
    assert not (bare.checkout / ".millrace").exists()


def test_the_doctor_is_content_with_what_the_readme_asks_for(machine: Machine) -> None:
    answer = machine.run("doctor")
    assert answer.code == 0, answer.out
    assert "MISSING" not in answer.out
    assert "later    packages" in answer.out
    assert "later    build" in answer.out
    assert not (machine.checkout / ".millrace").exists()


def test_the_doctor_tells_what_is_ready(machine: Machine) -> None:
    assert machine.run("status").code == 0
    answer = machine.run("doctor")
    assert "ready    packages" in answer.out
    assert "ready    build" in answer.out

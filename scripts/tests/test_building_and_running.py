"""When the script builds, and how it hands over to the Java command line."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from conftest import Machine


def test_it_builds_once(machine: Machine) -> None:
    assert machine.run("demo").code == 0
    answer = machine.run("demo")
    assert (answer.code, answer.err) == (0, "")
    assert len(machine.calls("maven")) == 1
    assert machine.calls("maven")[0].startswith(f"{machine.folder}/jdks/jdk ")


def make_newer(path: Path) -> None:
    later = path.stat().st_mtime + 10
    os.utime(path, (later, later))


SOURCE = "functions/core/src/main/java/Orders.java"


@pytest.mark.parametrize("path", [SOURCE, "pom.xml"])
def test_it_builds_again_when_a_source_is_newer(machine: Machine, path: str) -> None:
    machine.run("demo")
    make_newer(machine.checkout / path)
    answer = machine.run("demo")
    assert "sources are newer than the build" in answer.err
    assert len(machine.calls("maven")) == 2


def test_it_builds_again_when_a_source_is_gone(machine: Machine) -> None:
    machine.run("demo")
    (machine.checkout / SOURCE).unlink()
    make_newer((machine.checkout / SOURCE).parent)
    machine.run("demo")
    assert len(machine.calls("maven")) == 2


def test_it_builds_again_when_a_library_is_gone(machine: Machine) -> None:
    machine.run("demo")
    (machine.checkout / "cli/target/library one.jar").unlink()
    assert machine.run("demo").code == 0
    assert len(machine.calls("maven")) == 2


def test_a_new_build_forgets_the_classes_of_the_one_before(machine: Machine) -> None:
    machine.run("demo")
    archive = machine.checkout / ".millrace/classes/demo.jsa"
    archive.write_text("classes of the jars of before")
    machine.run("demo")
    assert archive.exists()
    make_newer(machine.checkout / SOURCE)
    machine.run("demo")
    assert not archive.exists()


def test_what_the_build_makes_does_not_call_for_a_build(machine: Machine) -> None:
    machine.run("demo")
    made = machine.checkout / "functions/core/target/generated.txt"
    made.parent.mkdir(parents=True)
    made.write_text("")
    make_newer(made)
    machine.run("demo")
    assert len(machine.calls("maven")) == 1


def test_a_broken_source_is_shown_and_nothing_is_run(machine: Machine) -> None:
    answer = machine.run("demo", FAKE_MAVEN="broken")
    assert answer.code == 2
    assert answer.out == ""
    assert "Orders.java:[3,1] error: class expected" in answer.err
    assert "the build failed: see" in answer.sentences[-1]
    assert machine.leftovers() == []
    assert machine.run("demo").code == 0


def test_a_first_build_without_network_says_so(machine: Machine) -> None:
    answer = machine.run("demo", FAKE_MAVEN="network")
    assert answer.code == 2
    assert "needs the network for its first downloads" in answer.sentences[-1]


@pytest.mark.parametrize("command", ["down", "status", "logs", "reset"])
def test_what_stops_or_looks_runs_as_built_though_a_source_is_broken(machine: Machine, command: str) -> None:
    machine.run("demo")
    make_newer(machine.checkout / SOURCE)
    answer = machine.run(command, FAKE_MAVEN="broken")
    assert (answer.code, answer.err) == (0, "")


def test_it_runs_from_any_folder_and_through_a_link(machine: Machine) -> None:
    links = machine.folder / "links"
    links.mkdir()
    (links / "first").symlink_to("second")
    (links / "second").symlink_to(machine.checkout / "millrace")
    answer = machine.run("query", "select 'a b'", "*", program=links / "first", cwd=links)
    assert answer.code == 0, answer.err
    lines = answer.out.splitlines()
    assert f"home={machine.checkout}" in lines
    assert f"folder={links}" in lines
    assert lines[-3:] == ["argument=query", "argument=select 'a b'", "argument=*"]


def test_java_gets_the_prepared_python_and_node(machine: Machine) -> None:
    lines = machine.run("demo").out.splitlines()
    venv = machine.checkout / ".millrace/venv"
    assert f"python={venv}/bin/python" in lines
    assert f"node={venv}/node/bin/node" in lines
    class_path = lines[lines.index("argument=-cp") + 1]
    target = machine.checkout / "cli/target"
    assert class_path == f"argument={target}/millrace-cli.jar:{target}/library one.jar"


@pytest.mark.parametrize("code", ["0", "1", "2", "130"])
def test_the_exit_code_is_that_of_the_command(machine: Machine, code: str) -> None:
    assert machine.run("demo", FAKE_JAVA_EXIT=code).code == int(code)

"""How `.millrace/` is made: once, whole, by one process at a time."""

from __future__ import annotations

import signal
from pathlib import Path

from conftest import Machine, is_running, until, write_program


def pid_in(path: Path) -> int:
    return int(path.read_text() or 0) if path.exists() else 0


def test_the_environment_is_made_once(machine: Machine) -> None:
    assert machine.run("prepare").code == 0
    again = machine.run("prepare")
    assert (again.code, again.err) == (0, "")
    assert len(machine.calls("pip")) == 1
    assert (machine.checkout / ".millrace/venv/node/bin/node").exists()


def test_airflow_has_an_environment_of_its_own_which_is_made_when_it_is_asked_for(machine: Machine) -> None:
    assert machine.run("prepare").code == 0
    assert not (machine.checkout / ".millrace/airflow").exists()
    for _ in range(2):
        assert machine.run("prepare", "airflow").code == 0
    _, call = machine.calls("pip")
    assert call.endswith("--no-deps --require-hashes -r " + str(machine.checkout / "airflow/requirements.lock"))
    assert (machine.checkout / ".millrace/airflow/bin/python").exists()


def test_an_environment_that_there_is_not_is_refused(machine: Machine) -> None:
    answer = machine.run("prepare", "airfow")
    assert answer.code == 2
    assert "there is no environment airfow to prepare" in answer.sentences[0]


def test_only_hashed_packages_are_installed(machine: Machine) -> None:
    machine.run("prepare")
    (call,) = machine.calls("pip")
    assert "--require-hashes" in call
    assert "--no-deps" in call


def test_a_changed_lock_makes_it_again(machine: Machine) -> None:
    machine.run("prepare")
    with (machine.checkout / "local/python/requirements.lock").open("a") as lock:
        lock.write("two==2 \\\n    --hash=sha256:01\n")
    answer = machine.run("prepare")
    assert "unfinished or out of date: making it again" in answer.err
    assert len(machine.calls("pip")) == 2


def test_a_moved_checkout_makes_it_again(machine: Machine) -> None:
    machine.run("prepare")
    machine.checkout = machine.checkout.rename(machine.folder / "moved")
    assert machine.run("prepare").code == 0
    assert len(machine.calls("pip")) == 2


def test_a_half_made_environment_is_noticed_and_made_again(machine: Machine) -> None:
    half = machine.checkout / ".millrace/venv/bin"
    half.mkdir(parents=True)
    (half / "python").write_text("half")
    answer = machine.run("prepare")
    assert answer.code == 0, answer.err
    assert "unfinished or out of date: making it again" in answer.err


def test_without_network_one_sentence_says_what_to_do_and_the_next_start_goes_on(machine: Machine) -> None:
    answer = machine.run("prepare", FAKE_PIP="network")
    assert answer.code == 2
    assert "needs the network for its first downloads and could not reach it" in answer.sentences[-1]
    assert machine.leftovers() == []
    assert machine.run("prepare").code == 0


def test_a_disk_that_fills_up_is_named(machine: Machine) -> None:
    answer = machine.run("prepare", FAKE_PIP="disk")
    assert answer.code == 2
    assert "the disk is full: free some space" in answer.sentences[-1]


def test_too_little_disk_is_said_before_anything_is_downloaded(machine: Machine) -> None:
    machine.add_disk_with(300)
    answer = machine.run("prepare")
    assert answer.code == 2
    assert len(answer.sentences) == 1
    assert "only 300 MB are free" in answer.err
    assert machine.calls("pip") == []
    assert machine.leftovers() == []


def test_a_package_with_other_bytes_is_refused(machine: Machine) -> None:
    answer = machine.run("prepare", FAKE_PIP="hash")
    assert answer.code == 2
    assert "DO NOT MATCH THE HASHES" in answer.err
    assert "failed: see" in answer.sentences[-1]


def test_a_state_folder_that_cannot_be_written_is_named(machine: Machine) -> None:
    (machine.checkout / ".millrace").write_text("a file where the folder should be")
    answer = machine.run("prepare")
    assert answer.code == 2
    assert len(answer.sentences) == 1
    assert f"cannot write in {machine.checkout}/.millrace" in answer.err


def test_the_lock_of_a_dead_process_is_taken_over(machine: Machine) -> None:
    lock = machine.checkout / ".millrace/prepare.lock"
    lock.mkdir(parents=True)
    (lock / "pid").write_text("4194304999")
    assert machine.run("prepare").code == 0
    assert machine.leftovers() == []


def test_a_lock_that_is_given_back_while_it_is_looked_at_is_taken(machine: Machine) -> None:
    """Its owner ends between the failed mkdir and the look at the folder: that is no folder that cannot be written."""
    mkdir = machine.tools / "mkdir"
    real = mkdir.resolve()
    mkdir.unlink()
    first = machine.folder / "first"
    write_program(
        mkdir,
        f'#!/bin/sh\ncase $1 in *.lock) [ -e "{first}" ] || {{ : >"{first}"; exit 1; }} ;; esac\nexec {real} "$@"\n',
    )
    answer = machine.run("prepare")
    assert answer.code == 0, answer.err
    assert first.exists()


def test_two_at_once_make_it_once(machine: Machine) -> None:
    first, second = (machine.start("prepare", FAKE_PIP="slow") for _ in range(2))
    said = first.communicate(timeout=60)[1] + second.communicate(timeout=60)[1]
    assert (first.returncode, second.returncode) == (0, 0), said
    assert said.count("waiting for process") == 1
    assert len(machine.calls("pip")) == 1


def test_ctrl_c_stops_what_was_started(machine: Machine) -> None:
    running = machine.start("prepare", FAKE_PIP="hang")
    calls = machine.folder / "calls"
    until(lambda: pid_in(calls / "pip.child"), "pip to run")
    running.send_signal(signal.SIGINT)
    _, said = running.communicate(timeout=20)
    assert running.returncode == 130, said
    assert "interrupted" in said
    for name in ("pip.pid", "pip.child"):
        pid = pid_in(calls / name)
        until(lambda pid=pid: not is_running(pid), f"{name} to end")
    assert machine.leftovers() == []
    assert machine.run("prepare").code == 0

"""`./millrace cdk`: the command line of the lock file, fetched once, when it is first asked for."""

from __future__ import annotations

import json
import re

from conftest import REPOSITORY, Machine


def test_it_is_fetched_once_and_runs_in_the_checkout(machine: Machine) -> None:
    first = machine.run("cdk", "deploy", "--all")
    assert first.code == 0, first.err
    assert (
        first.out
        == f"node {machine.checkout}/.millrace/cdk/node_modules/aws-cdk/bin/cdk deploy --all in {machine.checkout}\n"
    )
    assert machine.run("cdk", "diff").code == 0
    (call,) = machine.calls("npm")
    assert "npm-cli.js ci --prefix" in call and "--ignore-scripts" in call
    assert machine.leftovers() == []


def test_no_other_command_needs_it(machine: Machine) -> None:
    assert machine.run("status").code == 0
    assert machine.calls("npm") == []


def test_a_changed_lock_file_fetches_it_again(machine: Machine) -> None:
    machine.run("cdk", "--version")
    (machine.checkout / "local/node/package-lock.json").write_text('{"changed": true}\n')
    machine.run("cdk", "--version")
    assert len(machine.calls("npm")) == 2


def test_its_exit_code_is_the_exit_code(machine: Machine) -> None:
    assert machine.run("cdk", "deploy", FAKE_NODE_EXIT="3").code == 3


def test_a_fetch_that_fails_is_a_sentence_and_is_tried_again(machine: Machine) -> None:
    failed = machine.run("cdk", "--version", FAKE_NPM="network")
    assert failed.code == 2
    assert "needs the network" in failed.sentences[-1]
    failed = machine.run("cdk", "--version", FAKE_NPM="hash")
    assert failed.code == 2
    assert machine.run("cdk", "--version").code == 0


def test_the_lock_names_one_version_with_its_hash() -> None:
    package = json.loads((REPOSITORY / "local/node/package.json").read_text())
    lock = json.loads((REPOSITORY / "local/node/package-lock.json").read_text())
    assert lock["packages"][""]["dependencies"] == package["dependencies"]
    for name, version in package["dependencies"].items():
        locked = lock["packages"][f"node_modules/{name}"]
        assert locked["version"] == version
        assert re.fullmatch(r"sha512-[A-Za-z0-9+/=]{88}", locked["integrity"])

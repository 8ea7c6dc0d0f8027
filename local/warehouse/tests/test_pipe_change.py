"""A pipe made again: in memory, cut off after every statement; and on the real stand-in, with files arriving all the time."""

from __future__ import annotations

import datetime
import json
import re
import shutil
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest
from conftest import LOCAL, MIGRATIONS, VARIABLES, serve_process, until
from test_migration_rules import statements
from test_pipes_run import PREFIX, Cloud, cloud, parquet, pipes_process
from warehouse.objects.effects import Made
from warehouse.objects.pipe_change import PipeChange, PipeChangeError
from warehouse.objects.present import Questions
from warehouse.objects.state import State

__all__ = ["cloud"]
PIPE = "D.RAW.X_PIPE"
OLD = "copy into D.RAW.X from '@D.RAW.EVENTS/x/' file_format = (format_name = 'D.RAW.OLD')"
NEW = OLD.replace("OLD", "NEW")
START = datetime.datetime(2026, 11, 21, 12, 0, 0)


class Cut(Exception):
    """The process ends here."""


class Account(Questions):
    """A warehouse in memory with one pipe: knows when it was paused, what it forgot, and from when it looked again."""

    def __init__(self) -> None:
        self.definition, self.paused, self.grants = OLD, False, {"monitor", "operate"}
        self.changes: list[dict[str, Any]] = []
        self.now = START
        self.refreshed: list[str] = []
        self.pending_looks = 2
        self.asked: list[str] = []
        self.cut_after = 10_000
        self.replaced_while: list[tuple[bool, int]] = []

    def ask(self, statement: str) -> list[dict[str, Any]]:
        answer = self._answer(statement)
        self.asked.append(statement)
        self.now += datetime.timedelta(minutes=1)
        if len(self.asked) == self.cut_after:
            raise Cut
        return answer

    def _answer(self, statement: str) -> list[dict[str, Any]]:
        if statement.startswith("show pipes"):
            return [
                {
                    "name": "X_PIPE",
                    "definition": self.definition,
                    "notification_channel": "T",
                    "error_integration": None,
                }
            ]
        if statement.startswith("show grants"):
            return [
                {"privilege": grant.upper(), "granted_to": "ROLE", "grantee_name": "R"} for grant in sorted(self.grants)
            ] + [{"privilege": "OWNERSHIP", "granted_to": "ROLE", "grantee_name": "O"}]
        if "pipe_status" in statement:
            self.pending_looks -= 1
            return [{"status": json.dumps({"pendingFileCount": max(0, self.pending_looks)})}]
        if "sysdate() as now" in statement:
            return [{"now": self.now}]
        if match := re.search(r"pipe_execution_paused = (\w+)", statement):
            self.paused = match[1] == "true"
        elif match := re.search(r"refresh modified_after = '([^']+)'", statement):
            self.refreshed.append(match[1])
        elif statement.startswith("create or replace pipe"):
            self.replaced_while.append((self.paused, self.pending_looks))
            self.definition, self.paused, self.grants = statement.split(" as ", 1)[1].strip(), False, set()
        elif match := re.match(r"grant (\w+) on pipe", statement):
            self.grants.add(match[1])
        elif statement.startswith("insert into"):
            at, grants = re.search(r"cast\('([^']+)'.*?, ('.*')\)$", statement).groups()
            self.changes.append(
                {"begun_at": datetime.datetime.fromisoformat(at), "grants": grants[1:-1].replace("''", "'")}
            )
        elif statement.startswith("update"):
            self.changes.clear()
        elif statement.startswith("select begun_at"):
            return list(self.changes)
        return []


def change(account: Account, seconds: list[float] | None = None) -> PipeChange:
    code = State()
    code.apply(Made("PIPE", PIPE, {"DEFINITION": NEW, "AWS_SNS_TOPIC": "T", "COMMENT": "x"}))
    passed = seconds if seconds is not None else [0.0]

    def sleep(time: float) -> None:
        passed[0] += time

    return PipeChange(account, code, PIPE, lambda sentence: None, lambda: passed[0], sleep)


def test_the_steps_are_the_nine_and_printing_them_does_nothing() -> None:
    account = Account()
    steps = change(account).steps()
    assert [step.number for step in steps] == list(range(1, 10))
    assert "Nothing was done" in change(account).text(steps)
    assert (account.definition, account.paused, account.refreshed) == (OLD, False, [])


def test_it_is_made_again_only_when_it_is_paused_and_empty() -> None:
    account = Account()
    result = change(account).run(60)
    assert result["changed"]
    [(paused, pending)] = account.replaced_while
    assert paused
    assert pending <= 0
    assert (account.definition, account.paused, account.grants, account.changes) == (
        NEW,
        False,
        {"monitor", "operate"},
        [],
    )


def test_cut_off_after_any_statement_and_run_again_it_looks_at_everything_since_the_first_pause() -> None:
    whole = Account()
    change(whole).run(60)
    statements = len(whole.asked)
    assert statements > 15
    for cut in range(1, statements + 1):
        account = Account()
        account.cut_after = cut
        with pytest.raises(Cut):
            change(account).run(60)
        began = [each["begun_at"] for each in account.changes]
        cut_at = account.now
        account.cut_after = 10_000
        change(account).run(60)
        assert (account.definition, account.paused, account.changes) == (NEW, False, []), cut
        if account.refreshed:
            # Never later than ten minutes before the pause, or files of the first run's time are lost.
            after = datetime.datetime.fromisoformat(account.refreshed[-1]).replace(tzinfo=None)
            assert after <= (began[0] if began else cut_at), cut
        assert account.grants == {"monitor", "operate"}, cut
        assert all(paused for paused, _ in account.replaced_while), cut


def test_a_pipe_that_somebody_has_resumed_meanwhile_is_paused_again_before_it_is_replaced() -> None:
    account = Account()
    account.changes.append({"begun_at": START, "grants": "[]"})
    change(account).run(60)
    [(paused, _)] = account.replaced_while
    assert paused


def test_a_pipe_that_is_as_the_code_says_is_left_alone() -> None:
    account = Account()
    account.definition = NEW.upper().replace("'@D.RAW.EVENTS/X/'", "'@D.RAW.EVENTS/x/'")
    assert not change(account).run(60)["changed"]
    assert not any(statement.startswith(("alter", "create")) for statement in account.asked)


def test_a_pipe_that_does_not_become_empty_stays_as_it_is_and_a_sentence_says_how_to_go_on() -> None:
    account = Account()
    account.pending_looks = 1_000
    with pytest.raises(PipeChangeError, match="still has .* files to load after 30 s"):
        change(account).run(30)
    assert account.definition == OLD


def test_a_change_that_was_cut_off_more_than_a_week_ago_is_not_finished_in_silence() -> None:
    account = Account()
    account.changes.append({"begun_at": START - datetime.timedelta(days=8), "grants": "[]"})
    with pytest.raises(PipeChangeError, match="files of 7 days only"):
        change(account).run(60)


def test_files_that_arrive_during_a_change_are_all_loaded(cloud: Cloud, migrated_folder: Path, tmp_path: Path) -> None:
    shutil.copytree(migrated_folder, tmp_path / "db")
    root = tmp_path / "snowflake" / "migrations"
    shutil.copytree(MIGRATIONS.parent, root.parent)
    derived = root.parent / "derived" / "orders_v1__order_created.sql"
    derived.write_text(derived.read_text().replace("RAW.{{ format }}'", "RAW.PARQUET_2'"))
    another = statements("file format")["MILLRACE_DEV.RAW.PARQUET"].replace(".PARQUET\n", ".PARQUET_2\n")
    files, rows = 40, 20
    bodies = [parquet(tmp_path, rows, f"b{number}") for number in range(files)]
    with serve_process(tmp_path / "db") as warehouse, pipes_process(cloud, warehouse.client.port) as pipes:
        client = warehouse.client
        with client.connect(database="MILLRACE_DEV", schema="RAW") as connection:
            connection.cursor().execute(another)
        stop = threading.Event()
        put: list[str] = []

        def put_all() -> None:
            for number, body in enumerate(bodies):
                key = f"{PREFIX}f{number}.r{rows}.parquet"
                if number == 4:
                    # A notice that is lost while the pipe is not there: only REFRESH finds this file.
                    cloud.announce(False)
                cloud.put(key, body)
                cloud.announce(True)
                put.append(key)
                # Over the whole change: it takes some seconds to see a pause.
                if stop.wait(0 if number < 5 else 0.4):
                    return

        putting = threading.Thread(target=put_all)
        putting.start()
        until(lambda: client.rows("select count(*) from orders_v1__order_created")[0][0] != "0", "a first file")
        place = ["--port", str(client.port), "--vars", json.dumps(VARIABLES), "--root", str(root)]
        changed = subprocess.run(
            [
                sys.executable,
                "-m",
                "warehouse",
                "pipe-change",
                "orders_v1__order_created_pipe",
                *place,
                "--yes",
                "--json",
            ],
            cwd=LOCAL,
            capture_output=True,
            text=True,
            timeout=240,
        )
        assert changed.returncode == 0, changed.stderr
        before_its_end = len(put)
        putting.join()
        assert before_its_end > 5, "files came during the change"
        count = "select count(distinct _event_id), count(distinct _file) from orders_v1__order_created"
        until(lambda: client.rows(count) == [[str(files * rows), str(files)]], f"{files} files of {rows} rows each")
        result = json.loads(changed.stdout)
        assert result["changed"]
        assert result["short"] == []
        # Twice is what the nine steps allow; a file whose rows came twice came whole both times.
        doubled = client.rows(
            f"select _file, count(*) from orders_v1__order_created group by _file having count(*) not in ({rows}, {2 * rows})"
        )
        assert doubled == []
        # One row per identity is what every reader behind the models sees.
        once = "select count(*) from (select 1 from orders_v1__order_created group by _source, _type, _event_id)"
        assert client.rows(once) == [[str(files * rows)]]
        [pipe] = client.rows("show pipes like 'ORDERS_V1__ORDER_CREATED_PIPE' in schema raw")
        assert "PARQUET_2" in " ".join(str(value) for value in pipe)
        assert "RUNNING" in pipe
        assert client.rows("select count(*) from audit.pipe_changes where finished_at is null") == [["0"]]
        assert pipes.terminate() == 0

"""The store over restarts, kills and bad starts."""

from __future__ import annotations

import contextlib
import http.client
import itertools
import socket
import subprocess
import sys
import threading
from pathlib import Path

import duckdb
import pytest
from conftest import LOCAL, Client, serve_process, serving, until
from warehouse.launcher.limits import Limits
from warehouse.launcher.store import CATALOG_FILE, FileStore, StoreInUse

OBJECTS = (
    "create database if not exists TEST",
    "create schema if not exists TEST.S with managed access",
    "create table TEST.S.T (a int not null, b varchar)",
    "create view TEST.S.V as select a from TEST.S.T",
    "create file format if not exists TEST.S.F type = JSON strip_outer_array = FALSE",
    "create stage if not exists TEST.S.STAGE url = 's3://b/'",
    "create pipe TEST.S.P auto_ingest = true aws_sns_topic = 'arn:t' as copy into TEST.S.T from @TEST.S.STAGE/",
    "insert into TEST.S.T values (1, 'x')",
)


def make(client: Client) -> None:
    for statement in OBJECTS:
        status, answer = client.api(statement, "TEST" if "insert" in statement else None)
        assert status == 200, answer


def check(client: Client) -> None:
    # From a session that names no database: everything is attached without anybody logging in to it.
    assert client.rows("select a from TEST.S.V", None, None) == [["1"]]
    assert [row[1] for row in client.rows("show pipes in account", None, None)] == ["P"]
    assert [row[1] for row in client.rows("show stages in account", None, None)] == ["STAGE"]
    assert [row[1] for row in client.rows("show file formats in account", None, None)] == ["F"]


def test_tables_pipes_stages_and_formats_are_there_after_a_stop(tmp_path: Path) -> None:
    with serve_process(tmp_path) as server:
        make(server.client)
        assert server.terminate() == 0
    assert not list(tmp_path.glob("*.wal")), "a clean stop leaves nothing to replay"
    with serve_process(tmp_path) as server:
        check(server.client)


def test_a_kill_loses_nothing_that_was_committed(tmp_path: Path) -> None:
    with serve_process(tmp_path) as server:
        make(server.client)
        server.kill()
    with serve_process(tmp_path) as server:
        check(server.client)


def test_a_kill_during_inserts_keeps_what_was_answered_and_nothing_by_half(tmp_path: Path) -> None:
    with serve_process(tmp_path) as server:
        make(server.client)
        answered: list[int] = []
        refused: list[dict] = []

        def insert() -> None:
            with contextlib.suppress(OSError, http.client.HTTPException):
                for number in itertools.count(2):
                    statement = f"insert into TEST.S.T select {number}, 'y' from range(1000)"
                    status, answer = server.client.api(statement, "TEST", "S")
                    if status != 200:
                        refused.append(answer)
                        return
                    answered.append(number)

        thread = threading.Thread(target=insert)
        thread.start()
        until(lambda: len(answered) >= 20 or refused, "20 inserts")
        server.kill()
        thread.join()
        assert not refused
    with serve_process(tmp_path) as server:
        counts = dict(server.client.rows("select a, count(*) from TEST.S.T where a > 1 group by a", "TEST", "S"))
        assert {str(number) for number in answered} <= counts.keys()
        assert set(counts.values()) == {"1000"}
        assert len(counts) - len(answered) in (0, 1)


def test_a_stop_does_not_wait_for_a_forgotten_transaction(tmp_path: Path) -> None:
    with serve_process(tmp_path) as server:
        make(server.client)
        connection = server.client.connect(database="TEST", schema="S")
        connection.cursor().execute("begin")
        connection.cursor().execute("insert into s.t values (2, 'never committed')")
        assert server.terminate() == 0
    with serve_process(tmp_path) as server:
        assert server.client.rows("select a from TEST.S.T", "TEST", "S") == [["1"]]


def start_failing(folder: Path, port: int = 0) -> str:
    result = subprocess.run(
        [sys.executable, "-m", "warehouse", "serve", "--port", str(port), "--db", str(folder)],
        cwd=LOCAL, capture_output=True, text=True, timeout=60,
    )  # fmt: skip
    assert result.returncode == 2
    assert result.stdout == ""
    return result.stderr


def test_a_second_process_on_the_same_folder_says_what_to_do(tmp_path: Path) -> None:
    with serve_process(tmp_path):
        error = start_failing(tmp_path)
    assert len(error.splitlines()) == 1
    assert "in use by another process" in error and "--db" in error


def test_a_taken_port_says_what_to_do(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        error = start_failing(tmp_path, port)
    assert len(error.splitlines()) == 1
    assert str(port) in error and "--port" in error


def test_it_listens_on_loopback_only(tmp_path: Path) -> None:
    with serve_process(tmp_path) as server:
        listening = Path("/proc/net/tcp")
        if not listening.exists():
            pytest.skip("this system does not list its sockets in /proc")
        hexadecimal = f":{server.client.port:04X}"
        addresses = {line.split()[1] for line in listening.read_text().splitlines() if line.split()[3] == "0A"}
        assert [a for a in addresses if a.endswith(hexadecimal)] == [f"0100007F{hexadecimal}"]


def test_the_engine_may_take_what_the_limits_say_and_spills_the_rest(tmp_path: Path) -> None:
    store = FileStore(tmp_path / "db", Limits(memory="150MB", threads=1))
    try:
        settings = dict(
            store.duck_conn.execute(
                "select name, value from duckdb_settings() where name in"
                " ('memory_limit', 'threads', 'temp_directory', 'preserve_insertion_order')"
            ).fetchall()
        )
        assert settings == {
            "memory_limit": "143.0 MiB",
            "threads": "1",
            "preserve_insertion_order": "false",
            "temp_directory": str(tmp_path / "db" / "spill"),
        }
        # Far more than the limit: it ends because it spills.
        store.duck_conn.execute(
            "create temp table much as select range as a, md5(range::varchar) as b from range(4000000)"
        )
        assert store.duck_conn.execute("select count(distinct b) from much").fetchone() == (4_000_000,)
    finally:
        store.close()


def test_a_store_in_use_is_told_apart_from_a_broken_one(tmp_path: Path) -> None:
    with serving(tmp_path / "db"):
        pass
    (tmp_path / "db" / CATALOG_FILE).write_bytes(b"not a database" * 1000)
    with pytest.raises(duckdb.Error) as broken:
        FileStore(tmp_path / "db")
    assert not isinstance(broken.value, StoreInUse)

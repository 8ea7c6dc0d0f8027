"""How long the hourly `dbt build` takes: the first one over many events, and the increments behind it.

    python dbt/benchmarks/build_and_increment.py 1000000 2000000
    python dbt/benchmarks/build_and_increment.py --memory 640MB 4000000

For each number of events an empty warehouse is filled with them, spread over the 30 days before the last hour, and dbt is run in a
process of its own: a first build with all data tests; three times the build of the hourly DAG, each after 10,000 more events of the
last hour; the same without news. Where a build spends its time goes to stderr; stdout gets one JSON line for each number: seconds of
the wall and of the processor, and peak memory (resident, MiB), of dbt and of the warehouse.
"""

from __future__ import annotations

import argparse
import datetime
import json
import os
import resource
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "integration_tests"))
from events import add_events
from migrated_warehouse import ROOT, Warehouse, migrated_warehouse
from runner import connect

MORE = 10_000
INCREMENTS = 3
# As airflow/dags/millrace_airflow/dags.py runs it: tests limited to the look-back, business tests apart.
FIRST = ("--exclude-resource-type", "unit_test")
HOURLY_VARIABLES = "{tested_rows: increment, business_severity: error}"
HOURLY = (*FIRST, "--exclude", "tag:business", "--vars", HOURLY_VARIABLES)
SHOWN_NODES = 12


@dataclass(frozen=True)
class Build:
    seconds: float
    dbt_cpu_seconds: float
    dbt_peak_mib: int
    warehouse_cpu_seconds: float


class Meter:
    """Processor time and peak memory of a process, asked of `ps` each half second."""

    def __init__(self, pid: int) -> None:
        self._pid = pid
        self.peak_mib = 0
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> Meter:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stopped.set()
        self._thread.join()

    def cpu_seconds(self) -> float:
        return self._ask()[0]

    def _watch(self) -> None:
        while not self._stopped.wait(0.5):
            self.peak_mib = max(self.peak_mib, self._ask()[1])

    def _ask(self) -> tuple[float, int]:
        answer = subprocess.run(
            ["ps", "-o", "time=,rss=", "-p", str(self._pid)], check=True, capture_output=True, text=True
        ).stdout
        spent, resident = answer.split()
        days, _, clock = spent.rpartition("-")
        seconds = 0.0
        for part in clock.split(":"):
            seconds = seconds * 60 + float(part)
        return int(days or 0) * 86400 + seconds, int(resident) >> 10


def say(text: str) -> None:
    print(f"{time.strftime('%H:%M:%S')} {text}", file=sys.stderr, flush=True)


@dataclass(frozen=True)
class Dbt:
    """The project against one warehouse, each command in a process of its own."""

    warehouse: Meter
    port: int
    state: Path
    threads: int

    def build(self, name: str, *options: str) -> Build:
        cpu_before = self.warehouse.cpu_seconds()
        seconds, usage = self.run("build", *options)
        done = Build(
            seconds=round(seconds, 1),
            dbt_cpu_seconds=round(usage.ru_utime + usage.ru_stime, 1),
            dbt_peak_mib=usage.ru_maxrss >> (20 if sys.platform == "darwin" else 10),
            warehouse_cpu_seconds=round(self.warehouse.cpu_seconds() - cpu_before, 1),
        )
        say(f"  {name}: {done}")
        for node_seconds, node in slowest_nodes(self.state):
            say(f"    {node_seconds:7.2f} s  {node}")
        return done

    def run(self, *arguments: str) -> tuple[float, resource.struct_rusage]:
        """Seconds of the wall, and what the process took."""
        environment = os.environ | {
            "SNOWFLAKE_HOST": "127.0.0.1",
            "SNOWFLAKE_PORT": str(self.port),
            "MILLRACE_ENV": "dev",
            "MILLRACE_DBT_TARGET": "local",
            "DBT_THREADS": str(self.threads),
            "DBT_TARGET_PATH": str(self.state / "target"),
            "DBT_LOG_PATH": str(self.state / "logs"),
            "PYTHONWARNINGS": "ignore",
        }
        project = str(ROOT / "dbt")
        command = ["--quiet", *arguments, "--project-dir", project, "--profiles-dir", project]
        began = time.monotonic()
        with (self.state / "out.txt").open("w") as out:
            dbt = subprocess.Popen(
                [sys.executable, "-m", "dbt.cli.main", *command], env=environment, stdout=out, stderr=out
            )
            _, status, usage = os.wait4(dbt.pid, 0)
        if status != 0:
            raise SystemExit(f"dbt {arguments[0]} failed: {(self.state / 'out.txt').read_text()}")
        return time.monotonic() - began, usage


def slowest_nodes(state: Path) -> Iterator[tuple[float, str]]:
    results = json.loads((state / "target" / "run_results.json").read_text())["results"]
    times = sorted(((result["execution_time"], result["unique_id"]) for result in results), reverse=True)
    yield sum(each for each, _ in times), f"of threads, {len(times)} nodes; the slowest:"
    yield from ((each, node.split(".", 2)[2]) for each, node in times[:SHOWN_NODES])


@contextmanager
def filled_warehouse(
    folder: Path, events: int, hour_began: datetime.datetime, memory: str | None
) -> Iterator[Warehouse]:
    options = ("--memory", memory) if memory else ()
    with migrated_warehouse(folder, sys.executable, *options) as warehouse:
        say(f"{events} events")
        with connect(warehouse.port) as connection:
            add_events(connection, 0, events, hour_began - datetime.timedelta(days=30), hour_began)
        say("  are in the raw tables")
        yield warehouse


def measured(events: int, threads: int, memory: str | None) -> dict[str, object]:
    hour_began = datetime.datetime.now(datetime.UTC) - datetime.timedelta(hours=1)
    with (
        tempfile.TemporaryDirectory() as folder,
        filled_warehouse(Path(folder), events, hour_began, memory) as warehouse,
        Meter(warehouse.pid) as meter,
    ):
        state = Path(folder) / "dbt"
        state.mkdir()
        dbt = Dbt(meter, warehouse.port, state, threads)
        first = dbt.build("first", *FIRST)
        # In the DAG it is the task before, freshness, that reads the project anew when a variable has changed.
        dbt.run("parse", "--vars", HOURLY_VARIABLES)
        increments = []
        for number in range(1, INCREMENTS + 1):
            with connect(warehouse.port) as connection:
                until = hour_began + datetime.timedelta(minutes=58)
                add_events(connection, 10 * events + number * MORE, MORE, hour_began, until)
            increments.append(dbt.build(f"increment {number}", *HOURLY))
        no_news = dbt.build("no news", *HOURLY)
        return {
            "events": events,
            "threads": threads,
            "memory": memory,
            "first": asdict(first),
            "increments": [asdict(each) for each in increments],
            "no_news": asdict(no_news),
            "warehouse_peak_mib": meter.peak_mib,
        }


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("events", type=int, nargs="*", default=[1_000_000])
    parser.add_argument("--threads", type=int, default=4, help="of dbt")
    parser.add_argument("--memory", help="what the warehouse may take before it spills to disk (default: its own)")
    arguments = parser.parse_args()
    for number in arguments.events:
        print(json.dumps(measured(number, arguments.threads, arguments.memory)), flush=True)

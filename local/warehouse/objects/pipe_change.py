"""A pipe made again with another definition, in the nine documented steps, so that no file is lost.

A pipe that is replaced forgets what it has loaded, and what is announced meanwhile is announced to nobody. So it is paused and
emptied first, and looks again afterwards at everything that was stored since. Files of the minutes around the pause may be
loaded twice: rows may repeat in raw tables, and the models keep one of each.
"""

from __future__ import annotations

import datetime
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from warehouse.objects.present import Questions
from warehouse.objects.sql import literal, squeezed
from warehouse.objects.state import State

MARGIN = datetime.timedelta(minutes=10)
"""A file may be stored before the pause and announced after it. S3 and SNS take seconds; REFRESH goes by when it was stored."""
REFRESHABLE = datetime.timedelta(days=7)
"""Older files are not found by REFRESH."""
SECONDS_BETWEEN_LOOKS = 1.0
PAUSE_TIME = "<10 minutes before the pause>"


class PipeChangeError(Exception):
    """The change cannot begin, or cannot go on. The message says what to do; running it again goes on."""


@dataclass(frozen=True)
class Step:
    number: int
    what: str
    statements: tuple[str, ...]

    def json(self) -> dict[str, Any]:
        return {"step": self.number, "what": self.what, "statements": list(self.statements)}


class PipeChange:
    def __init__(
        self,
        questions: Questions,
        code: State,
        pipe: str,
        say: Callable[[str], None],
        clock: Callable[[], float],
        sleep: Callable[[float], None],
    ) -> None:
        """`pipe` is its full name; `clock` gives seconds of any origin."""
        if ("PIPE", pipe) not in code.objects:
            known = ", ".join(name.rsplit(".", 1)[1] for name in code.names("PIPE"))
            raise PipeChangeError(f"the code has no pipe {pipe.rsplit('.', 1)[1]}; it has {known}")
        self._questions = questions
        self._wanted = code.objects[("PIPE", pipe)]
        self._pipe = pipe
        self._database = pipe.split(".", 1)[0]
        self._table = self._wanted["DEFINITION"].split()[2]
        self._changes = f"{self._database}.AUDIT.PIPE_CHANGES"
        self._say = say
        self._clock = clock
        self._sleep = sleep

    def steps(self, after: str = PAUSE_TIME, grants: tuple[str, ...] = ()) -> list[Step]:
        """What it takes, with the statements. Nothing is run."""
        pipe = self._pipe
        return [
            Step(1, "pause the pipe", (f"alter pipe {pipe} set pipe_execution_paused = true",)),
            Step(2, "wait until it has loaded what it had heard of", (f"select system$pipe_status('{pipe}')",)),
            Step(
                3,
                "save its definition, grants and log level",
                (
                    f"show pipes like '{pipe.rsplit('.', 1)[1]}' in schema {self._database}.RAW",
                    f"show grants on pipe {pipe}",
                ),
            ),
            Step(4, "make it again", (self._create(),)),
            Step(5, "pause the new one", (f"alter pipe {pipe} set pipe_execution_paused = true",)),
            Step(6, "grant what was granted", grants),
            Step(7, "resume it", (f"alter pipe {pipe} set pipe_execution_paused = false",)),
            Step(
                8,
                "load what was stored meanwhile",
                (f"alter pipe {pipe} refresh modified_after = '{after}'",),
            ),
            Step(9, "look for files at the border that came twice, or not whole", (self._border(after),)),
        ]

    def text(self, steps: list[Step]) -> str:
        current = self._current()
        lines = [
            f"{self._pipe} {'is' if self._same(current) else 'is not'} as the code says it.",
            f"  now:  {self._line(current)}",
            f"  then: {self._line(self._wanted)}",
            "",
        ]
        for step in steps:
            lines.append(f"{step.number}. {step.what}")
            lines += [f"   {line}" for statement in step.statements for line in f"{statement};".splitlines()]
        return "\n".join([*lines, "", "Nothing was done: --yes does it."])

    def run(self, patience: float) -> dict[str, Any]:
        """Does it, or goes on where an earlier run was cut off.

        Gives `changed`, the files at the border that were loaded `twice` or are `short`, and a sentence. A pipe that is as the
        code says it is left alone. `patience` in seconds is for each of the two waits.
        """
        current = self._current()
        unfinished = self._unfinished()
        if unfinished is None and self._same(current):
            return {"changed": False, "twice": [], "short": [], "sentence": f"{self._pipe} is as the code says it."}
        if unfinished is None:
            self._run(1, *self.steps()[0].statements)
            begun, grants = self._begin()
        else:
            begun, grants = unfinished
            self._say(f"going on with the change that began at {begun}")
            if self._now() - begun > REFRESHABLE:
                raise PipeChangeError(
                    f"the change of {self._pipe} began at {begun}, and REFRESH finds files of 7 days only: load older ones"
                    f" by COPY INTO with FILES, then close its line in {self._changes}"
                )
        after = (begun - MARGIN).isoformat(timespec="seconds") + "+00:00"
        steps = self.steps(after, tuple(grants))
        if not self._same(self._current()):
            self._run(1, *steps[0].statements)
            self._drained(2, patience)
            self._say(f"3. {steps[2].what}: {json.dumps(current)}, {len(grants)} grants")
            self._run(4, *steps[3].statements)
        for step in steps[4:8]:
            self._run(step.number, *step.statements)
        self._drained(9, patience)
        twice, short = self._files(after)
        self._questions.ask(
            f"update {self._changes} set finished_at = sysdate() where pipe = {literal(self._pipe)} and finished_at is null"
        )
        sentence = f"{self._pipe} is changed: {len(twice)} files were loaded twice, which the models see to."
        if short:
            sentence += f" {len(short)} files have fewer rows than their name says: {', '.join(short[:5])}."
        return {"changed": True, "twice": twice, "short": short, "sentence": sentence}

    def _run(self, number: int, *statements: str) -> None:
        for statement in statements:
            self._say(f"{number}. {' '.join(statement.split())[:140]}")
            self._questions.ask(statement)

    def _create(self) -> str:
        options = self._wanted
        errors = f"\n    error_integration = {options['ERROR_INTEGRATION']}" if options.get("ERROR_INTEGRATION") else ""
        return (
            f"create or replace pipe {self._pipe}\n    auto_ingest = TRUE\n    aws_sns_topic = '{options['AWS_SNS_TOPIC']}'"
            f"{errors}\n    comment = {literal(options.get('COMMENT', ''))}\n    as {options['DEFINITION']}"
        )

    def _border(self, after: str) -> str:
        return (
            "select _file, count(*) as row_count, cast(regexp_substr(_file, '[.]r([0-9]+)[.]', 1, 1, 'e', 1) as integer)"
            f" as promised from {self._table} where _file in (select _file from {self._table} where _loaded_at >="
            f" cast('{after.split('+')[0]}' as timestamp_ntz)) group by _file having row_count <> promised"
        )

    def _current(self) -> dict[str, str]:
        name = self._pipe.rsplit(".", 1)[1]
        rows = self._questions.ask(f"show pipes like '{name}' in schema {self._database}.RAW")
        for row in rows:
            if row["name"] == name:
                return {
                    "DEFINITION": str(row["definition"]).strip(),
                    "AWS_SNS_TOPIC": str(row["notification_channel"]),
                    "ERROR_INTEGRATION": str(row["error_integration"] or ""),
                }
        raise PipeChangeError(f"the warehouse has no pipe {self._pipe}: apply the migrations first")

    def _same(self, there: dict[str, str]) -> bool:
        return (
            squeezed(there["DEFINITION"]) == squeezed(self._wanted["DEFINITION"])
            and there["AWS_SNS_TOPIC"] == self._wanted["AWS_SNS_TOPIC"]
        )

    @staticmethod
    def _line(options: dict[str, str]) -> str:
        return f"{' '.join(options['DEFINITION'].split())} [{options['AWS_SNS_TOPIC']}]"

    def _now(self) -> datetime.datetime:
        return self._questions.ask("select sysdate() as now")[0]["now"]

    def _begin(self) -> tuple[datetime.datetime, list[str]]:
        """Notes the moment and the grants where a run after this one finds them."""
        now = self._now()
        grants = [
            f"grant {row['privilege'].lower()} on pipe {self._pipe} to {str(row['granted_to']).lower()} {row['grantee_name']}"
            for row in self._questions.ask(f"show grants on pipe {self._pipe}")
            if row["privilege"] != "OWNERSHIP"
        ]
        self._questions.ask(
            f"insert into {self._changes} (pipe, begun_at, grants) values ({literal(self._pipe)},"
            f" cast('{now.isoformat(sep=' ')}' as timestamp_ntz), {literal(json.dumps(grants))})"
        )
        return now, grants

    def _unfinished(self) -> tuple[datetime.datetime, list[str]] | None:
        rows = self._questions.ask(
            f"select begun_at, grants from {self._changes} where pipe = {literal(self._pipe)} and finished_at is null"
            " order by begun_at"
        )
        return (rows[0]["begun_at"], json.loads(rows[0]["grants"])) if rows else None

    def _drained(self, number: int, patience: float) -> None:
        end = self._clock() + patience
        said = None
        while True:
            [row] = self._questions.ask(f"select system$pipe_status('{self._pipe}') as status")
            pending = int(json.loads(row["status"]).get("pendingFileCount", 0))
            if not pending:
                return
            if pending != said:
                self._say(f"{number}. {pending} files are still to be loaded")
                said = pending
            if self._clock() > end:
                raise PipeChangeError(
                    f"{self._pipe} still has {pending} files to load after {patience:.0f} s: look for failed loads, then run"
                    " the same command again: it goes on"
                )
            self._sleep(SECONDS_BETWEEN_LOOKS)

    def _files(self, after: str) -> tuple[list[str], list[str]]:
        rows = self._questions.ask(self._border(after))
        twice = sorted(row["_file"] for row in rows if row["row_count"] > row["promised"])
        short = sorted(row["_file"] for row in rows if row["row_count"] < row["promised"])
        return twice, short

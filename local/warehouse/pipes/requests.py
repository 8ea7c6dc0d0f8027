"""What the warehouse asks of the load, and what the load answers: pauses that must be seen, refreshes, recreated pipes.

Both sides are processes that share nothing but the warehouse, so it lies there, in a table of its catalog.
"""

from __future__ import annotations

import datetime
import json
import os
from collections.abc import Iterator
from dataclasses import dataclass

from warehouse.pipes.catalog import Pipe
from warehouse.pipes.client import Statement, WarehouseClient
from warehouse.pipes.notices import Notice

WORK = "_fs_global._fs_information_schema.millrace_pipe_work"
"""A line for each thing and pipe: `paused` and its value, `refresh` and what to list, `recreated`, `errors` and the integration.
Of the load itself, without a pipe: `looking` when it began to read the pipes, `looked` when it had read them."""

CREATE_WORK = f"""
create table if not exists {WORK} (
    what varchar, pipe varchar, value varchar, noted_at timestamptz default current_timestamp, primary key (what, pipe)
)
"""


def prepare(client: WarehouseClient) -> None:
    client.run([Statement(CREATE_WORK)])


def begin_look(client: WarehouseClient) -> None:
    """Noted before the pipes are read: a pause that came later may not be in what is read."""
    client.run([Statement(f"insert or replace into {WORK} values ('looking', '', '', now())")])


def end_look(client: WarehouseClient) -> None:
    """From now on every load follows what was read. Loads run one after the other, so those of before are over."""
    client.run(
        [
            Statement(
                f"insert or replace into {WORK} select 'looked', pipe, value, noted_at from {WORK} where what = 'looking'"
            )
        ]
    )


@dataclass(frozen=True)
class Refresh:
    """Files that a pipe is to look at again: below its prefix and this one, modified at or after a moment."""

    pipe: str
    value: str

    def notices(self, pipe: Pipe, objects: str) -> Iterator[Notice]:
        """The objects that it names, as if they were announced now."""
        asked = json.loads(self.value)
        after = datetime.datetime.fromisoformat(asked["after"]) if asked["after"] else None
        if after is not None and after.tzinfo is None:
            after = after.replace(tzinfo=datetime.UTC)
        bucket = os.path.join(objects, pipe.bucket)
        for folder, _, files in os.walk(os.path.join(bucket, pipe.prefix + asked["prefix"])):
            for file in sorted(files):
                path = os.path.join(folder, file)
                # The emulator keeps what it knows of an object beside it.
                if file.endswith(".meta.json"):
                    continue
                status = os.stat(path)
                at = datetime.datetime.fromtimestamp(status.st_mtime, datetime.UTC)
                if after is None or at >= after:
                    yield Notice(pipe.bucket, os.path.relpath(path, bucket), status.st_size, at)


def refreshes(client: WarehouseClient) -> list[Refresh]:
    found = client.run([Statement(f"select pipe, value from {WORK} where what = 'refresh' order by noted_at")])
    return [Refresh(*row) for row in found[0][0]]


def refreshed(client: WarehouseClient, refresh: Refresh) -> None:
    """Done, unless another one was asked for meanwhile."""
    client.run(
        [
            Statement(
                f"delete from {WORK} where what = 'refresh' and pipe = ? and value = ?", (refresh.pipe, refresh.value)
            )
        ]
    )

"""The pipes as the warehouse shows them, with stage and file format looked up."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass

from warehouse.pipes.client import WarehouseClient
from warehouse.pipes.copy_statement import ObjectName, PipeDefinitionError, parse_copy
from warehouse.pipes.file_format import FileFormat, file_format


@dataclass(frozen=True)
class Pipe:
    name: ObjectName
    table: ObjectName
    bucket: str
    prefix: str
    """Of the keys in the bucket. Ends with a slash."""
    file_format: FileFormat
    metadata: tuple[tuple[str, str], ...]
    paused: bool

    def takes(self, bucket: str, key: str) -> bool:
        return bucket == self.bucket and key.startswith(self.prefix)


@dataclass(frozen=True)
class Catalog:
    """Pipes that the topic feeds, and the places that stages point at: no pipe can take a key outside of these."""

    pipes: tuple[Pipe, ...] = ()
    places: tuple[tuple[str, str], ...] = ()
    """(bucket, prefix)"""

    def taking(self, bucket: str, key: str) -> list[Pipe]:
        return [pipe for pipe in self.pipes if pipe.takes(bucket, key)]

    def on_a_stage(self, bucket: str, key: str) -> bool:
        return any(bucket == place and key.startswith(prefix) for place, prefix in self.places)


def read_catalog(client: WarehouseClient, topic_arn: str) -> Catalog:
    """What this topic feeds now. Raises PipeDefinitionError for one that cannot be followed: it would load nothing, silently."""
    formats = {
        _name(row): file_format(_name(row), json.loads(row["format_options"] or "{}"))
        for row in client.show("show file formats in account")
        if _is_followed(row)
    }
    stages = {_name(row): row["url"] or "" for row in client.show("show stages in account")}
    pipes = tuple(
        _pipe(row, stages, formats)
        for row in client.show("show pipes in account")
        if row["kind"] == "STAGE" and row["notification_channel"] == topic_arn
    )
    places = (re.fullmatch(r"s3://([^/]+)/(.*)", url) for url in stages.values())
    return Catalog(pipes, tuple((place[1], place[2]) for place in places if place))


def _is_followed(row: dict[str, str | None]) -> bool:
    """Formats of other types serve other statements than our pipes."""
    return row["type"] in ("PARQUET", "JSON")


def _pipe(row: dict[str, str | None], stages: dict[ObjectName, str], formats: dict[ObjectName, FileFormat]) -> Pipe:
    name = _name(row)
    copy = parse_copy(name, row["definition"] or "")
    if copy.stage not in stages:
        raise PipeDefinitionError(f"Pipe {name} copies from stage {copy.stage}, which does not exist.")
    if copy.file_format not in formats:
        raise PipeDefinitionError(f"Pipe {name} has the file format {copy.file_format}, which does not exist.")
    location = re.fullmatch(r"s3://([^/]+)/(.*)", stages[copy.stage])
    if location is None:
        raise PipeDefinitionError(f"Stage {copy.stage} of pipe {name} is at {stages[copy.stage]!r}, not in S3.")
    root = location[2] if not location[2] or location[2].endswith("/") else location[2] + "/"
    prefix = root + copy.path
    if not prefix.endswith("/"):
        raise PipeDefinitionError(
            f"The prefix {prefix!r} of pipe {name} does not end with a slash: it would take longer names too."
        )
    paused = row["execution_state"] == "PAUSED"
    return Pipe(name, copy.table, location[1], prefix, formats[copy.file_format], tuple(copy.metadata.items()), paused)


def _name(row: dict[str, str | None]) -> ObjectName:
    return ObjectName(row["database_name"] or "", row["schema_name"] or "", row["name"] or "")

"""S3's notifications, as they come through SNS into the queue."""

from __future__ import annotations

import datetime
import json
from dataclasses import dataclass
from urllib.parse import unquote_plus


@dataclass(frozen=True)
class Notice:
    """One announced object."""

    bucket: str
    key: str
    size: int
    at: datetime.datetime


@dataclass(frozen=True)
class Message:
    """What a queue message holds: notices, or none and why."""

    notices: tuple[Notice, ...]
    ignored: str | None = None


def read_message(body: str) -> Message:
    """Reads a message of S3, wrapped by SNS or raw. What is no announcement of an object is ignored, with the reason."""
    try:
        content = json.loads(body)
        if isinstance(content, dict) and content.get("Type") == "Notification":
            content = json.loads(content["Message"])
        if not isinstance(content, dict):
            return Message((), "not an S3 notification")
        if content.get("Event") == "s3:TestEvent":
            return Message((), "s3:TestEvent")
        if "Records" not in content:
            return Message((), "not an S3 notification")
        created = [
            record
            for record in content["Records"]
            if record.get("eventName", "").removeprefix("s3:").startswith("ObjectCreated")
        ]
        if not created:
            return Message((), "no object created")
        return Message(tuple(_notice(record) for record in created))
    except (ValueError, KeyError, TypeError, AttributeError):
        return Message((), "not an S3 notification")


def _notice(record: dict) -> Notice:
    thing = record["s3"]
    at = datetime.datetime.fromisoformat(record["eventTime"])
    return Notice(
        bucket=thing["bucket"]["name"],
        # S3 encodes the key like a form: a space is a plus.
        key=unquote_plus(thing["object"]["key"]),
        size=int(thing["object"].get("size", 0)),
        at=(at if at.tzinfo else at.replace(tzinfo=datetime.UTC)).astimezone(datetime.UTC),
    )

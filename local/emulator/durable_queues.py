"""SQS messages as files, from before their sender is answered until after they are deleted.

MiniStack keeps messages in memory and writes them when it is stopped in order. SQS itself never loses one it has accepted, and
who sends to it relies on that: the consumer acknowledges its events to the broker then. So a message is a file here, and a queue
that is made again, whoever makes it, begins with the messages that nobody has deleted.
"""

from __future__ import annotations

import copy
import json
import os
import threading
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, NoReturn

import ministack.core.persistence as persistence
import ministack.services.sqs as sqs
from ministack.core.responses import AccountRegionScopedDict

Message = dict[str, Any]


class MessageFolder:
    """The messages of one queue, a file each, named by their ids. A file is whole or absent."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def is_new(self) -> bool:
        return not self._folder.exists()

    def write(self, message: Message) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        half = self._folder / f"{message['id']}.half"
        half.write_text(json.dumps(message, default=persistence._json_default))  # noqa: SLF001
        os.replace(half, self._file(message))

    def delete(self, message: Message) -> None:
        self._file(message).unlink(missing_ok=True)

    def read(self) -> list[Message]:
        """All messages, as they were sent, in the order in which they were sent."""
        messages = [
            json.loads(file.read_text(), object_hook=persistence._json_object_hook)  # noqa: SLF001
            for file in self._folder.glob("*.json")
        ]
        return sorted(messages, key=lambda message: message["sent_at"])

    def _file(self, message: Message) -> Path:
        return self._folder / f"{message['id']}.json"


class Messages(list[Message]):
    """The messages of one queue, as MiniStack handles them: it appends, removes, clears and replaces the whole list.

    It is one list for the life of the queue. MiniStack's threads read it without a lock, so a sender may hold the list while
    another thread replaces it, and what was added to a replaced list would be lost.
    """

    def __init__(self, folder: MessageFolder, messages: Iterable[Message]) -> None:
        super().__init__(messages)
        self._folder = folder
        self._lock = threading.Lock()

    def __iter__(self) -> Iterator[Message]:
        """Over the messages of now: a list that changes under its reader skips some."""
        return iter(self[:])

    def append(self, message: Message) -> None:
        with self._lock:
            self._folder.write(message)
            super().append(message)

    def remove(self, message: Message) -> None:
        with self._lock:
            super().remove(message)
            self._folder.delete(message)

    def clear(self) -> None:
        with self._lock:
            for message in self:
                self._folder.delete(message)
            super().clear()

    def replace(self, kept: list[Message]) -> None:
        """Takes the list that MiniStack made from an older look at this one.

        What another thread has appended since is not in it and would be lost: only a message that somebody has received can have
        been deleted or moved.
        """
        with self._lock:
            ids = {message["id"] for message in kept}
            missing = [message for message in self if message["id"] not in ids]
            arrived = [message for message in missing if not message.get("receive_count")]
            for message in missing:
                if message.get("receive_count"):
                    self._folder.delete(message)
            super().__setitem__(slice(None), [*kept, *arrived])

    def __deepcopy__(self, memo: dict[int, Any]) -> list[Message]:
        return [copy.deepcopy(message, memo) for message in self]

    def _refuse(self, *_: Any) -> NoReturn:
        raise NotImplementedError(
            "this version of MiniStack changes the messages of a queue in a way that would not be kept"
        )

    extend = insert = pop = reverse = sort = _refuse  # type: ignore[assignment]
    __setitem__ = __delitem__ = __iadd__ = _refuse  # type: ignore[assignment]


class Queue(dict[str, Any]):
    def __setitem__(self, name: str, value: Any) -> None:
        if name == "messages":
            self["messages"].replace(value)
        else:
            super().__setitem__(name, value)

    def __deepcopy__(self, memo: dict[int, Any]) -> dict[str, Any]:
        return {name: copy.deepcopy(value, memo) for name, value in self.items()}


class Queues(AccountRegionScopedDict):
    """MiniStack's table of queues; each queue that is put into it gets its messages back."""

    __slots__ = ("_root",)

    def __init__(self, root: Path) -> None:
        super().__init__()
        self._root = root

    def __setitem__(self, url: str, queue: dict[str, Any]) -> None:
        super().__setitem__(url, self._durable(queue))

    def update(self, other: Any) -> None:
        super().update(other)
        for key, queue in self._data.items():
            self._data[key] = self._durable(queue)

    def _durable(self, queue: dict[str, Any]) -> Queue:
        if isinstance(queue, Queue):
            return queue
        folder = MessageFolder(self._root / queue["name"])
        if folder.is_new():
            for message in queue["messages"]:
                folder.write(message)
        # The files are the truth: a state that MiniStack saved may be older.
        saved = {message["id"]: message for message in queue["messages"]}
        messages = [saved.get(message["id"]) or _unreceived(message) for message in folder.read()]
        return Queue(queue | {"messages": Messages(folder, messages)})

    def __deepcopy__(self, memo: dict[int, Any]) -> AccountRegionScopedDict:
        plain = AccountRegionScopedDict()
        plain._data = copy.deepcopy(self._data, memo)  # noqa: SLF001
        return plain


def _unreceived(message: Message) -> Message:
    """Whoever had received it does not know this process."""
    again = message | {"receipt_handle": None, "visible_at": time.time()}
    sqs._ensure_msg_fields(again)  # noqa: SLF001
    return again


def keep_messages_in(root: Path) -> None:
    """To be called before MiniStack starts. Its own restoring of saved state goes through the same table."""
    sqs._queues = Queues(root)  # noqa: SLF001

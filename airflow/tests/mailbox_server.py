"""A mail server on loopback that keeps what it gets."""

from __future__ import annotations

import asyncio
import contextlib
import email
import email.policy
import threading
from collections.abc import Iterator
from dataclasses import dataclass

from aiosmtpd.smtp import SMTP, Envelope, Session


@dataclass(frozen=True)
class Letter:
    to: tuple[str, ...]
    subject: str
    body: str


class Mailbox:
    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._letters: list[Letter] = []

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        message = email.message_from_bytes(envelope.content or b"", policy=email.policy.default)
        body = message.get_body(("html", "plain"))
        with self._lock:
            self._letters.append(
                Letter(tuple(envelope.rcpt_tos), str(message["Subject"]), body.get_content() if body else "")
            )
        return "250 OK"

    def empty(self) -> None:
        with self._lock:
            self._letters.clear()

    @property
    def letters(self) -> list[Letter]:
        with self._lock:
            return list(self._letters)

    def to(self, address: str) -> list[Letter]:
        return [letter for letter in self.letters if address in letter.to]


@contextlib.contextmanager
def mail_server() -> Iterator[tuple[int, Mailbox]]:
    """Its port, which the system chooses, and what it receives."""
    box = Mailbox()
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()

    async def serve() -> asyncio.Server:
        return await loop.create_server(lambda: SMTP(box), "127.0.0.1", 0)

    async def close(server: asyncio.Server) -> None:
        server.close()
        await server.wait_closed()

    try:
        server = asyncio.run_coroutine_threadsafe(serve(), loop).result(10)
        yield server.sockets[0].getsockname()[1], box
        asyncio.run_coroutine_threadsafe(close(server), loop).result(10)
    finally:
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)
        loop.close()

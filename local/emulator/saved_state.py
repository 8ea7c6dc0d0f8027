"""State of the emulator on request: MiniStack itself writes it only when it is stopped in order.

A run asks for it when its stack and its pipes are there. What changes later are objects and messages, which are files anyway.
"""

from __future__ import annotations

from typing import Any

import ministack.app
import ministack.core.persistence as persistence

SAVE = "/_millrace/save"


def save_on_request() -> None:
    """POST /_millrace/save answers when stacks, topics, subscriptions, functions and mappings are written."""
    if not persistence.PERSIST_STATE:
        raise RuntimeError("PERSIST_STATE=1 is needed: what is saved must also be read")
    app = ministack.app.app

    async def app_with_save(scope: dict[str, Any], receive: Any, send: Any) -> None:
        if scope["type"] != "http" or scope["path"] != SAVE:
            await app(scope, receive, send)
            return
        persistence.save_all(ministack.app._build_persistence_save_dict())  # noqa: SLF001
        await send({"type": "http.response.start", "status": 204, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    ministack.app.app = app_with_save

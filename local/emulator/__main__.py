"""python -m emulator: MiniStack, by its own environment variables, with MILLRACE_QUEUE_FOLDER for messages, MILLRACE_ITEM_FOLDER for items."""

from __future__ import annotations

import os
from pathlib import Path

from emulator.durable_items import keep_items_in
from emulator.durable_queues import keep_messages_in
from emulator.saved_state import save_on_request

if __name__ == "__main__":
    keep_messages_in(Path(os.environ["MILLRACE_QUEUE_FOLDER"]))
    keep_items_in(Path(os.environ["MILLRACE_ITEM_FOLDER"]))
    save_on_request()
    from ministack.app import main

    main()

"""As much of Docker's API as one container needs, on loopback: it remembers what it was asked and answers as it is told."""

from __future__ import annotations

import contextlib
import json
import struct
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


class Engine:
    def __init__(self) -> None:
        self.exit_code = 0
        self.output: list[str] = []
        self.created: dict[str, Any] = {}
        self.removed: list[str] = []
        self.url = ""
        self.started = threading.Event()

    def frames(self) -> bytes:
        """The output as an engine sends it to who has attached: each piece behind its stream and its length."""
        lines = [line.encode() + b"\n" for line in self.output]
        return b"".join(struct.pack(">BxxxL", 1, len(line)) + line for line in lines)

    def answer(self, method: str, path: str, body: bytes) -> tuple[int, bytes]:
        path = path.split("?")[0]
        match method, path.split("/")[-1]:
            case "GET", "version":
                return 200, b'{"ApiVersion": "1.44", "Version": "27"}'
            case "GET", "_ping":
                return 200, b"OK"
            case "POST", "create":
                self.created = json.loads(body)
                return 201, b'{"Id": "c1", "Warnings": []}'
            case "POST", "start":
                self.started.set()
                return 204, b""
            case "POST", "wait":
                return 200, json.dumps({"StatusCode": self.exit_code}).encode()
            case "GET", "json" if "/images/" in path:
                return 200, b'[{"Id": "i1"}]'
            case "GET", "json":
                return 200, json.dumps({"Config": {"Tty": False}, "State": {"ExitCode": self.exit_code}}).encode()
            case "DELETE", container:
                self.removed.append(container)
                return 204, b""
        return 404, json.dumps({"message": f"{method} {path} is not known here"}).encode()


@contextlib.contextmanager
def engine() -> Iterator[Engine]:
    answering = Engine()

    class Handler(BaseHTTPRequestHandler):
        def handle_any(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            if self.path.split("?")[0].endswith("/attach"):
                self.attach()
                return
            status, answer = answering.answer(self.command, self.path, body)
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def attach(self) -> None:
            # The client reads the bare connection from here on, and the container speaks when it has been started.
            self.close_connection = True
            self.send_response(101)
            self.end_headers()
            if answering.started.wait(20):
                self.wfile.write(answering.frames())

        do_GET = do_POST = do_DELETE = handle_any

        def log_message(self, format: str, *arguments: Any) -> None:
            """Nothing: what was asked is remembered."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    answering.url = f"tcp://127.0.0.1:{server.server_address[1]}"
    try:
        yield answering
    finally:
        server.shutdown()
        thread.join(10)
        server.server_close()

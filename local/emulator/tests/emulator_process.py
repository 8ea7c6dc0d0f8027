"""The emulator in a process of its own."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

import boto3

LOCAL = Path(__file__).resolve().parents[2]
DEADLINE_SECONDS = 60
QUEUE = "millrace-dev-batches"


class Emulator:
    """The emulator of a run as a process that can be killed."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self._port = free.getsockname()[1]

    def start(self) -> None:
        environment = os.environ | {
            "PYTHONPATH": str(LOCAL),
            "MILLRACE_QUEUE_FOLDER": str(self._folder / "queues"),
            "MILLRACE_ITEM_FOLDER": str(self._folder / "items"),
            "BIND_HOST": "127.0.0.1",
            "MINISTACK_HOST": "127.0.0.1",
            "GATEWAY_PORT": str(self._port),
            "IOT_MTLS_ENABLED": "0",
            "SFTP_ENABLED": "0",
            "STATE_DIR": str(self._folder / "state"),
            "TMPDIR": str(self._folder),
            "PERSIST_STATE": "1",
        }
        with (self._folder / "log.txt").open("a") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "emulator"], env=environment, stdout=log, stderr=log, cwd=self._folder
            )
        deadline = time.monotonic() + DEADLINE_SECONDS
        while True:
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{self._port}/_ministack/health", timeout=1):
                    return
            except (urllib.error.URLError, OSError):
                assert self.process.poll() is None, (self._folder / "log.txt").read_text()
                assert time.monotonic() < deadline, "the emulator is not ready"
                time.sleep(0.05)

    def end(self, number: int) -> None:
        self.process.send_signal(number)
        self.process.wait(timeout=DEADLINE_SECONDS)

    def save(self) -> int:
        request = urllib.request.Request(f"http://127.0.0.1:{self._port}/_millrace/save", method="POST")
        with urllib.request.urlopen(request, timeout=DEADLINE_SECONDS) as answer:
            return answer.status

    def client(self, service: str) -> Any:
        return boto3.client(
            service,
            endpoint_url=f"http://127.0.0.1:{self._port}",
            region_name="eu-west-1",
            aws_access_key_id="111111111111",
            aws_secret_access_key="emulator",
        )

    def queue(self) -> str:
        return self.client("sqs").create_queue(QueueName=QUEUE)["QueueUrl"]

    def send(self, *bodies: str) -> None:
        self.client("sqs").send_message_batch(
            QueueUrl=self.queue(),
            Entries=[
                {
                    "Id": str(number),
                    "MessageBody": body,
                    "MessageAttributes": {"source": {"DataType": "String", "StringValue": "orders"}},
                }
                for number, body in enumerate(bodies)
            ],
        )

    def receive(self) -> list[dict[str, Any]]:
        return (
            self.client("sqs")
            .receive_message(
                QueueUrl=self.queue(), MaxNumberOfMessages=10, MessageAttributeNames=["All"], VisibilityTimeout=600
            )
            .get("Messages", [])
        )

    def delete(self, message: dict[str, Any]) -> None:
        self.client("sqs").delete_message(QueueUrl=self.queue(), ReceiptHandle=message["ReceiptHandle"])
